package io.liveprofile.simulation;

import java.util.Arrays;

/**
 * When which user visits next, in order of time; eight bytes an entry. A long holds 40 bits of ms since the start (34
 * years), one bit for a return visit, 22 bits for the user. Not thread-safe.
 */
final class VisitSchedule {
    private static final int USER_BITS = 22;
    private static final long USER_MASK = (1L << USER_BITS) - 1;
    private static final long RETURN_BIT = 1L << USER_BITS;
    private static final long LAST_OFFSET = (1L << (62 - USER_BITS)) - 1;

    private final long startMillis;
    private long[] heap;
    private int size;

    VisitSchedule(long startMillis, int users) {
        this.startMillis = startMillis;
        this.heap = new long[Math.max(16, users + users / 4)];
    }

    void add(long time, int user, boolean isReturn) {
        long offset = Math.min(time - startMillis, LAST_OFFSET);
        long entry = (offset << (USER_BITS + 1)) | (isReturn ? RETURN_BIT : 0) | user;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = entry;
    }

    /** {@link Long#MAX_VALUE} = empty. */
    long firstTime() {
        return size == 0 ? Long.MAX_VALUE : startMillis + (heap[0] >>> (USER_BITS + 1));
    }

    int firstUser() {
        return (int) (heap[0] & USER_MASK);
    }

    /** Whether the first visit continues an earlier one, and so is no new start of the user's rhythm. */
    boolean isFirstReturn() {
        return (heap[0] & RETURN_BIT) != 0;
    }

    void removeFirst() {
        long entry = heap[--size];
        int at = 0;
        int child;
        while ((child = 2 * at + 1) < size) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= entry) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = entry;
    }
}
