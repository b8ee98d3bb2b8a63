package io.liveprofile.cluster;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Both jobs go on from savepoints with another features.yaml: an aggregate and a window are added, an aggregate is removed, one
 * counts in a window more. The model's vector stays as it is, since the model is bound to it.
 *
 * <p>What stayed must be what it is in the undisturbed run. What was added must have counted each event since, and no other.
 */
final class OtherFeatures implements Fault.Disturbance {
    private static final Path SHIPPED = Path.of("flink-conf/features.yaml");
    private static final String ADDED = "added";
    private static final String ADDED_LIFETIME = ADDED + "_lifetime";
    private static final String ADDED_WINDOW = ADDED + "_12h";
    private static final String LONGER_WINDOW = "searches_12h";
    private static final String REMOVED = "last_searches";

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        Path other = Files.writeString(run.directory().path().resolve("features.yaml"), changed(Files.readString(SHIPPED)));
        for (Job job : Job.values()) {
            run.submit(job, run.stop(job), 2, List.of("features.file=" + other));
        }
    }

    @Override
    public Predicate<String> changed() {
        return name -> name.startsWith(ADDED) || name.equals(LONGER_WINDOW) || name.equals(REMOVED);
    }

    @Override
    public List<String> wrong(CaseRun run) throws IOException {
        Map<String, TreeMap<Long, UserProfile>> profiles = new HashMap<>();
        SingleObject<UserProfile> codec = Published.codec(UserProfile.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.USER_PROFILES, (value, time) -> {
                UserProfile profile = codec.decode(value);
                if (profile.getUpdatedAt() < run.nightMillis()) {
                    profiles.computeIfAbsent(profile.getUserId(), user -> new TreeMap<>()).put(profile.getVersion(), profile);
                }
            });
        }
        List<String> wrong = new ArrayList<>();
        int goneOn = 0;
        int begun = 0;
        for (Map.Entry<String, TreeMap<Long, UserProfile>> user : profiles.entrySet()) {
            UserProfile newest = user.getValue().lastEntry().getValue();
            long before = user.getValue().values().stream()
                    .filter(profile -> !profile.getStatistics().containsKey(ADDED_LIFETIME))
                    .mapToLong(UserProfile::getEvents)
                    .max()
                    .orElse(0);
            if (before == newest.getEvents()) {
                continue; // was not seen since
            }
            double since = newest.getEvents() - before;
            require(wrong, user.getKey(), ADDED_LIFETIME, newest.getStatistics().get(ADDED_LIFETIME), since);
            require(wrong, user.getKey(), ADDED_WINDOW, newest.getStatistics().get(ADDED_WINDOW), since);
            require(wrong, user.getKey(), REMOVED, newest.getLists().get(REMOVED), null);
            if (before > 0) {
                goneOn++;
                require(wrong, user.getKey(), "countsSince of " + ADDED_WINDOW,
                        newest.getCountsSince().containsKey(ADDED_WINDOW), true);
            } else {
                begun++;
            }
        }
        if (goneOn == 0 || begun == 0) {
            wrong.add("users seen before and after it: " + goneOn + ", only after it: " + begun);
        }
        run.note("of %,d users seen before, and %,d seen first since, '%s' counts each event since".formatted(goneOn, begun, ADDED));
        return wrong.size() <= 3 ? wrong : List.of(wrong.size() + " users, such as " + wrong.get(0));
    }

    private static void require(List<String> wrong, String user, String what, Object is, Object shouldBe) {
        if (shouldBe == null ? is != null : !shouldBe.equals(is)) {
            wrong.add("%s of %s is %s and not %s".formatted(what, user, is, shouldBe));
        }
    }

    private static String changed(String shipped) {
        String text = replace(shipped, "\nwindows:\n", "\nwindows:\n  12h: { length: 12 h, hop: 10 min }\n");
        // What counts in all windows would count in the new one, too, and with it the vector would be another.
        text = text.replace("windows: all }", "windows: [5m, 1h, 1d, 7d, 30d] }");
        text = replace(text, "searches:         { op: count, events: [SEARCH], windows: [1h,",
                "searches:         { op: count, events: [SEARCH], windows: [1h, 12h,");
        text = replace(text, "[views, searches,", "[views, searches_1h, searches_1d, searches_7d,");
        text = text.replaceFirst("(?m)^  " + REMOVED + ":.*\n", "");
        return replace(text, "\naggregates:\n", "\naggregates:\n  " + ADDED + ": { op: count, windows: [12h, lifetime] }\n");
    }

    /** @throws IllegalStateException when the file no longer says what is replaced */
    private static String replace(String text, String part, String by) {
        if (!text.contains(part)) {
            throw new IllegalStateException(SHIPPED + " has no '" + part.strip() + "'");
        }
        return text.replace(part, by);
    }
}
