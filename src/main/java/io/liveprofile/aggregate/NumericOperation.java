package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.function.ToDoubleFunction;

/** An operation over one numeric field; an event without that number does not take part. */
abstract class NumericOperation<P> extends Operation<P> {
    private final ToDoubleFunction<BehaviorEvent> field;

    NumericOperation(ToDoubleFunction<BehaviorEvent> field) {
        this.field = field;
    }

    @Override
    public final boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    public final boolean add(P partial, BehaviorEvent event) {
        add(partial, field.applyAsDouble(event));
        return true;
    }

    abstract void add(P partial, double value);
}
