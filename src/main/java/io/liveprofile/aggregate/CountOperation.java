package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;

/** Number of events. Partial: the count. Exact. */
final class CountOperation extends TiledOperation {
    @Override
    int cells() {
        return 1;
    }

    @Override
    void clear(long[] cells, int at) {
        cells[at] = 0;
    }

    @Override
    void add(long[] cells, int at, BehaviorEvent event) {
        cells[at]++;
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] += other[otherAt];
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return cells[at];
    }

    @Override
    public double whenEmpty() {
        return 0;
    }
}
