package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Another operation's statistic by key: the {@code size} keys with the most events, those first, and the rest under
 * {@code *}. Exact while a window holds at most four times {@code size} keys ({@link GroupingOperation}).
 */
final class GroupByOperation extends GroupingOperation {
    private static final int KEPT = 4;

    private final int size;

    GroupByOperation(TiledOperation inner, Function<BehaviorEvent, String> key, int size) {
        super(inner, key, size * KEPT);
        this.size = size;
    }

    @Override
    public Kind kind() {
        return Kind.BREAKDOWN;
    }

    @Override
    public double whenEmpty() {
        return innerWhenEmpty();
    }

    @Override
    NumbersByKey breakdown(Groups groups, long nowMillis) {
        int[] order = groups.heaviestFirst().toArray();
        if (order.length > size) {
            groups = copyWithRest(groups, order);
        }
        List<String> keys = new ArrayList<>();
        double[] numbers = new double[Math.min(order.length, size) + 1];
        for (int i = 0; i < order.length && i < size; i++) {
            double number = number(groups, order[i], nowMillis);
            if (!Double.isNaN(number)) {
                numbers[keys.size()] = number;
                keys.add(groups.keys[order[i]]);
            }
        }
        double rest = rest(groups, nowMillis);
        if (!Double.isNaN(rest)) {
            numbers[keys.size()] = rest;
            keys.add(REST);
        }
        return NumbersByKey.of(keys, numbers);
    }

    private Groups copyWithRest(Groups groups, int[] order) {
        Groups copy = create();
        merge(copy, groups);
        for (int i = size; i < order.length; i++) {
            addToRest(copy, order[i]);
        }
        return copy;
    }
}
