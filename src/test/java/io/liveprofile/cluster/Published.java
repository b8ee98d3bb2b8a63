package io.liveprofile.cluster;

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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a run has left of the shop's day in its topics, as a read-committed reader sees it and as far as event time decides it.
 *
 * @param vectors scored vectors by prediction, which is USER:VERSION
 * @param profiles the newest profile of each user
 * @param alerts what each alert said last, by id
 * @param examples vectors and their labels, by id
 * @param repeats records beyond the first of each
 * @param silentMillis longest time in which no vector was written
 * @param waitMillis longest time between the broker's taking an event and its taking the profile of it, the first one
 */
record Published(
        Map<String, String> vectors,
        Map<String, String> profiles,
        Map<String, String> alerts,
        Map<String, String> examples,
        Repeats repeats,
        long silentMillis,
        long waitMillis) {
    /** How the line of a statistic, a list or the release begins, and what stands behind its name. */
    private static final String PART = "part ";
    private static final String VALUE = " = ";
    /** Name of the part that says which release scored. */
    static final String RELEASE = "release";

    /**
     * Records beyond the first of each.
     *
     * @param alerts of one alert at one number of occurrences
     */
    record Repeats(long vectors, long alerts, long examples) {
        boolean isNone() {
            return vectors == 0 && alerts == 0 && examples == 0;
        }
    }

    /** @param untilMillis event time at which the day is over, exclusive, ms UTC */
    static Published read(String bootstrapServers, long untilMillis) throws IOException {
        try (TopicReader topics = new TopicReader(bootstrapServers)) {
            Map<String, String> vectors = new HashMap<>();
            List<Long> times = new ArrayList<>();
            SingleObject<ScoredFeatures> scored = codec(ScoredFeatures.class);
            topics.read(Topic.SCORED_FEATURES, (value, time) -> {
                ScoredFeatures vector = scored.decode(value);
                if (vector.getAsOf() < untilMillis) {
                    vectors.put(vector.getPredictionId(), vector.getEventId() + " " + vector.getAsOf() + " " + vector.getVector());
                    times.add(time);
                }
            });
            Map<String, UserProfile> newest = new HashMap<>();
            Set<String> seen = new HashSet<>();
            long[] wait = {0};
            SingleObject<UserProfile> profiles = codec(UserProfile.class);
            topics.read(Topic.USER_PROFILES, (value, time) -> {
                UserProfile profile = profiles.decode(value);
                if (profile.getUpdatedAt() >= untilMillis) {
                    return;
                }
                newest.merge(profile.getUserId(), profile,
                        (before, now) -> now.getVersion() >= before.getVersion() ? now : before);
                if (seen.add(profile.getUserId() + ":" + profile.getVersion()) && !profile.getRefreshed()) {
                    wait[0] = Math.max(wait[0], time - profile.getIngestedAt());
                }
            });
            Map<String, String> texts = new HashMap<>();
            newest.forEach((user, profile) -> texts.put(user, text(profile)));
            Map<String, RiskAlert> alerts = new HashMap<>();
            List<String> alertVersions = new ArrayList<>();
            SingleObject<RiskAlert> alertCodec = codec(RiskAlert.class);
            topics.read(Topic.RISK_ALERTS, (value, time) -> {
                RiskAlert alert = alertCodec.decode(value);
                alertVersions.add(alert.getAlertId() + " " + text(alert));
                alerts.merge(alert.getAlertId(), alert, (before, now) -> isAfter(before, now) ? before : now);
            });
            Map<String, String> lastSaid = new HashMap<>();
            alerts.forEach((id, alert) -> lastSaid.put(id, text(alert)));
            Map<String, String> examples = new HashMap<>();
            long[] exampleRecords = {0};
            SingleObject<TrainingExample> exampleCodec = codec(TrainingExample.class);
            topics.read(Topic.TRAINING_EXAMPLES, (value, time) -> {
                TrainingExample example = exampleCodec.decode(value);
                if (example.getAsOf() < untilMillis) {
                    examples.put(example.getExampleId(), text(example));
                    exampleRecords[0]++;
                }
            });
            Repeats repeats = new Repeats(
                    times.size() - vectors.size(),
                    alertVersions.size() - Set.copyOf(alertVersions).size(),
                    exampleRecords[0] - examples.size());
            return new Published(vectors, texts, lastSaid, examples, repeats, longestGap(times), wait[0]);
        }
    }

    /** The same without those parts of the profiles. */
    Published without(Predicate<String> names) {
        Map<String, String> fewer = new HashMap<>();
        profiles.forEach((user, text) -> fewer.put(user, text.lines()
                .filter(line -> !line.startsWith(PART) || !names.test(line.substring(PART.length(), line.indexOf(VALUE))))
                .collect(Collectors.joining("\n"))));
        return new Published(vectors, fewer, alerts, examples, repeats, silentMillis, waitMillis);
    }

    /** All of a profile but the broker's time, and of the scores what does not hang on who is scored with whom. */
    private static String text(UserProfile profile) {
        Map<String, String> predictions = new TreeMap<>();
        profile.getPredictions().forEach((head, value) -> predictions.put(head, String.format(Locale.ROOT, "%.3f", value)));
        return String.join("\n",
                "version " + profile.getVersion(),
                "event " + profile.getLastEventId() + " " + profile.getFirstSeenAt() + " " + profile.getUpdatedAt(),
                "counts " + profile.getEvents() + " " + profile.getQuarantined() + " " + profile.getCorrection(),
                parts(profile.getStatistics()),
                parts(profile.getLists()),
                "affinities " + sorted(profile.getAffinities()),
                "breakdowns " + sorted(profile.getBreakdowns()),
                "predictions " + predictions,
                PART + RELEASE + VALUE + profile.getReleaseId());
    }

    /** A line each. */
    private static String parts(Map<String, ?> named) {
        return new TreeMap<>(named).entrySet().stream()
                .map(each -> PART + each.getKey() + VALUE + each.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static String text(RiskAlert alert) {
        return alert.getOccurrences() + " occurrences until " + alert.getLastTime() + (alert.getClosed() ? ", closed" : "");
    }

    /** The scores are those of the vector. */
    private static String text(TrainingExample example) {
        return example.getEventId() + " known at " + example.getKnownAt() + ": " + example.getLabels() + " " + example.getVector();
    }

    private static boolean isAfter(RiskAlert one, RiskAlert other) {
        return one.getOccurrences() != other.getOccurrences()
                ? one.getOccurrences() > other.getOccurrences()
                : one.getClosed() && !other.getClosed();
    }

    private static Map<String, Map<String, Double>> sorted(Map<String, Map<String, Double>> maps) {
        Map<String, Map<String, Double>> sorted = new TreeMap<>();
        maps.forEach((key, map) -> sorted.put(key, new TreeMap<>(map)));
        return sorted;
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
