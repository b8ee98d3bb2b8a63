package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;

/**
 * Mean time between successive events in seconds, which is the time from the first to the last over one less than their
 * number; missing below two events. Partial: count, oldest and newest event time. Exact.
 */
final class MeanGapOperation extends TiledOperation {
    private static final int FIRST = 1;
    private static final int LAST = 2;

    @Override
    int cells() {
        return 3;
    }

    @Override
    void clear(long[] cells, int at) {
        cells[at] = 0;
        cells[at + FIRST] = Long.MAX_VALUE;
        cells[at + LAST] = Long.MIN_VALUE;
    }

    @Override
    void add(long[] cells, int at, BehaviorEvent event) {
        cells[at]++;
        cells[at + FIRST] = Math.min(cells[at + FIRST], event.getEventTime());
        cells[at + LAST] = Math.max(cells[at + LAST], event.getEventTime());
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] += other[otherAt];
        cells[at + FIRST] = Math.min(cells[at + FIRST], other[otherAt + FIRST]);
        cells[at + LAST] = Math.max(cells[at + LAST], other[otherAt + LAST]);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return cells[at] < 2 ? Double.NaN : (cells[at + LAST] - cells[at + FIRST]) / 1000.0 / (cells[at] - 1);
    }
}
