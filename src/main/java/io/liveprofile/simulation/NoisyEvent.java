package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;

/**
 * One message on its way to behavior-events.
 *
 * @param kind what a pipeline ought to make of it
 * @param userId message key
 * @param event what the message says; null = {@link Kind#MALFORMED}
 * @param message Avro single-object encoding of the event, or bytes that are none
 */
public record NoisyEvent(Kind kind, String userId, BehaviorEvent event, byte[] message) {

    /** Each message is of one kind; a pipeline counts GOOD and DELAYED ones and no others. */
    public enum Kind {
        /** In its place. */
        GOOD,
        /** Good, and behind later events of the stream by no more than the greatest delay. */
        DELAYED,
        /** Says again what a GOOD or DELAYED message said before, under the same event id. */
        DUPLICATE,
        /** Under an id of its own, and behind an earlier message of the same user by the whole lateness. */
        LATE,
        /** Cannot be read. */
        MALFORMED
    }
}
