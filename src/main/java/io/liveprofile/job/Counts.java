package io.liveprofile.job;

/**
 * Names of the counts, which are metric names: never renamed. A record read is one event, outcome, dead letter or skipped
 * row, and {@code further} ones where a mapping makes several of a row; each ends in exactly one of the first eight.
 */
public final class Counts {
    public static final String DEAD_LETTERS = "dead-letters";
    public static final String DUPLICATES = "duplicates";
    public static final String LATE = "late";
    public static final String QUARANTINED = "quarantined";
    /** Of dead letters, quarantined events and outcomes' dead letters each reason, as labels; since the task began. */
    public static final String DROPPED = "dropped";
    /** Rows that their mapping leaves out. */
    public static final String SKIPPED = "skipped";
    /** Events and outcomes of the history from backfill.until on, and of the topic before it: the other side counts them. */
    public static final String OUTSIDE_BACKFILL = "outside-backfill";
    /** Labelled outcomes of rows, sent to labeled-outcomes. */
    public static final String OUTCOMES = "outcomes";
    /** Events that gave their user a new profile version. */
    public static final String PROFILED = "profiled";

    /** Of these, the ones that came after newer events of their user. */
    public static final String CORRECTIONS = "corrections";
    /** Versions that no event brought about: profiles of silent users whose windows emptied. */
    public static final String REFRESHED = "refreshed";
    /** Records read from labeled-outcomes: learned, repeated, or dead letters of their own count. */
    public static final String OUTCOMES_READ = "outcomes-read";
    public static final String OUTCOME_DEAD_LETTERS = "outcome-dead-letters";
    public static final String REPEATED_OUTCOMES = "repeated-outcomes";
    /** Outcomes that gave their user a new profile version. */
    public static final String LEARNED = "learned";
    /** Of these, the ones about an event whose other keys are not remembered. */
    public static final String UNMATCHED_OUTCOMES = "unmatched-outcomes";
    /** Conditions and formulas that had no value for an event or a user. */
    public static final String FAILED_EXPRESSIONS = "failed-expressions";

    /** Records read from behavior-events and rows read from history files. */
    public static final String READ = "read";
    /** How many of those were rows of history files. */
    public static final String HISTORY = "history";
    /** What rows became beyond their first event or outcome. */
    public static final String FURTHER = "further";
    /** Users seen for the first time. */
    public static final String USERS = "users";
    public static final String ALERTS = "alerts";
    /** Events counted for another key than their user, such as their device, once a key. */
    public static final String KEYED = "keyed";
    /** Such keys seen for the first time, or again after they were forgotten. */
    public static final String KEYS = "keys";
    /** Times that a key's state was found in memory, and read from the state backend or new; since the task began. */
    public static final String HOT_HITS = "hot-hits";
    public static final String HOT_MISSES = "hot-misses";
    /**
     * Profiles sent to the sink; {@code profiled}, {@code refreshed} and {@code learned} less {@code coalesced} and
     * {@code unpublished}.
     */
    public static final String PROFILES = "profiles";
    /** Profile versions replaced by a newer one before they were sent. */
    public static final String COALESCED = "coalesced";
    /** Profile versions that could not be written: domain code threw, or the topic does not take so many bytes. */
    public static final String UNPUBLISHED = "unpublished";
    /** Histogram: broker time of an event to the sending of the profile it changed, milliseconds. */
    public static final String LATENCY = "event-to-profile-millis";

    /** Events, outcomes and vectors on which domain code threw: kept out, and left no trace in the state. */
    public static final String SET_ASIDE = "set-aside";

    /** Training job: scored vectors read; each waits, is not judged, late, a repeat, of another feature schema, or set aside. */
    public static final String VECTORS = "vectors";
    public static final String WAITED = "vectors-waited";
    public static final String NOT_JUDGED = "vectors-not-judged";
    /** Vectors that came when their label may have come and gone. */
    public static final String LATE_VECTORS = "vectors-late";
    /** Vectors of other features than the model takes, by hash or by length. */
    public static final String OTHER_SCHEMA = "vectors-of-other-schema";
    /** Vectors that wait already: a failure of the profile job has repeated them. */
    public static final String REPEATED_VECTORS = "vectors-repeated";
    /** Vectors for which there was no room beside those of their user that wait. */
    public static final String CROWDED_OUT = "vectors-crowded-out";
    /** Records of behavior-events and labeled-outcomes that could not be read; since the task began. */
    public static final String FACTS_BROKEN = "label-facts-broken";
    /** Events and outcomes that may decide a label. */
    public static final String LABEL_FACTS = "label-facts";
    /** Of these, the ones behind event time: they decide what is undecided still. */
    public static final String LATE_FACTS = "label-facts-late";
    /** Of label facts, the ones let go of because too many of their user waited: what they decide stays unknown. */
    public static final String CROWDED_FACTS = "label-facts-crowded-out";
    public static final String EXAMPLES = "examples";
    /** Of these, the ones with a positive label. */
    public static final String POSITIVES = "examples-positive";
    /** Examples that the model was judged by or learned from. */
    public static final String TRAINED = "examples-trained";
    /** Examples of other features or heads than the model's: from before a change of features.yaml or model.yaml. */
    public static final String OTHER_EXAMPLES = "examples-of-other-schema";
    /** Gauge: share of the vectors that are judged and learned. */
    public static final String TAKEN_SHARE = "examples-share";
    /** Gauge: examples that the trainer has, and whose time has not come to be judged or learned. */
    public static final String EXAMPLES_WAITING = "examples-waiting";
    public static final String GATE_TRIES = "gate-tries";
    public static final String RELEASED = "releases";
    public static final String ROLLED_BACK = "rollbacks";
    public static final String DRIFTS = "drifts";
    /** Text: the release that the trainer holds to serve. */
    public static final String CHAMPION = "champion";

    /**
     * Gauge, seconds: by how much the state that the task began from was older than the transactions of delivery=exactly-once wait;
     * 0 = not at all.
     */
    public static final String RESTORED_LATE = "restored-late-seconds";

    /** Records of our own topics that could not be read, in the metric group of the deserializer; since the task began. */
    public static final String VECTORS_BROKEN = "vectors-broken";
    public static final String RELEASES_BROKEN = "releases-broken";

    private Counts() {}
}
