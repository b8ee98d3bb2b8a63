package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.simulation.NoisyEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The events of a stream as a careless sender would send them, each with the kind that says what ought to become of it.
 * Every event of the source comes exactly once as GOOD or DELAYED, and everything else comes on top. Outcomes are left
 * out. Equal sources and mixes give equal messages. Ends when the source ends. Not thread-safe.
 */
public final class NoisyEvents implements Iterator<NoisyEvent> {
    private final Iterator<? extends Simulated> source;
    private final NoiseMix mix;
    private final Dice dice;
    private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
    private final TimeHeap<NoisyEvent> held = new TimeHeap<>();
    private final ArrayDeque<NoisyEvent> due = new ArrayDeque<>();
    private long extras;

    public NoisyEvents(Iterator<? extends Simulated> source, NoiseMix mix) {
        this.source = source;
        this.mix = mix;
        this.dice = new Dice(Dice.hash(mix.seed(), 0x4E4F_4953L));
    }

    @Override
    public boolean hasNext() {
        fill();
        return !due.isEmpty();
    }

    /** @throws NoSuchElementException when the source has ended and nothing is held back */
    @Override
    public NoisyEvent next() {
        fill();
        if (due.isEmpty()) {
            throw new NoSuchElementException("The source has ended");
        }
        return due.poll();
    }

    private void fill() {
        while (due.isEmpty()) {
            BehaviorEvent event = nextOfSource();
            releaseBefore(event == null ? Long.MAX_VALUE : event.getEventTime());
            if (event == null) {
                return;
            }
            send(event);
        }
    }

    private BehaviorEvent nextOfSource() {
        while (source.hasNext()) {
            if (source.next() instanceof SimulatedEvent simulated) {
                return simulated.event();
            }
        }
        return null;
    }

    private void releaseBefore(long time) {
        while (held.firstTime() < time) {
            due.add(held.removeFirst());
        }
    }

    private void send(BehaviorEvent event) {
        byte[] message = codec.encode(event);
        String userId = event.getUserId();
        long sentAt = event.getEventTime();
        if (dice.chance(mix.delayed())) {
            sentAt += delay();
            held.add(sentAt, new NoisyEvent(Kind.DELAYED, userId, event, message));
        } else {
            due.add(new NoisyEvent(Kind.GOOD, userId, event, message));
            if (dice.chance(mix.late())) {
                due.add(late(event));
            }
        }
        if (dice.chance(mix.duplicates())) {
            long latest = event.getEventTime() + mix.maxDelay().toMillis();
            long again = sentAt + 1 + dice.below((int) Math.min(Integer.MAX_VALUE, latest - sentAt));
            held.add(again, new NoisyEvent(Kind.DUPLICATE, userId, event, message));
        }
        if (dice.chance(mix.malformed())) {
            due.add(new NoisyEvent(Kind.MALFORMED, userId, null, broken(message)));
        }
    }

    private NoisyEvent late(BehaviorEvent event) {
        BehaviorEvent late = BehaviorEvent.newBuilder(event)
                .setEventId(event.getEventId() + "-late" + extras++)
                .setEventTime(event.getEventTime() - mix.lateBy().toMillis())
                .build();
        return new NoisyEvent(Kind.LATE, event.getUserId(), late, codec.encode(late));
    }

    /** Leaves room for a duplicate between the event and the greatest delay. */
    private long delay() {
        return 1 + dice.below((int) Math.min(Integer.MAX_VALUE, mix.maxDelay().toMillis() - 1));
    }

    private byte[] broken(byte[] message) {
        return switch (dice.below(4)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(message, 10 + dice.below(message.length - 10));
            case 2 -> {
                byte[] unknownSchema = message.clone();
                unknownSchema[2 + dice.below(8)] ^= 0x55;
                yield unknownSchema;
            }
            default -> "{\"user\": \"not an event".getBytes(StandardCharsets.UTF_8);
        };
    }
}
