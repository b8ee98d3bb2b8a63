package io.liveprofile.feature;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.event.EventType;
import java.util.Map;

/**
 * One user as one event, or time alone, left them: what is published as the profile once it is scored.
 *
 * @param cause what brought it about
 * @param userId pseudonym
 * @param version profile version, larger than that of any earlier update of the user
 * @param eventId event that caused the update; without one the last before it
 * @param eventType its type; without one {@code UNKNOWN}
 * @param eventTime its event time, ms UTC; without one {@code updatedAt}
 * @param ingestedAt its broker time, ms UTC
 * @param firstSeenAt event time of the user's earliest counted event, ms UTC
 * @param updatedAt event time up to which windows are counted, ms UTC
 * @param events events counted over the user's lifetime
 * @param quarantined events kept out as outliers over the user's lifetime
 * @param countsSince event time from which statistics count that are younger than the user, by name, ms UTC
 * @param awaitedKeys one bit for each keyed plan for which the event has a key, whose numbers are still to come
 * @param values what the aggregates say at {@code updatedAt}
 * @param vector feature vector in the order of the feature schema; NaN = missing
 */
public record UserUpdate(
        Cause cause,
        String userId,
        long version,
        String eventId,
        EventType eventType,
        long eventTime,
        long ingestedAt,
        long firstSeenAt,
        long updatedAt,
        long events,
        long quarantined,
        Map<String, Long> countsSince,
        int awaitedKeys,
        AggregateValues values,
        float[] vector) {

    /** What brought an update about. Order and names are part of the wire format between operators. */
    public enum Cause {
        /** The user's newest event. */
        EVENT,
        /** An event that came after newer ones of the user and repaired windows that were told of before. */
        CORRECTION,
        /** Time: the user was silent and windows emptied. */
        REFRESH,
        /** Something proved true of the user or one of his events. */
        OUTCOME
    }

    /** The same with everything that was awaited. */
    UserUpdate completed(AggregateValues completedValues, float[] completedVector) {
        return new UserUpdate(cause, userId, version, eventId, eventType, eventTime, ingestedAt, firstSeenAt, updatedAt, events,
                quarantined, countsSince, 0, completedValues, completedVector);
    }

    /** What a score of this update is known by; the same again after a failure. */
    public String predictionId() {
        return userId + ":" + version;
    }

    public boolean isCorrection() {
        return cause == Cause.CORRECTION;
    }

    /** Whether the user did something, so that there is an event to judge. */
    public boolean isOfAnEvent() {
        return cause == Cause.EVENT || cause == Cause.CORRECTION;
    }

    public boolean isRefresh() {
        return cause == Cause.REFRESH;
    }
}
