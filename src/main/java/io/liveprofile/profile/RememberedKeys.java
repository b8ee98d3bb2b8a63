package io.liveprofile.profile;

import io.liveprofile.aggregate.KeyedPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * The other keys of a user's events, so that an outcome, which knows only its event, finds the device, item or merchant it
 * is about. An event is forgotten when it is older than the time to remember, or when {@code max} newer ones came.
 *
 * <p>Takes a hash, a time and the keys of an event; nothing where no aggregate of another key counts outcomes.
 */
final class RememberedKeys {
    private static final long SEED = 0x6b657973L;
    private static final int EVENT_BYTES = 80;
    private static final int REFERENCE_BYTES = 4;
    private static final int TEXT_BYTES = 48;

    /** @param keys by keyed plan; null = the event had none */
    private record Remembered(long hash, long time, String[] keys) {}

    /** In order of arrival. */
    private final Deque<Remembered> events = new ArrayDeque<>(0);

    void add(String eventId, long eventTime, String[] keys, long since, int max) {
        while (!events.isEmpty() && (events.size() >= max || events.peekFirst().time() < since)) {
            events.removeFirst();
        }
        events.addLast(new Remembered(hash(eventId), eventTime, keys));
    }

    /** The keys of an event, by keyed plan; null when it is not remembered. */
    String[] of(String eventId) {
        long hash = hash(eventId);
        Iterator<Remembered> newestFirst = events.descendingIterator();
        while (newestFirst.hasNext()) {
            Remembered event = newestFirst.next();
            if (event.hash() == hash) {
                return event.keys();
            }
        }
        return null;
    }

    int memoryBytes() {
        int bytes = 0;
        for (Remembered event : events) {
            bytes += EVENT_BYTES;
            for (String key : event.keys()) {
                bytes += REFERENCE_BYTES + (key == null ? 0 : TEXT_BYTES + key.length());
            }
        }
        return bytes;
    }

    void write(List<KeyedPlan> plans, Encoder out) throws IOException {
        out.writeInt(events.size());
        for (Remembered event : events) {
            out.writeLong(event.hash());
            out.writeLong(event.time());
            for (KeyedPlan plan : plans) {
                String key = event.keys()[plan.number()];
                if (key != null) {
                    out.writeString(plan.name());
                    out.writeString(key);
                }
            }
            out.writeString("");
        }
    }

    /** Reads what {@link #write} wrote; keys that are no longer declared are dropped. */
    static RememberedKeys read(List<KeyedPlan> plans, Decoder in) throws IOException {
        RememberedKeys remembered = new RememberedKeys();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            long hash = in.readLong();
            long time = in.readLong();
            String[] keys = new String[plans.size()];
            for (String name = in.readString(); !name.isEmpty(); name = in.readString()) {
                String key = in.readString();
                for (KeyedPlan plan : plans) {
                    if (plan.name().equals(name)) {
                        keys[plan.number()] = key;
                    }
                }
            }
            remembered.events.addLast(new Remembered(hash, time, keys));
        }
        return remembered;
    }

    private static long hash(String eventId) {
        return MurmurHash3.hash(eventId.getBytes(StandardCharsets.UTF_8), SEED)[0];
    }
}
