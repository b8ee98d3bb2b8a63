package io.liveprofile.benchmark;

import java.util.Arrays;

/**
 * Times of many rows in little room, each known to a 64th of itself or better; the longest one exactly. Adding allocates
 * nothing. Not thread-safe.
 */
final class Latencies {
    /** Buckets a power of two. */
    private static final int FINENESS = 64;
    private static final int FINENESS_BITS = 6;

    private final long[] counts = new long[(Long.SIZE - FINENESS_BITS) * FINENESS];
    private long count;
    private long longest;

    void clear() {
        Arrays.fill(counts, 0);
        count = 0;
        longest = 0;
    }

    /** @param nanos less than 0 counts as 0 */
    void add(long nanos) {
        long time = Math.max(0, nanos);
        counts[bucket(time)]++;
        count++;
        longest = Math.max(longest, time);
    }

    long count() {
        return count;
    }

    /**
     * The time in which that share of the rows was done, the upper end of its bucket; at least one time was added.
     *
     * @param share above 0, at most 1
     */
    long quantileNanos(double share) {
        long rank = (long) Math.ceil(share * count);
        long sum = 0;
        int bucket = -1;
        while (sum < rank) {
            sum += counts[++bucket];
        }
        return Math.min(longest, upperEnd(bucket));
    }

    long longestNanos() {
        return longest;
    }

    /** Below 64 each number has its bucket, above it each power of two has 64 buckets. */
    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - FINENESS_BITS - 1 - Long.numberOfLeadingZeros(nanos));
        return shift * FINENESS + (int) (nanos >>> shift);
    }

    private static long upperEnd(int bucket) {
        if (bucket < 2 * FINENESS) {
            return bucket;
        }
        int shift = bucket / FINENESS - 1;
        long mantissa = bucket - (long) shift * FINENESS;
        return ((mantissa + 1) << shift) - 1;
    }
}
