package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.datasketches.hash.MurmurHash3;
import org.apache.datasketches.thetacommon.QuickSelect;

/**
 * Number of distinct values of a field, over any window that ends now, from one sketch: the time at which each value came
 * last, values standing for themselves by a 63-bit hash. A window holds a value if it came last since the window's start.
 * Exact below k values in the window. From k on, the window's k smallest hashes tell how dense the values lie:
 * {@code (k - 1) / (k-th smallest hash as a fraction of all)}, with a relative standard error of at most
 * {@code 1 / sqrt(k - 2)} (k minimum values: Beyer, Haas, Reinwald, Sismanis, Gemulla, "On Synopses for Distinct-Value
 * Estimation Under Multiset Operations", SIGMOD 2007, sec. 4). Rounded to a whole number. An empty text is no value.
 *
 * <p>A value that k newer ones with smaller hashes follow is in no window's k smallest and is forgotten, so the sketch is
 * an all-distances sketch with age as the distance (Cohen, "All-Distances Sketches, Revisited", PODS 2014, sec. 2). It
 * keeps all of up to k values, and about {@code k (1 + ln(n / k))} of n, 16 bytes each; more of values chosen so that
 * their hashes ascend with time. What was forgotten shows in no value, so neither does when.
 */
final class DistinctOperation extends HistoryOperation<DistinctOperation.LastSeen> {
    static final int DEFAULT_K = 1_024;

    private static final long SEED = 0x6c697665L;
    private static final double HASHES = 0x1p63;
    private static final int MIN_CAPACITY = 4;
    private static final int MAX_ESTIMATES = 8;
    private static final int OBJECT_BYTES = 96;

    /** Values in ascending order of the time they came last. */
    static final class LastSeen {
        private long[] hashes = new long[MIN_CAPACITY];
        private long[] times = new long[MIN_CAPACITY];
        private int size;
        /** Of windows of k values or more. Not part of the state. */
        private List<Estimate> estimates = Collections.emptyList();

        /** Position of the first value that came last at {@code since} or later. */
        private int firstFrom(long since) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (times[middle] < since) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** Position of a hash, or -1; from the newest on, as what came lately comes again soonest. */
        private int indexOf(long hash) {
            for (int i = size - 1; i >= 0; i--) {
                if (hashes[i] == hash) {
                    return i;
                }
            }
            return -1;
        }

        private void remove(int index) {
            size--;
            System.arraycopy(hashes, index + 1, hashes, index, size - index);
            System.arraycopy(times, index + 1, times, index, size - index);
        }

        private void insert(long hash, long time) {
            int index = firstFrom(time + 1);
            System.arraycopy(hashes, index, hashes, index + 1, size - index);
            System.arraycopy(times, index, times, index + 1, size - index);
            hashes[index] = hash;
            times[index] = time;
            size++;
        }

        private void keepFrom(int first) {
            size -= first;
            System.arraycopy(hashes, first, hashes, 0, size);
            System.arraycopy(times, first, times, 0, size);
        }

        private void resize(int capacity) {
            hashes = Arrays.copyOf(hashes, capacity);
            times = Arrays.copyOf(times, capacity);
        }
    }

    /** Estimate of one window, which holds until a hash below the window's k-th smallest comes or its start moves on. */
    private record Estimate(long since, long kthSmallest, double distinct) {}

    private final Function<BehaviorEvent, String> field;
    private final int k;

