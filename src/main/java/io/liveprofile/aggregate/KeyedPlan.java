package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.function.Function;

/**
 * The aggregates that features.yaml declares for a key other than the user, such as a device or an item. What they say of
 * an event's own key stands among the user's statistics from {@code position} on.
 */
public final class KeyedPlan {
    private static final char SEPARATOR = ':';

    private final String name;
    private final Function<BehaviorEvent, String> key;
    private final AggregatePlan plan;
    private final int number;
    private final int position;

    /**
     * @param name of the field that is the key, such as {@code deviceId}
     * @param plan its aggregates, all of which give numbers
     * @param number among the keyed plans of a user's plan
     * @param position of its first number among the user's statistics
     */
    KeyedPlan(String name, Function<BehaviorEvent, String> key, AggregatePlan plan, int number, int position) {
        this.name = name;
        this.key = key;
        this.plan = plan;
        this.number = number;
        this.position = position;
    }

    public String name() {
        return name;
    }

    public AggregatePlan plan() {
        return plan;
    }

    /** Whether the outcomes of events count for their key. */
    public boolean countsOutcomes() {
        return plan.countsOutcomes();
    }

    public int number() {
        return number;
    }

    int position() {
        return position;
    }

    /**
     * The key with the plan's name before it. State lives under it, so it stays the same whatever other keys are declared or
     * taken away.
     */
    public String partitionOf(String key) {
        return name + SEPARATOR + key;
    }

    /** Name of the plan that made a partition. */
    public static String nameIn(String partition) {
        return partition.substring(0, partition.indexOf(SEPARATOR));
    }

    /** The event's key, at most 256 characters; null = it has none. */
    public String keyOf(BehaviorEvent event) {
        String value = key.apply(event);
        return value == null || value.isEmpty() ? null : TextList.shortened(value);
    }
}
