package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.function.ToDoubleFunction;

/** An operation over one numeric field; an event without that number does not take part. */
abstract class NumericOperation extends TiledOperation {
    private final ToDoubleFunction<BehaviorEvent> field;

    NumericOperation(ToDoubleFunction<BehaviorEvent> field) {
        this.field = field;
    }

    @Override
    public final boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    final void add(long[] cells, int at, BehaviorEvent event) {
        add(cells, at, field.applyAsDouble(event));
    }

    abstract void add(long[] cells, int at, double value);
}
