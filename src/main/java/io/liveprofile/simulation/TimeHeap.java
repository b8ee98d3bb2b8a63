package io.liveprofile.simulation;

import java.util.Arrays;

/** Values in order of their time; ties come in an order that depends on the calls alone. Not thread-safe. */
final class TimeHeap<T> {
    private long[] times = new long[64];
    private Object[] values = new Object[64];
    private int size;

    /** Time of the first value; {@link Long#MAX_VALUE} = empty. */
    long firstTime() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    @SuppressWarnings("unchecked")
    T first() {
        return (T) values[0];
    }

    void add(long time, T value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (times[parent] <= time) {
                break;
            }
            times[at] = times[parent];
            values[at] = values[parent];
            at = parent;
        }
        times[at] = time;
        values[at] = value;
    }

    T removeFirst() {
        T first = first();
        long time = times[--size];
        Object value = values[size];
        values[size] = null;
        if (size > 0) {
            sink(time, value);
        }
        return first;
    }

    /** Gives the first value a new time. */
    void moveFirst(long time) {
        sink(time, values[0]);
    }

    private void sink(long time, Object value) {
        int at = 0;
        int child;
        while ((child = 2 * at + 1) < size) {
            if (child + 1 < size && times[child + 1] < times[child]) {
                child++;
            }
            if (times[child] >= time) {
                break;
            }
            times[at] = times[child];
            values[at] = values[child];
            at = child;
        }
        times[at] = time;
        values[at] = value;
    }
}
