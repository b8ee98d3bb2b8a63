package io.liveprofile.cluster;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.ExampleLabel;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.event.UserProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a run has left of the shop's day in its topics, as a read-committed reader sees it and as far as event time decides it.
 *
 * @param vectors scored vectors by prediction, which is USER:VERSION; the first of each, as whoever joins labels takes that
 * @param profiles the newest profile of each user
 * @param alerts what each alert said last, by id
 * @param examples vectors and their labels, by id; the first of each, as the trainer takes that
 * @param unprofiled what became of records that came on behavior-events and changed no profile, by their place there
 * @param contradictions vectors and examples that a repeat tells otherwise, and users of whom a repeat of an older profile is the
 *     last record: it is what stays of a compacted topic
 * @param repeats records beyond the first of each
 * @param silentMillis longest time in which no vector was written
 * @param waitMillis longest time between the broker's taking an event and its taking the profile of it, the first one
 */
record Published(
        Map<String, Statement> vectors,
        Map<String, Statement> profiles,
        Map<String, Statement> alerts,
        Map<String, Statement> examples,
        Map<String, End> unprofiled,
        List<String> contradictions,
        Repeats repeats,
        long silentMillis,
        long waitMillis) {
    /** Name of the part that says which release scored. */
    static final String RELEASE = "release";
    /** Kind of the parts of an example that say what each head is. */
    static final String LABEL = "label";
    /** How such a part begins. */
    static final String POSITIVE = "positive";

    /**
     * Records beyond the first of each.
     *
     * @param profiles of one version
     * @param alerts of one alert at one number of occurrences
     * @param unprofiled late events, quarantined ones and dead letters
     */
    record Repeats(long vectors, long profiles, long alerts, long examples, long unprofiled) {
        boolean isNone() {
            return equals(new Repeats(0, 0, 0, 0, 0));
        }
    }

    /**
     * What became of a record that changed no profile.
     *
     * @param topic late-events, quarantine or dead-letters
     * @param id of the event; of what is none the reason and a sum of its bytes
     * @param why lateness, or codes of reasons
     */
    record End(Topic topic, String id, String why) {
        @Override
        public String toString() {
            return topic.topicName() + " " + id + " (" + why + ")";
        }
    }

    /** @param untilMillis event time at which the day is over, exclusive, ms UTC */
    static Published read(String bootstrapServers, long untilMillis) throws IOException {
        try (TopicReader topics = new TopicReader(bootstrapServers)) {
            List<String> contradictions = new ArrayList<>();
            Map<String, Statement> vectors = new HashMap<>();
            List<Long> times = new ArrayList<>();
            SingleObject<ScoredFeatures> scored = codec(ScoredFeatures.class);
            topics.read(Topic.SCORED_FEATURES, (value, time) -> {
                ScoredFeatures vector = scored.decode(value);
                if (vector.getAsOf() < untilMillis) {
                    keepFirst(vectors, vector.getPredictionId(), statement(vector), contradictions);
                    times.add(time);
                }
            });
            Map<String, UserProfile> newest = new HashMap<>();
            Map<String, Long> last = new HashMap<>();
            Set<String> seen = new HashSet<>();
            long[] wait = {0};
            long[] profileRecords = {0};
            SingleObject<UserProfile> profiles = codec(UserProfile.class);
            topics.read(Topic.USER_PROFILES, (value, time) -> {
                UserProfile profile = profiles.decode(value);
                if (profile.getUpdatedAt() >= untilMillis) {
                    return;
                }
                profileRecords[0]++;
                last.put(profile.getUserId(), profile.getVersion());
                newest.merge(profile.getUserId(), profile,
                        (before, now) -> now.getVersion() >= before.getVersion() ? now : before);
                if (seen.add(profile.getUserId() + ":" + profile.getVersion()) && !profile.getRefreshed()) {
                    wait[0] = Math.max(wait[0], time - profile.getIngestedAt());
                }
            });
            Map<String, Statement> newestSaid = new HashMap<>();
            newest.forEach((user, profile) -> {
                newestSaid.put(user, statement(profile));
                if (last.get(user) != profile.getVersion()) {
                    contradictions.add(user + " (the last record is of version " + last.get(user) + ", the newest "
                            + profile.getVersion() + ")");
                }
            });
            Map<String, RiskAlert> alerts = new HashMap<>();
            List<String> alertVersions = new ArrayList<>();
            SingleObject<RiskAlert> alertCodec = codec(RiskAlert.class);
            topics.read(Topic.RISK_ALERTS, (value, time) -> {
                RiskAlert alert = alertCodec.decode(value);
                if (alert.getEventTime() >= untilMillis) {
                    return;
                }
                alertVersions.add(String.join(" ", alert.getAlertId(), Long.toString(alert.getOccurrences()),
                        Long.toString(alert.getLastTime()), Boolean.toString(alert.getClosed())));
                alerts.merge(alert.getAlertId(), alert, (before, now) -> isAfter(before, now) ? before : now);
            });
            Map<String, Statement> lastSaid = new HashMap<>();
            alerts.forEach((id, alert) -> lastSaid.put(id, statement(alert)));
            Map<String, Statement> examples = new HashMap<>();
            long[] exampleRecords = {0};
            SingleObject<TrainingExample> exampleCodec = codec(TrainingExample.class);
            topics.read(Topic.TRAINING_EXAMPLES, (value, time) -> {
                TrainingExample example = exampleCodec.decode(value);
                if (example.getAsOf() < untilMillis) {
                    keepFirst(examples, example.getExampleId(), statement(example), contradictions);
                    exampleRecords[0]++;
                }
            });
            Map<String, End> unprofiled = new HashMap<>();
            long[] unprofiledRecords = {0};
            SingleObject<LateEvent> lateEvents = codec(LateEvent.class);
            topics.read(Topic.LATE_EVENTS, (value, time) -> {
                LateEvent late = lateEvents.decode(value);
                unprofiled.put(place(late.getTopic(), late.getPartition(), late.getOffset()), new End(
                        Topic.LATE_EVENTS, late.getEvent().getEventId(), late.getLatenessMillis() + " ms"));
                unprofiledRecords[0]++;
            });
            SingleObject<QuarantinedEvent> quarantined = codec(QuarantinedEvent.class);
            topics.read(Topic.QUARANTINE, (value, time) -> {
                QuarantinedEvent held = quarantined.decode(value);
                unprofiled.put(place(held.getTopic(), held.getPartition(), held.getOffset()), new End(
                        Topic.QUARANTINE, held.getEvent().getEventId(),
                        held.getReasons().stream().map(Reason::getCode).collect(Collectors.joining(" "))));
                unprofiledRecords[0]++;
            });
            SingleObject<DeadLetter> deadLetters = codec(DeadLetter.class);
            topics.read(Topic.DEAD_LETTERS, (value, time) -> {
                DeadLetter letter = deadLetters.decode(value);
                unprofiled.put(place(letter.getTopic(), letter.getPartition(), letter.getOffset()), new End(
                        Topic.DEAD_LETTERS, id(letter), letter.getReason()));
                unprofiledRecords[0]++;
            });
            Repeats repeats = new Repeats(
                    times.size() - vectors.size(),
                    profileRecords[0] - seen.size(),
                    alertVersions.size() - Set.copyOf(alertVersions).size(),
                    exampleRecords[0] - examples.size(),
                    unprofiledRecords[0] - unprofiled.size());
            return new Published(
                    vectors, newestSaid, lastSaid, examples, unprofiled, contradictions, repeats, longestGap(times), wait[0]);
        }
    }

    /** The same without the parts of these names. */
    Published without(Predicate<String> names) {
        return new Published(without(vectors, names), without(profiles, names), without(alerts, names), without(examples, names),
                unprofiled, contradictions, repeats, silentMillis, waitMillis);
    }

    private static Map<String, Statement> without(Map<String, Statement> said, Predicate<String> names) {
        Map<String, Statement> fewer = new HashMap<>();
        said.forEach((id, statement) -> fewer.put(id, statement.without(names)));
        return fewer;
    }

    private static void keepFirst(Map<String, Statement> kept, String id, Statement now, List<String> contradictions) {
        Statement first = kept.putIfAbsent(id, now);
        if (first != null && !first.isAs(now)) {
            contradictions.add(id + " (" + first.differenceTo(now) + ")");
        }
    }

    /** All but how far its subtask had come when it was written. */
    private static Statement statement(ScoredFeatures vector) {
        return new Statement()
                .with("event", vector.getEventId() + " " + vector.getEventType() + " " + vector.getEventTime())
                .with("as of", vector.getAsOf())
                .with("vector", vector.getSchemaHash() + " " + vector.getVector())
                .with(RELEASE, vector.getReleaseId())
                .withFigures("score", vector.getScores());
    }

    /** All but the broker's time, and explanations, which a version has only when it is asked for. */
    private static Statement statement(UserProfile profile) {
        return new Statement()
                .with("version", profile.getVersion())
                .with("event", profile.getLastEventId() + " " + profile.getFirstSeenAt() + " " + profile.getUpdatedAt())
                .with("counts", profile.getEvents() + " " + profile.getQuarantined() + " " + profile.getCorrection())
                .with("statistic", profile.getStatistics())
                .with("list", profile.getLists())
                .withMaps("affinity", profile.getAffinities())
                .withMaps("breakdown", profile.getBreakdowns())
                .with("mean vector", profile.getVectors())
                .with("counted since", profile.getCountsSince())
                .with("status", profile.getPredictionStatus())
                .with(RELEASE, profile.getReleaseId())
                .withFigures("prediction", profile.getPredictions())
                .withFigures("embedding", profile.getEmbedding());
    }

    /**
     * All but the sentences of the reasons, which say code, field and figures once more and rounded. Reasons go by their field: two
     * inputs that count alike may change places.
     */
    private static Statement statement(RiskAlert alert) {
        Statement said = new Statement()
                .with("about", alert.getUserId() + " " + alert.getKind() + " " + alert.getSeverity())
                .with("times", alert.getEventTime() + " to " + alert.getLastTime() + ", " + alert.getOccurrences() + " occurrences"
                        + (alert.getClosed() ? ", closed" : ""))
                .with("evidence", alert.getEvidenceEventIds())
                .with(alert.getSource().startsWith("model:") ? RELEASE : "source", alert.getSource())
                .withFigures("score", Map.of("score", alert.getScore()));
        for (Reason reason : alert.getReasons()) {
            said.with(reason.getCode(), Map.of(reason.getField(), "a reason"));
            said.withFigures(reason.getCode(), Map.of(reason.getField(), reason.getValue()));
            said.withFigures("limit of " + reason.getCode(), Map.of(reason.getField(), reason.getLimit()));
        }
        return said;
    }

    private static Statement statement(TrainingExample example) {
        Map<String, String> labels = new HashMap<>();
        for (ExampleLabel label : example.getLabels()) {
            labels.put(label.getHead(),
                    (label.getPositive() ? POSITIVE : "negative") + " " + label.getCertainty() + " " + label.getKeptShare());
        }
        return new Statement()
                .with("prediction", example.getPredictionId() + " " + example.getEventId() + " " + example.getEventType())
                .with("as of", example.getAsOf())
                .with("known at", example.getKnownAt())
                .with(LABEL, labels)
                .with("vector", example.getSchemaHash() + " " + example.getVector())
                .with(RELEASE, example.getReleaseId())
                .withFigures("score", example.getScores());
    }

    private static String id(DeadLetter letter) {
        byte[] bytes = letter.getValue() == null ? new byte[0] : letter.getValue().array();
        try {
            return codec(BehaviorEvent.class).decode(bytes).getEventId();
        } catch (IOException | RuntimeException e) { // as is to be expected of a dead letter
            CRC32 sum = new CRC32();
            sum.update(bytes);
            return Long.toHexString(sum.getValue());
        }
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "-" + partition + "-" + offset;
    }

    private static boolean isAfter(RiskAlert one, RiskAlert other) {
        return one.getOccurrences() != other.getOccurrences()
                ? one.getOccurrences() > other.getOccurrences()
                : one.getClosed() && !other.getClosed();
    }

    private static long longestGap(List<Long> times) {
        Collections.sort(times);
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }

    static <T extends SpecificRecord> SingleObject<T> codec(Class<T> type) {
        return new SingleObject<>(type, SchemaHistory.of(type));
    }
}
