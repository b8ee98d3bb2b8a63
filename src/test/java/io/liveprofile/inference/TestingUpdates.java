package io.liveprofile.inference;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.UserUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Updates that differ in what a test looks at. */
public final class TestingUpdates {
    private TestingUpdates() {}

    public static UserUpdate of(long version, float... vector) {
        return new UserUpdate(UserUpdate.Cause.EVENT, "user-" + version % 3, version, "event-" + version, EventType.VIEW, 1_000 + version, 2_000 + version, 500,
                1_000 + version, version, 0, Map.of(), 0, new AggregateValues(new double[0], new TextList[0], new NumbersByKey[0]), vector);
    }

    /** Every field filled, with missing numbers and empty lists among them. */
    public static UserUpdate full() {
        return new UserUpdate(UserUpdate.Cause.CORRECTION, "user-é", Long.MAX_VALUE, "event-1", EventType.REFUND, -1, 2, 3, 4, 5, 6, Map.of("views_1d", -7L), 5,
                new AggregateValues(
                        new double[] {1.5, Double.NaN, Double.NEGATIVE_INFINITY},
                        new TextList[] {TextList.of(List.of("b", "a")), TextList.EMPTY},
                        new NumbersByKey[] {NumbersByKey.EMPTY, NumbersByKey.of(new TreeMap<>(Map.of("shoes", 0.75, "hats", 0.25)))},
                        new NumbersByKey[] {NumbersByKey.of(Map.of("*", -1e9)), NumbersByKey.EMPTY},
                        new float[][] {{}, {1, Float.NaN}}),
                new float[] {Float.NaN, -0f, Float.MAX_VALUE});
    }
}
