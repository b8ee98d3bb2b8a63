package io.liveprofile.profile;

import io.liveprofile.anomaly.OutlierConfig;
import io.liveprofile.config.ConfigException;
import io.liveprofile.config.Durations;
import java.io.Serializable;
import java.time.Duration;

/**
 * Settings of the stages that update a user.
 *
 * @param dedupe how long an event id is remembered, in the user's event time
 * @param dedupeMaxIds most ids remembered a user, 1 to 100,000
 * @param allowedLateness how far an event may lie before the user's newest one and still be counted
 * @param outliers limits of the outlier filter
 * @param refresh how long a user is silent before his profile is published anew, and again as each longer window empties
 *     ({@link RefreshSchedule}); zero = never
 * @param outcomeMemory how long the other keys of an event are remembered for its outcome, in the user's event time, and
 *     how long the id of an outcome, at least as long as those of events
 * @param outcomeMemoryEvents most events a user for which they are, 0 to 100,000
 * @param alertSuppression how long repeats of an alert are counted instead of sent
 */
public record ProfilerConfig(
        Duration dedupe,
        int dedupeMaxIds,
        Duration allowedLateness,
        OutlierConfig outliers,
        Duration refresh,
        Duration outcomeMemory,
        int outcomeMemoryEvents,
        Duration alertSuppression)
        implements Serializable {
    private static final Duration MIN_REFRESH = Duration.ofMinutes(1);

    public ProfilerConfig {
        if (dedupeMaxIds < 1 || dedupeMaxIds > 100_000) {
            throw new ConfigException("dedupe.max-ids = '" + dedupeMaxIds + "': must be from 1 to 100000");
        }
        if (dedupe.compareTo(allowedLateness) < 0) {
            throw new ConfigException("dedupe.window = '" + Durations.format(dedupe) + "': must be at least late.allowed ("
                    + Durations.format(allowedLateness) + "), or a repeat within the lateness would be counted again");
        }
        if (refresh.isNegative() || !refresh.isZero() && refresh.compareTo(MIN_REFRESH) < 0) {
            throw new ConfigException("profile.refresh = '" + Durations.format(refresh) + "': must be 0 s or at least "
                    + Durations.format(MIN_REFRESH));
        }
        if (outcomeMemoryEvents < 0 || outcomeMemoryEvents > 100_000) {
            throw new ConfigException("outcomes.max-events = '" + outcomeMemoryEvents + "': must be from 0 to 100000");
        }
        if (alertSuppression.isZero() || alertSuppression.isNegative()) {
            throw new ConfigException("risk.suppression = '" + alertSuppression + "': must be above 0");
        }
    }
}
