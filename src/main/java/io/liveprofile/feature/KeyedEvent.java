package io.liveprofile.feature;

import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.event.BehaviorEvent;

/**
 * A counted event on its way to one of its other keys, and the update that waits for what that key says.
 *
 * @param plan number of the keyed plan
 * @param partition name and key of the plan as one text, by which the stream is partitioned ({@link KeyedPlan#partitionOf})
 * @param version of the profile that waits, or {@link #NOBODY_WAITS}
 */
public record KeyedEvent(int plan, String partition, long version, BehaviorEvent event) {

    /** Stands for the version when there is no answer to send. */
    public static final long NOBODY_WAITS = -1;
}
