package io.liveprofile.job;

/** Operator ids: the names under which state lives in a savepoint. Never renamed, never reused. */
final class Uids {
    static final String READ_EVENTS = "ingest-read-events";
    static final String READ_OUTCOMES = "ingest-read-outcomes";
    static final String SPLIT_OUTCOMES = "ingest-split-outcomes";
    static final String WRITE_OUTCOME_DEAD_LETTERS = "sink-write-outcome-dead-letters";
    static final String SPLIT_RECORDS = "ingest-split-dead-letters";
    static final String UPDATE_USERS = "profile-update-users";
    static final String UPDATE_KEYS = "aggregate-update-keys";
    static final String ATTACH_KEYS = "aggregate-attach-keys";
    static final String SCORE_UPDATES = "inference-score-updates";
    static final String PUBLISH_PROFILES = "profile-publish-profiles";
    static final String WRITE_PROFILES = "sink-write-profiles";
    static final String WRITE_SCORED_FEATURES = "sink-write-scored-features";
    static final String WRITE_ALERTS = "sink-write-alerts";
    static final String WRITE_LATE_EVENTS = "sink-write-late-events";
    static final String WRITE_QUARANTINE = "sink-write-quarantine";
    static final String WRITE_DEAD_LETTERS = "sink-write-dead-letters";
    static final String WRITE_OUTCOMES = "sink-write-outcomes";

    private Uids() {}
}
