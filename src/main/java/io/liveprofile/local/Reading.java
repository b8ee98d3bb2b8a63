package io.liveprofile.local;

/**
 * The job's counters at one moment, summed over subtasks.
 *
 * @param read records of behavior-events read
 * @param profiled events that updated a profile
 * @param profiles profiles published
 * @param coalesced updates that went into a later published profile of the same user
 * @param users users with state
 * @param latencyP99Millis event-to-profile time of the recent profiles, 99th percentile; NaN without one
 * @param release model release that scores; empty = none
 */
public record Reading(
        long read,
        long profiled,
        long late,
        long quarantined,
        long duplicates,
        long deadLetters,
        long profiles,
        long coalesced,
        long users,
        long alerts,
        long scored,
        long unscored,
        double latencyP50Millis,
        double latencyP99Millis,
        String release) {

    static final String LATENCY = "event-to-profile-millis";

    /** What the metrics say now. The outs are read before {@code read}, so that they never exceed it. */
    public static Reading of(LocalMetrics metrics) {
        long profiles = metrics.count("profiles");
        long coalesced = metrics.count("coalesced");
        long profiled = metrics.count("profiled");
        long late = metrics.count("late");
        long quarantined = metrics.count("quarantined");
        long duplicates = metrics.count("duplicates");
        long deadLetters = metrics.count("dead-letters");
        return new Reading(
                metrics.count("read"),
                profiled,
                late,
                quarantined,
                duplicates,
                deadLetters,
                profiles,
                coalesced,
                metrics.count("users"),
                metrics.count("alerts"),
                metrics.count("scored"),
                metrics.count("unscored"),
                metrics.quantile(LATENCY, 0.5),
                metrics.quantile(LATENCY, 0.99),
                metrics.text("release"));
    }

    /** Events that have come to an end: each in exactly one way. */
    public long settled() {
        return profiled + late + quarantined + duplicates + deadLetters;
    }

    /** Accepted updates whose profile has been handed to the broker, alone or within a later one. */
    public long published() {
        return profiles + coalesced;
    }
}
