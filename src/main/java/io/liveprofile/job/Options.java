package io.liveprofile.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** Every option of liveprofile.yaml: key, type, default, effect. The table in the README is made from here. */
public final class Options {

    /** What a crash may repeat at the sinks. */
    public enum Delivery {
        AT_LEAST_ONCE,
        EXACTLY_ONCE
    }

    public static final ConfigOption<String> KAFKA_SERVERS = key("kafka.bootstrap-servers")
            .stringType()
            .defaultValue("127.0.0.1:9092")
            .withDescription("Brokers, host:port, comma-separated.");

    public static final ConfigOption<String> KAFKA_GROUP = key("kafka.group-id")
            .stringType()
            .defaultValue("liveprofile")
            .withDescription("Consumer group whose committed offsets show how far the job has read.");

    public static final ConfigOption<Boolean> FAIL_ON_DATA_LOSS = key("kafka.fail-on-data-loss")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether a job fails, and starts anew until somebody looks, where the brokers have deleted what it was to"
                    + " read next, as behind an outage longer than a topic's retention. false: it goes on with the oldest record there"
                    + " is, and what was before is lost; set it to get over such a loss.");

    public static final ConfigOption<Delivery> DELIVERY = key("delivery")
            .enumType(Delivery.class)
            .defaultValue(Delivery.AT_LEAST_ONCE)
            .withDescription("at-least-once: a crash may repeat records, which ids and versions make harmless. exactly-once:"
                    + " Kafka transactions; a read-committed reader sees each record once, after the next checkpoint.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = key("delivery.transaction-timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription("With delivery=exactly-once, how long what is written may wait for the checkpoint that commits it, a"
                    + " job that is down included: what waits longer is taken back by the brokers and lost, which"
                    + " LiveprofileCommitsFail and LiveprofileRestoredLate tell. Fewer failed checkpoints are tolerated where that many"
                    + " could take longer. At most the brokers' transaction.max.timeout.ms, 15 min unless set.");

    public static final ConfigOption<Duration> WATERMARK_DISORDER = key("watermark.out-of-orderness")
            .durationType()
            .defaultValue(Duration.ofSeconds(10))
            .withDescription("How far events of one partition may be out of order before timers run ahead of them.");

    public static final ConfigOption<Duration> WATERMARK_IDLENESS = key("watermark.idleness")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("A partition silent for so long no longer holds event time back. What comes of it later is counted in"
                    + " every window all the same, but is too late for labels: longer than a partition may be without a leader.");

    public static final ConfigOption<String> MAPPING = key("ingest.mapping")
            .stringType()
            .defaultValue("")
            .withDescription("Mapping file: the values of behavior-events are CSV lines or JSON objects of a foreign system,"
                    + " keyed by user; outcomes go to labeled-outcomes, rows that it skips are counted and not kept. Empty: values are"
                    + " Avro.");

    public static final ConfigOption<String> EARLIEST = key("ingest.earliest")
            .stringType()
            .defaultValue("2000-01-01T00:00:00Z")
            .withDescription("Events before this instant are dead letters (time-too-early). ISO 8601, UTC.");

    public static final ConfigOption<Duration> MAX_AHEAD = key("ingest.max-ahead")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Events further ahead of their broker record's time are dead letters (time-in-future).");

    public static final ConfigOption<Integer> MAX_TEXT_LENGTH = key("ingest.max-text-length")
            .intType()
            .defaultValue(10_000)
            .withDescription("Longest text or attribute value, in characters; longer ones are dead letters.");

    public static final ConfigOption<Integer> MAX_ID_LENGTH = key("ingest.max-id-length")
            .intType()
            .defaultValue(256)
            .withDescription("Longest id, in characters; longer ones are dead letters.");

    public static final ConfigOption<Integer> MAX_ATTRIBUTES = key("ingest.max-attributes")
            .intType()
            .defaultValue(1_024)
            .withDescription("Most attributes, and most numbers of an embedding; events with more are dead letters.");

    public static final ConfigOption<Integer> MAX_RECORD_BYTES = key("ingest.max-record-bytes")
            .intType()
            .defaultValue(1 << 20)
            .withDescription("Largest value of a record, in bytes; larger ones are dead letters that hold its beginning.");

    public static final ConfigOption<String> BACKFILL_PATH = key("backfill.path")
            .stringType()
            .defaultValue("")
            .withDescription("History to read before the live stream: a file or a directory of CSV or JSON lines, plain or .gz,"
                    + " read in the order of the names. Several, comma-separated, are read side by side; a user's events must"
                    + " lie in one of them. Empty: none.");

    public static final ConfigOption<String> BACKFILL_MAPPING = key("backfill.mapping")
            .stringType()
            .defaultValue("")
            .withDescription("Mapping file of the history's rows.");

    public static final ConfigOption<String> BACKFILL_UNTIL = key("backfill.until")
            .stringType()
            .defaultValue("")
            .withDescription("Events before this instant count from the history, events from it on from behavior-events; the"
                    + " others are counted as outside-backfill and left out. ISO 8601, UTC, not in the future.");

    public static final ConfigOption<String> KEY_FILE = key("privacy.key-file")
            .stringType()
            .defaultValue("target/keys/pseudonym-key.json")
            .withDescription("Tink PRF keyset (JSON) that turns user ids into pseudonyms. Whoever has it can recompute them;"
                    + " it travels inside the job graph.");

    public static final ConfigOption<Duration> DEDUPE = key("dedupe.window")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription("How long an event id is remembered, in the user's event time; a repeat within it is dropped."
                    + " At least late.allowed.");

    public static final ConfigOption<Integer> DEDUPE_MAX_IDS = key("dedupe.max-ids")
            .intType()
            .defaultValue(500)
            .withDescription("Most event ids remembered a user, about 11 bytes of state each. What is older than the ids of a"
                    + " heavier user is late, since it cannot be told from a repeat. What is as old to the millisecond as the"
                    + " newest id that gave way still counts, and a repeat of it counts again: set it above the most events a"
                    + " user has in a unit of a coarse clock.");

    public static final ConfigOption<Duration> ALLOWED_LATENESS = key("late.allowed")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription("How far an event may lie before its user's newest one and still be counted in its window;"
                    + " older ones go to late-events.");

    public static final ConfigOption<Long> AMOUNT_HARD_MAX = key("anomaly.amount.hard-max")
            .longType()
            .defaultValue(100_000_000L)
            .withDescription("Largest amount of one event, minor units; beyond it an event is quarantined.");

    public static final ConfigOption<Double> AMOUNT_THRESHOLD = key("anomaly.amount.threshold")
            .doubleType()
            .defaultValue(8.0)
            .withDescription("Robust standard deviations (median, MAD of the logarithm) above the user's median at which an"
                    + " order, payment or refund is quarantined.");

    public static final ConfigOption<Duration> RATE_INTERVAL = key("anomaly.rate.interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(10))
            .withDescription("Length over which a user's events are counted to tell a burst.");

    public static final ConfigOption<Integer> RATE_HARD_MAX = key("anomaly.rate.hard-max")
            .intType()
            .defaultValue(100)
            .withDescription("Most events of one user in an interval; what comes beyond is quarantined and raises bot-burst.");

    public static final ConfigOption<Integer> RATE_ALWAYS_ALLOWED = key("anomaly.rate.always-allowed")
            .intType()
            .defaultValue(30)
            .withDescription("Events of one user in an interval that are never a burst.");

    public static final ConfigOption<Double> RATE_THRESHOLD = key("anomaly.rate.threshold")
            .doubleType()
            .defaultValue(8.0)
            .withDescription("Robust standard deviations above the user's median count in an interval that make a burst.");

    public static final ConfigOption<Integer> MIN_HISTORY = key("anomaly.min-history")
            .intType()
            .defaultValue(8)
            .withDescription("Values a user needs before his own limits apply, 2 to 32; until then the hard ones do.");

    public static final ConfigOption<Duration> ALERT_SUPPRESSION = key("risk.suppression")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Event time during which repeats of an alert are counted instead of sent.");

    public static final ConfigOption<String> SCORE_ALERTS = key("risk.score-alerts")
            .stringType()
            .defaultValue("fraud=0.9")
            .withDescription("HEAD=PROBABILITY, comma-separated: an event of a type that labels.yaml judges for that head,"
                    + " and whose score is so high, raises an alert, likely-HEAD, with the inputs that speak for it; within risk.suppression a later one of the user replaces"
                    + " an earlier one. Heads that the model does not have raise none. Empty: none.");

    public static final ConfigOption<String> FEATURES = key("features.file")
            .stringType()
            .defaultValue("flink-conf/features.yaml")
            .withDescription("Aggregates and features.");

    public static final ConfigOption<MemorySize> MAX_USER_STATE = key("features.max-user-state")
            .memoryType()
            .defaultValue(MemorySize.ofMebiBytes(4))
            .withDescription("Most state that the aggregates of one user may take by their declared bounds; a features file"
                    + " with more is refused.");

    public static final ConfigOption<String> MODEL_STORE = key("model.store")
            .stringType()
            .defaultValue("target/models")
            .withDescription("Model releases, of which the newest scores: a directory, or a URI of a file system that Flink has a plugin"
                    + " for (s3://bucket/models, hdfs://...), the same for all workers. Empty: profiles carry no predictions.");

    public static final ConfigOption<String> MODEL_FILE = key("model.file")
            .stringType()
            .defaultValue("flink-conf/model.yaml")
            .withDescription("The model: layers, tables, heads, how it learns.");

    public static final ConfigOption<String> LABELS = key("labels.file")
            .stringType()
            .defaultValue("flink-conf/labels.yaml")
            .withDescription("Training job: what makes each head of the model positive.");

    public static final ConfigOption<Integer> LABELS_MAX_WAITING = key("labels.max-waiting")
            .intType()
            .defaultValue(500)
            .withDescription("Training job: most vectors of a user that wait for their labels, each about its numbers times four"
                    + " bytes of state. Further ones are not judged, and counted.");

    public static final ConfigOption<Duration> LABELS_IDLENESS = key("labels.idleness")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("Training job: a partition of scored-features, or a subtask of the profile job that writes to it, silent"
                    + " for so long while others are not no longer holds event time back; what comes of it then may be too late to"
                    + " be labelled.");

    public static final ConfigOption<Duration> RELEASE_LEAD = key("model.release-lead")
            .durationType()
            .defaultValue(Duration.ofSeconds(25))
            .withDescription("Training job: event time between what a release has learned from and its activation, so that the"
                    + " profile job has it loaded by then, which release-swaps-late tells. More than watermark.out-of-orderness and"
                    + " the seconds that learning, writing and loading take; with delivery=exactly-once the checkpoint intervals of"
                    + " both jobs come on top.");

    public static final ConfigOption<Integer> SCORE_MAX_ROWS = key("score.max-rows")
            .intType()
            .defaultValue(256)
            .withDescription("Most updates scored in one call of the model.");

    public static final ConfigOption<Duration> SCORE_MAX_WAIT = key("score.max-wait")
            .durationType()
            .defaultValue(Duration.ofMillis(10))
            .withDescription("Longest time an update waits for others to be scored with.");

    public static final ConfigOption<Integer> SCORE_EXPLAIN_EVERY = key("score.explain-every")
            .intType()
            .defaultValue(0)
            .withDescription("Of so many scored updates one, chosen by a hash of user and version, says in its profile what moves"
                    + " the model's log-odds most (explanations); one takes as long as 100 to 200 scores. 1: every one. 0: none."
                    + " Alerts always say why.");

    public static final ConfigOption<Integer> STABILITY_VECTORS = key("score.stability-vectors")
            .intType()
            .defaultValue(10_000)
            .withDescription("Of the vectors that a subtask scores every fourth is held against those that the release was trained on, so many"
                    + " at a time, by the population stability index of each feature, which goes to metrics and to model-evaluations. Until"
                    + " so many of a release were, and again behind a restart, the metrics have no number; the alert remembers the last one"
                    + " for two hours, so fewer are better where four times as many take longer than from one release to the next. 0: none.");

    public static final ConfigOption<Duration> COALESCE = key("profile.coalesce")
            .durationType()
            .defaultValue(Duration.ZERO)
            .withDescription("At most one profile a user is published in this time; the newest is never held back longer,"
                    + " and is sent before each checkpoint. 0 s: every update is published.");

    public static final ConfigOption<Duration> REFRESH = key("profile.refresh")
            .durationType()
            .defaultValue(Duration.ofDays(1))
            .withDescription("Event time without an event of a user after which his profile is published anew, with the"
                    + " windows as they are then, and again as each longer window is empty, its length and a hop after the event; at"
                    + " most 9 times. 0 s: never.");

    public static final ConfigOption<Duration> OUTCOME_MEMORY = key("outcomes.remember")
            .durationType()
            .defaultValue(Duration.ofDays(60))
            .withDescription("How long the device, item or other key of an event is remembered for an outcome of it, where an"
                    + " aggregate of that key counts outcomes. The id of an outcome is remembered as long, at least for"
                    + " dedupe.window, and no more ids a user than dedupe.max-ids; a repeat is dropped.");

    public static final ConfigOption<Integer> OUTCOME_MEMORY_EVENTS = key("outcomes.max-events")
            .intType()
            .defaultValue(200)
            .withDescription("Most events a user for which they are remembered, about 40 bytes of state each.");

    public static final ConfigOption<Duration> OUTCOME_MAX_AHEAD = key("outcomes.max-ahead")
            .durationType()
            .defaultValue(Duration.ofDays(400))
            .withDescription("Outcomes further ahead of their broker record's time are dead letters (time-in-future). A mapping's"
                    + " delay may put them ahead of it.");

    /** Part of the heap for one operator's states in memory, all slots of the TaskManager together, where no option says how much. */
    public static final int HOT_USERS_HEAP_SHARE = 5;

    public static final ConfigOption<MemorySize> HOT_USERS = key("state.hot-users")
            .memoryType()
            .defaultValue(MemorySize.ZERO)
            .withDescription("Heap in which a subtask keeps the users touched lately ready before RocksDB, and other keys in"
                    + " as much again; written back when others need the place and before each checkpoint. 0: a fifth of the"
                    + " heap, shared by the TaskManager's slots.");

    private Options() {}

    /** Every option declared here, in order of declaration. */
    public static List<ConfigOption<?>> all() {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (Field field : Options.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                try {
                    options.add((ConfigOption<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return options;
    }
}
