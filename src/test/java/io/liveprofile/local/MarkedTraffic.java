package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Events, outcomes, repeats, late ones and all kinds of broken messages, each of whose personal data can be told wherever it turns
 * up: every text has {@link #MARK} in it, every address is of {@link #NETWORK}. It goes on until the test has seen what it waits for.
 */
final class MarkedTraffic implements Traffic {
    static final String MARK = "qzmarkqz";
    static final String NETWORK = "203.0.113.";
    static final int USERS = 20;
    /** Kinds of messages, in turn. */
    static final int KINDS = 10;

    private static final long START = 1_750_000_000_000L;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private final long limit;
    private final Callable<Boolean> mayEnd;
    private volatile long sent;

    /**
     * @param limit messages at least
     * @param mayEnd asked from then on each time that every kind was sent once more
     */
    MarkedTraffic(long limit, Callable<Boolean> mayEnd) {
        this.limit = limit;
        this.mayEnd = mayEnd;
    }

    /** Messages so far. */
    long sent() {
        return sent;
    }

    /** Each form in which a text may turn up: as it is, as numbers of its bytes, in hexadecimal. */
    static List<String> traces() {
        byte[] bytes = MARK.getBytes(StandardCharsets.UTF_8);
        String numbers = Arrays.toString(bytes);
        StringBuilder hex = new StringBuilder();
        for (byte each : bytes) {
            hex.append(String.format("%02x", each));
        }
        return List.of(MARK, NETWORK, numbers.substring(1, numbers.length() - 1), hex.toString());
    }

    @Override
    public Message next() throws Exception {
        if (sent >= limit && sent % KINDS == 0 && mayEnd.call()) {
            return null;
        }
        long n = sent;
        sent = n + 1;
        String user = MARK + "-user-" + n / KINDS % USERS;
        long time = START + n * 1_000;
        byte[] value = switch ((int) (n % KINDS)) {
            case 0, 1, 2 -> events.encode(event(n, user, time).setType(EventType.SEARCH).build());
            case 3 -> events.encode(event(n, user, time).setType(EventType.ORDER).build());
            case 4 -> events.encode(event(n - 1, user, time).setType(EventType.ORDER).build());
            case 5 -> events.encode(event(n, user, time - 172_800_000L).build());
            case 6 -> events.encode(event(n, user, time).setAmountMinor(2_000_000_000L).setType(EventType.PAYMENT).build());
            case 7 -> broken(n, user, time);
            case 8 -> null;
            default -> outcomes.encode(new LabeledOutcome(MARK + "-outcome-" + n, user, "fraud", 1.0, time, MARK + "-event-" + (n - 6)));
        };
        boolean isOutcome = n % KINDS == 9;
        return new Message(isOutcome ? Topic.LABELED_OUTCOMES : Topic.BEHAVIOR_EVENTS, user,
                value == null ? (MARK + " no event").getBytes(StandardCharsets.UTF_8) : value, time);
    }

    @Override
    public String description() {
        return "marked traffic";
    }

    private byte[] broken(long n, String user, long time) {
        return switch ((int) (n / KINDS % 5)) {
            case 0 -> events.encode(event(n, " ", time).build());
            case 1 -> events.encode(event(n, user, 1).build());
            case 2 -> events.encode(event(n, user, time).setText(MARK.repeat(2_000)).build());
            case 3 -> events.encode(event(n, user, time).setAmountMinor(-1L).build());
            default -> {
                byte[] whole = events.encode(event(n, user, time).build());
                yield Arrays.copyOf(whole, whole.length - 20);
            }
        };
    }

    private static BehaviorEvent.Builder event(long n, String user, long time) {
        return BehaviorEvent.newBuilder()
                .setEventId(MARK + "-event-" + n)
                .setUserId(user)
                .setEventTime(time)
                .setType(EventType.VIEW)
                .setItemId(MARK + "-item-" + n % 50)
                .setCategoryId(MARK + "-category")
                .setBrand(MARK + "-brand")
                .setAmountMinor(100 + n)
                .setCurrency("EUR")
                .setSessionId(MARK + "-session")
                .setDeviceId(MARK + "-device-" + n % 7)
                .setIp(NETWORK + n % 250)
                .setChannel(MARK + "-channel")
                .setText("red shoes " + MARK)
                .setAttributes(Map.of("merchant", MARK + "-merchant"));
    }
}