    /** @param k values up to which the number is exact, at least 16 */
    DistinctOperation(Function<BehaviorEvent, String> field, int k) {
        this.field = field;
        this.k = k;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        String value = field.apply(event);
        return value != null && !value.isEmpty();
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    LastSeen create() {
        return new LastSeen();
    }

    @Override
    void add(LastSeen seen, BehaviorEvent event, long since) {
        long time = event.getEventTime();
        long hash = MurmurHash3.hash(field.apply(event).getBytes(StandardCharsets.UTF_8), SEED)[0] >>> 1;
        int known = seen.indexOf(hash);
        if (known >= 0 && seen.times[known] >= time) {
            return;
        }
        long lastTime = known >= 0 ? seen.times[known] : Long.MIN_VALUE;
        if (known >= 0) {
            seen.remove(known);
        } else if (seen.size == seen.hashes.length) {
            makeRoom(seen, since);
        }
        seen.insert(hash, time);
        seen.estimates.removeIf(estimate ->
                hash < estimate.kthSmallest && lastTime < estimate.since && time >= estimate.since);
    }

    @Override
    double number(LastSeen seen, long since, long nowMillis) {
        int values = seen.size - seen.firstFrom(since);
        if (values < k) {
            return values == 0 ? Double.NaN : values;
        }
        for (Estimate estimate : seen.estimates) {
            if (estimate.since == since) {
                return estimate.distinct;
            }
        }
        long kthSmallest = kthSmallestOfNewest(seen, values);
        Estimate estimate = new Estimate(since, kthSmallest, Math.rint((k - 1) / (kthSmallest / HASHES)));
        if (seen.estimates.isEmpty() || seen.estimates.size() == MAX_ESTIMATES) {
            seen.estimates = new ArrayList<>(2);
        }
        seen.estimates.add(estimate);
        return estimate.distinct;
    }

    @Override
    void write(LastSeen seen, long since, Encoder out) throws IOException {
        seen.keepFrom(seen.firstFrom(since));
        forgetDominated(seen);
        out.writeInt(seen.size);
        byte[] hash = new byte[Long.BYTES];
        long previous = 0;
        for (int i = 0; i < seen.size; i++) {
            ByteBuffer.wrap(hash).putLong(seen.hashes[i]);
            out.writeFixed(hash);
            out.writeLong(seen.times[i] - previous);
            previous = seen.times[i];
        }
    }

    @Override
    LastSeen read(int format, Decoder in) throws IOException {
        LastSeen seen = new LastSeen();
        seen.size = in.readInt();
        seen.resize(Math.max(MIN_CAPACITY, seen.size));
        byte[] hash = new byte[Long.BYTES];
        long previous = 0;
        for (int i = 0; i < seen.size; i++) {
            in.readFixed(hash);
            seen.hashes[i] = ByteBuffer.wrap(hash).getLong();
            previous += in.readLong();
            seen.times[i] = previous;
        }
        return seen;
    }

    /** Twice {@code k (1 + ln(n / k))} values for n = 2^32. */
    @Override
    int maxBytes() {
        return (int) (2 * 2 * Long.BYTES * k * (1 + Math.log(0x1p32 / k)));
    }

    @Override
    int memoryBytes(LastSeen seen) {
        return OBJECT_BYTES + seen.hashes.length * 2 * Long.BYTES;
    }

    private void makeRoom(LastSeen seen, long since) {
        seen.keepFrom(seen.firstFrom(since));
        forgetDominated(seen);
        if (seen.size > seen.hashes.length / 4 * 3) {
            seen.resize(seen.hashes.length * 2);
        }
    }

    /** Forgets values that k newer ones with smaller hashes follow; which those are does not depend on when it is done. */
    private void forgetDominated(LastSeen seen) {
        if (seen.size <= k) {
            return;
        }
        PriorityQueue<Long> smallestOfNewer = new PriorityQueue<>(k, Comparator.reverseOrder());
        int kept = seen.size;
        for (int i = seen.size - 1; i >= 0; i--) {
            boolean isFull = smallestOfNewer.size() == k;
            if (!isFull || seen.hashes[i] < smallestOfNewer.peek()) {
                if (isFull) {
                    smallestOfNewer.poll();
                }
                smallestOfNewer.add(seen.hashes[i]);
                kept--;
                seen.hashes[kept] = seen.hashes[i];
                seen.times[kept] = seen.times[i];
            }
        }
        seen.keepFrom(kept);
    }

    private long kthSmallestOfNewest(LastSeen seen, int newest) {
        long[] hashes = Arrays.copyOfRange(seen.hashes, seen.size - newest, seen.size);
        return QuickSelect.select(hashes, 0, newest - 1, k - 1);
    }
}
