package io.liveprofile.feature;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/** Where one number of the vector comes from, before its transform. */
sealed interface FeatureSource {

    /** Statistic number {@code position}; {@code whenEmpty} where it is NaN. */
    record Statistic(int position, double whenEmpty) implements FeatureSource {}

    /** 1 for an event of the type, 0 for others. */
    record TypeIs(EventType type) implements FeatureSource {}

    /** Anything else; NaN = missing. */
    non-sealed interface Computed extends FeatureSource {
        double value(BehaviorEvent event, AggregateValues values);
    }
}
