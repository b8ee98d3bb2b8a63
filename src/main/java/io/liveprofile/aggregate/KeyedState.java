package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import java.io.IOException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Everything the job remembers of one key that is no user, such as a device. Its windows end at the newest event of the key,
 * whoever made it.
 */
public final class KeyedState {
    /** Format 2: newest event time, time of the last touch after it, aggregates. Format 1 had no touch. */
    private static final int FORMAT = 2;

    private static final int FIRST_FORMAT = 1;

    private static final long NEVER = Long.MIN_VALUE;
    private static final int OBJECT_BYTES = 160;

    private long newestAt = NEVER;
    /** Largest event time that the stream had reached when an event came, {@link #newestAt} at least. */
    private long touchedAt = NEVER;
    private UserAggregates aggregates;

    public KeyedState(AggregatePlan plan) {
        this.aggregates = new UserAggregates(plan);
    }

    /** Counts an event of the key. */
    public void add(BehaviorEvent event) {
        add(event, event.getEventTime());
    }

    /**
     * Counts an event of the key.
     *
     * @param reachedMillis event time that the stream has reached, which may be far ahead of the event's
     */
    public void add(BehaviorEvent event, long reachedMillis) {
        newestAt = Math.max(newestAt, event.getEventTime());
        touchedAt = Math.max(touchedAt, Math.max(newestAt, reachedMillis));
        aggregates.add(event, newestAt);
    }

    /** What the aggregates say after the last event; NaN = nothing. */
    public double[] numbers() {
        return aggregates.read(newestAt).statistics();
    }

    /** Largest event time that the stream had reached when an event came, that of the newest event at least; ms UTC. */
    public long touchedAt() {
        return touchedAt;
    }

    /** True until the first event. */
    public boolean isNew() {
        return newestAt == NEVER;
    }

    /** How many conditions had no value since this was asked before. */
    public int takeFailedExpressions() {
        return aggregates.takeFailedExpressions();
    }

    /** Bytes of memory it takes, roughly. */
    public int memoryBytes() {
        return OBJECT_BYTES + aggregates.memoryBytes();
    }

    public byte[] toBytes() {
        try {
            ByteArrayEncoder out = new ByteArrayEncoder();
            out.writeInt(FORMAT);
            out.writeLong(newestAt);
            out.writeLong(touchedAt - newestAt);
            aggregates.write(out, newestAt);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
    }

    /**
     * Reads what {@link #toBytes} wrote; aggregates that {@code plan} no longer has are dropped, new ones start empty.
     *
     * @throws IllegalStateException when the bytes are of a format this version does not know
     */
    public static KeyedState fromBytes(AggregatePlan plan, byte[] bytes) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
            int format = in.readInt();
            if (format < FIRST_FORMAT || format > FORMAT) {
                throw new IllegalStateException("Keyed state of format " + format + "; this version reads "
                        + FIRST_FORMAT + " to " + FORMAT);
            }
            KeyedState state = new KeyedState(plan);
            state.newestAt = in.readLong();
            state.touchedAt = state.newestAt + (format == FIRST_FORMAT ? 0 : in.readLong());
            state.aggregates = UserAggregates.read(plan, new PlanHistory(), state.newestAt, in);
            return state;
        } catch (IOException e) {
            throw new IllegalStateException("Keyed state cannot be read", e);
        }
    }
}
