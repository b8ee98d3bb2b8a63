package io.liveprofile.job;

/** Operator ids: the names under which state lives in a savepoint. Never renamed, never reused. */
final class Uids {
    static final String READ_EVENTS = "ingest-read-events";
    static final String CHECK_STATE = "ingest-check-state";
    static final String READ_OUTCOMES = "ingest-read-outcomes";
    static final String SPLIT_OUTCOMES = "ingest-split-outcomes";
    static final String WRITE_OUTCOME_DEAD_LETTERS = "sink-write-outcome-dead-letters";
    static final String SPLIT_RECORDS = "ingest-split-dead-letters";
    static final String UPDATE_USERS = "profile-update-users";
    static final String UPDATE_KEYS = "aggregate-update-keys";
    static final String ATTACH_KEYS = "aggregate-attach-keys";
    static final String READ_RELEASES = "inference-read-releases";
    static final String WRITE_REFUSALS = "sink-write-refused-releases";
    static final String SCORE_UPDATES = "inference-score-updates";
    static final String PUBLISH_PROFILES = "profile-publish-profiles";
    static final String WRITE_PROFILES = "sink-write-profiles";
    static final String WRITE_SCORED_FEATURES = "sink-write-scored-features";
    static final String WRITE_ALERTS = "sink-write-alerts";
    static final String WRITE_LATE_EVENTS = "sink-write-late-events";
    static final String WRITE_QUARANTINE = "sink-write-quarantine";
    static final String WRITE_DEAD_LETTERS = "sink-write-dead-letters";
    static final String WRITE_OUTCOMES = "sink-write-outcomes";

    static final String READ_SCORED_FEATURES = "training-read-scored-features";
    static final String READ_LABEL_EVENTS = "training-read-events";
    static final String CHECK_LABEL_STATE = "training-check-state";
    static final String READ_LABEL_OUTCOMES = "training-read-outcomes";
    static final String EVENTS_OF_USERS = "training-filter-events";
    static final String OUTCOMES_OF_USERS = "training-filter-outcomes";
    static final String JOIN_LABELS = "training-join-labels";
    static final String TRAIN = "training-train";
    static final String WRITE_EXAMPLES = "sink-write-training-examples";
    static final String WRITE_EVALUATIONS = "sink-write-model-evaluations";
    static final String WRITE_RELEASES = "sink-write-model-releases";

    private Uids() {}
}
