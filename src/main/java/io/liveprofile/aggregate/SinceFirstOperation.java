package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;

/** Seconds from the oldest event to now, at least 0. Partial: the oldest event time. Exact. */
final class SinceFirstOperation extends TiledOperation {
    @Override
    boolean movesWithTime() {
        return true;
    }

    @Override
    int cells() {
        return 1;
    }

    @Override
    void clear(long[] cells, int at) {
        cells[at] = Long.MAX_VALUE;
    }

    @Override
    void add(long[] cells, int at, BehaviorEvent event) {
        cells[at] = Math.min(cells[at], event.getEventTime());
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] = Math.min(cells[at], other[otherAt]);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return Math.max(0, nowMillis - cells[at]) / 1000.0;
    }
}
