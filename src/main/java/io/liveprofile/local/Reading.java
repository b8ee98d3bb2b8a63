package io.liveprofile.local;

/**
 * The job's counters at one moment, summed over subtasks.
 *
 * @param read records of behavior-events and rows of history files read
 * @param history how many of those were rows of history files
 * @param further what rows became beyond their first event or outcome
 * @param profiled events that updated a profile
 * @param refreshed updates of silent users
 * @param learned updates that outcomes brought about
 * @param profiles profiles published
 * @param coalesced updates that went into a later published profile of the same user
 * @param unpublished updates that could not be written
 * @param users users with state
 * @param latencyP99Millis event-to-profile time of the recent profiles, 99th percentile; NaN without one
 * @param release model release that scores; empty = none
 * @param examples that the training job judged or learned from
 * @param releases that it made
 */
public record Reading(
        long read,
        long history,
        long further,
        long profiled,
        long refreshed,
        long learned,
        long late,
        long quarantined,
        long duplicates,
        long deadLetters,
        long skipped,
        long outsideBackfill,
        long outcomes,
        long profiles,
        long coalesced,
        long unpublished,
        long users,
        long alerts,
        long scored,
        long unscored,
        double latencyP50Millis,
        double latencyP99Millis,
        String release,
        long examples,
        long releases) {

    static final String LATENCY = "event-to-profile-millis";

    /** Before anything was read. */
    static final Reading NOTHING = new Reading(
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Double.NaN, Double.NaN, "", 0, 0);

    /** What the metrics say now. The outs are read before the ins, so that they never exceed them. */
    public static Reading of(JobMetrics metrics) {
        long profiles = metrics.count("profiles");
        long coalesced = metrics.count("coalesced");
        long unpublished = metrics.count("unpublished");
        long profiled = metrics.count("profiled");
        long refreshed = metrics.count("refreshed");
        long learned = metrics.count("learned");
        long late = metrics.count("late");
        long quarantined = metrics.count("quarantined");
        long duplicates = metrics.count("duplicates");
        long deadLetters = metrics.count("dead-letters");
        long skipped = metrics.count("skipped");
        long outsideBackfill = metrics.count("outside-backfill");
        long outcomes = metrics.count("outcomes");
        return new Reading(
                metrics.count("read"),
                metrics.count("history"),
                metrics.count("further"),
                profiled,
                refreshed,
                learned,
                late,
                quarantined,
                duplicates,
                deadLetters,
                skipped,
                outsideBackfill,
                outcomes,
                profiles,
                coalesced,
                unpublished,
                metrics.count("users"),
                metrics.count("alerts"),
                metrics.count("scored"),
                metrics.count("unscored"),
                metrics.quantile(LATENCY, 0.5),
                metrics.quantile(LATENCY, 0.99),
                metrics.text("release"),
                metrics.count("examples-trained"),
                metrics.count("releases") + metrics.count("rollbacks"));
    }

    /** Records of behavior-events read. */
    public long live() {
        return read - history;
    }

    /** What was read: events, outcomes, dead letters and skipped rows. */
    public long decoded() {
        return read + further;
    }

    /** How much of that has come to an end: each in exactly one way. */
    public long settled() {
        return profiled + late + quarantined + duplicates + deadLetters + skipped + outsideBackfill + outcomes;
    }

    /** Updates that become profiles. */
    public long updated() {
        return profiled + refreshed + learned;
    }

    /** Updates whose profile has been handed to the broker, alone or within a later one, or cannot be. */
    public long published() {
        return profiles + coalesced + unpublished;
    }
}
