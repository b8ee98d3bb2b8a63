package io.liveprofile.feature;

import io.liveprofile.event.BehaviorEvent;

/**
 * A counted event on its way to one of its other keys, and the update that waits for what that key says.
 *
 * @param plan number of the keyed plan
 * @param key the event's key of that plan, not empty
 * @param version of the profile that waits
 */
public record KeyedEvent(int plan, String key, long version, BehaviorEvent event) {

    /** Plan and key as one text, by which the stream is partitioned. */
    public String partition() {
        return (char) ('0' + plan) + key;
    }
}
