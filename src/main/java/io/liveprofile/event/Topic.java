package io.liveprofile.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Every topic of the system, with the settings it is created with. */
public enum Topic {
    BEHAVIOR_EVENTS("behavior-events", true, input(Duration.ofDays(7))),
    LABELED_OUTCOMES("labeled-outcomes", true, input(Duration.ofDays(90))),
    PROFILE_COMMANDS("profile-commands", true, input(Duration.ofDays(90))),
    USER_PROFILES("user-profiles", true, Map.of(
            "cleanup.policy", "compact",
            "min.cleanable.dirty.ratio", "0.2",
            "segment.ms", Long.toString(Duration.ofMinutes(10).toMillis()),
            // A store that was away this long must be rebuilt, or it would miss erasures.
            "delete.retention.ms", Long.toString(Duration.ofDays(7).toMillis()))),
    RISK_ALERTS("risk-alerts", true, kept(Duration.ofDays(30))),
    SCORED_FEATURES("scored-features", true, kept(Duration.ofDays(7))),
    TRAINING_EXAMPLES("training-examples", true, kept(Duration.ofDays(30))),
    MODEL_RELEASES("model-releases", false, Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    MODEL_EVALUATIONS("model-evaluations", false, Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    SEGMENT_CHANGES("segment-changes", true, kept(Duration.ofDays(7))),
    QUARANTINE("quarantine", true, kept(Duration.ofDays(30))),
    LATE_EVENTS("late-events", true, kept(Duration.ofDays(30))),
    DEAD_LETTERS("dead-letters", false, kept(Duration.ofDays(30)));

    /** Holds the largest record that ingest lets in, with what the job adds to it. */
    public static final int MAX_MESSAGE_BYTES = 8 << 20;
    /** Largest key and value together of a record; the rest is for what the client adds to it, also where compression does not help. */
    public static final int MAX_RECORD_BYTES = MAX_MESSAGE_BYTES - (64 << 10);

    private final String topicName;
    private final boolean keyed;
    private final Map<String, String> settings;

    Topic(String topicName, boolean keyed, Map<String, String> settings) {
        this.topicName = topicName;
        this.keyed = keyed;
        this.settings = settings;
    }

    /** Name on the broker. */
    public String topicName() {
        return topicName;
    }

    /** Partitions it is created with: those of the option when keyed by user, else one, so that order is total. */
    public int partitions(int keyedPartitions) {
        return keyed ? keyedPartitions : 1;
    }

    public Map<String, String> settings() {
        Map<String, String> all = new HashMap<>(settings);
        all.put("max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES));
        return all;
    }

    /** The time of a record is when the broker took it, so that latency does not depend on the senders' clocks. */
    private static Map<String, String> input(Duration retention) {
        return Map.of(
                "cleanup.policy", "delete",
                "retention.ms", Long.toString(retention.toMillis()),
                "message.timestamp.type", "LogAppendTime");
    }

    private static Map<String, String> kept(Duration retention) {
        return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(retention.toMillis()));
    }
}
