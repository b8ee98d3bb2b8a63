package io.liveprofile.feature;

import io.liveprofile.aggregate.AggregateValues;

/**
 * One user as one event left them: what is published as the profile once it is scored.
 *
 * @param userId pseudonym
 * @param version profile version, larger than that of any earlier update of the user
 * @param eventId event that caused the update
 * @param eventTime its event time, ms UTC
 * @param ingestedAt its broker time, ms UTC
 * @param firstSeenAt event time of the user's earliest counted event, ms UTC
 * @param updatedAt event time up to which windows are counted, ms UTC
 * @param events events counted over the user's lifetime
 * @param quarantined events kept out as outliers over the user's lifetime
 * @param values what the aggregates say at {@code updatedAt}
 * @param vector feature vector in the order of the feature schema; NaN = missing
 */
public record UserUpdate(
        String userId,
        long version,
        String eventId,
        long eventTime,
        long ingestedAt,
        long firstSeenAt,
        long updatedAt,
        long events,
        long quarantined,
        AggregateValues values,
        float[] vector) {}
