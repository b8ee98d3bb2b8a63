package io.liveprofile.inference;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.feature.UserUpdate;
import java.util.List;
import java.util.Map;

/** Updates that differ in what a test looks at. */
public final class TestingUpdates {
    private TestingUpdates() {}

    public static UserUpdate of(long version, float... vector) {
        return new UserUpdate("user-" + version % 3, version, "event-" + version, 1_000 + version, 2_000 + version, 500,
                1_000 + version, version, 0, new AggregateValues(new double[0], List.of(), List.of()), vector);
    }

    /** Every field filled, with missing numbers and empty lists among them. */
    public static UserUpdate full() {
        return new UserUpdate("user-é", Long.MAX_VALUE, "event-1", -1, 2, 3, 4, 5, 6,
                new AggregateValues(
                        new double[] {1.5, Double.NaN, Double.NEGATIVE_INFINITY},
                        List.of(List.of("b", "a"), List.of()),
                        List.of(Map.of(), Map.of("shoes", 0.75, "hats", 0.25))),
                new float[] {Float.NaN, -0f, Float.MAX_VALUE});
    }
}
