package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;

/** Seconds from the oldest or the newest event to now, at least 0. Partial: that event's time. Exact. */
final class SinceOperation extends TiledOperation {
    private final boolean isLast;

    private SinceOperation(boolean isLast) {
        this.isLast = isLast;
    }

    static SinceOperation first() {
        return new SinceOperation(false);
    }

    static SinceOperation last() {
        return new SinceOperation(true);
    }

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
        cells[at] = isLast ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    void add(long[] cells, int at, BehaviorEvent event) {
        choose(cells, at, event.getEventTime());
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        choose(cells, at, other[otherAt]);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return Math.max(0, nowMillis - cells[at]) / 1000.0;
    }

    private void choose(long[] cells, int at, long time) {
        cells[at] = isLast ? Math.max(cells[at], time) : Math.min(cells[at], time);
    }
}
