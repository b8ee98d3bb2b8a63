package io.liveprofile.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * The event ids one user sent lately, as 64-bit hashes, so that a repeat is told from something new. An id is remembered
 * until the user's event time is more than the dedupe time past it, or until {@code max} newer ones came, whichever is
 * first. Of 1,000 remembered ids, a new one is taken for a repeat with a chance of 1,000 / 2^64.
 *
 * <p>Takes 16 bytes an id in memory, about 11 in state.
 */
public final class RecentIds {
    /** No time. */
    public static final long NEVER = Long.MIN_VALUE;

    private static final long SEED = 0x6c697665L;

    private long[] hashes = new long[4];
    private long[] times = new long[4];
    private int size;
    /** Newest event time of the ids that gave way to newer ones before their time; ids up to it may be forgotten. */
    private long forgottenUpTo = Long.MIN_VALUE;

    /** True when an event of that time could be a repeat that is no longer remembered. */
    public boolean mayHaveForgotten(long eventTime) {
        return eventTime < forgottenUpTo;
    }

    /**
     * Remembers an event's id. This event's own time forgets no other id: it may be one that does not count, and then the
     * user's clock stays where it is.
     *
     * @param clockMillis the user's largest event time before this event; {@link #NEVER} = it is the first
     * @return false when it was remembered already
     */
    public boolean add(String eventId, long eventTime, long clockMillis, long dedupeMillis, int max) {
        long hash = MurmurHash3.hash(eventId.getBytes(StandardCharsets.UTF_8), SEED)[0];
        if (clockMillis != NEVER) {
            remove(oldest(clockMillis - dedupeMillis));
        }
        int old = oldest(Math.max(clockMillis, eventTime) - dedupeMillis);
        for (int i = size - 1; i >= old; i--) {
            if (hashes[i] == hash) {
                return false;
            }
        }
        if (size >= max) {
            forgottenUpTo = Math.max(forgottenUpTo, times[0]);
            remove(1);
        } else if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
            times = Arrays.copyOf(times, size * 2);
        }
        hashes[size] = hash;
        times[size] = eventTime;
        size++;
        return true;
    }

    public int size() {
        return size;
    }

    public int memoryBytes() {
        return hashes.length * 2 * Long.BYTES;
    }

    public void write(Encoder out) throws IOException {
        out.writeLong(forgottenUpTo);
        out.writeInt(size);
        long previous = 0;
        byte[] fixed = new byte[Long.BYTES];
        for (int i = 0; i < size; i++) {
            ByteBuffer.wrap(fixed).putLong(hashes[i]);
            out.writeFixed(fixed);
            out.writeLong(times[i] - previous);
            previous = times[i];
        }
    }

    public static RecentIds read(Decoder in) throws IOException {
        RecentIds ids = new RecentIds();
        ids.forgottenUpTo = in.readLong();
        ids.size = in.readInt();
        ids.hashes = new long[Math.max(4, ids.size)];
        ids.times = new long[Math.max(4, ids.size)];
        long previous = 0;
        byte[] fixed = new byte[Long.BYTES];
        for (int i = 0; i < ids.size; i++) {
            in.readFixed(fixed);
            ids.hashes[i] = ByteBuffer.wrap(fixed).getLong();
            previous = ids.times[i] = previous + in.readLong();
        }
        return ids;
    }

    /** How many from the oldest arrival on lie before {@code minTime}; arrivals are nearly in order of time. */
    private int oldest(long minTime) {
        int old = 0;
        while (old < size && times[old] < minTime) {
            old++;
        }
        return old;
    }

    private void remove(int oldest) {
        if (oldest == 0) {
            return;
        }
        System.arraycopy(hashes, oldest, hashes, 0, size - oldest);
        System.arraycopy(times, oldest, times, 0, size - oldest);
        size -= oldest;
    }
}
