package io.liveprofile.cluster;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Releases are announced that are not there: one that never was, then some that are deleted while they are loaded, each a little
 * later than the one before. They are to score nobody of the day, so whatever becomes of them, it scores as if they had never been.
 * It is wrong, too, when none was deleted while it was loaded.
 */
final class ReleasesDeleted implements Fault.Disturbance {
    private static final int DELETED = 40;
    private static final int SUBTASKS = 2;
    /** Loading takes some 100 ms, behind the announcement that takes some ms to come. */
    private static final long STEP_MILLIS = 8;
    private static final long A_YEAR = 365L * 24 * 3600 * 1000;

    /** Why a subtask refused a release. */
    private enum Refusal {
        /** It was not there when it was to be loaded. */
        GONE,
        /** It went while it was loaded. */
        TORN,
        /** It was loaded, and others came before it was active. */
        GIVEN_UP;

        static Refusal of(String reason) {
            if (reason.contains("given up")) {
                return GIVEN_UP;
            }
            return reason.contains("there is no such release") || reason.contains("manifest.json") ? GONE : TORN;
        }
    }

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.note("refused: " + Announcement.ofNothing(run, "r000777").send().awaitRefusal());
        List<Announcement> copies = new ArrayList<>(); // all before one is deleted, as the next one would have its id
        for (int i = 0; i < DELETED; i++) {
            copies.add(Announcement.ofCopy(run, run.nightMillis() + A_YEAR + i));
        }
        for (int i = 0; i < DELETED; i++) {
            String release = copies.get(i).send().release();
            Thread.sleep(i * STEP_MILLIS);
            ClusterDirectory.delete(run.directory().models().resolve("releases").resolve(release));
        }
    }

    @Override
    public List<String> wrong(CaseRun run) throws IOException {
        List<String> wrong = new ArrayList<>();
        long loaded = run.jobs().count(Job.PROFILE, "release-swaps");
        Map<Refusal, List<String>> refusals = refusals(run);
        int refused = refusals.values().stream().mapToInt(List::size).sum();
        run.note("%d deleted; two subtasks loaded %d and refused %d".formatted(DELETED, loaded, refused));
        run.note("refused: %d were gone, %d went while they were loaded, %d were loaded and given up".formatted(
                refusals.get(Refusal.GONE).size(), refusals.get(Refusal.TORN).size(), refusals.get(Refusal.GIVEN_UP).size()));
        refusals.get(Refusal.TORN).stream().findFirst().ifPresent(reason -> run.note("such as: " + reason));
        if (refusals.get(Refusal.TORN).isEmpty()) {
            wrong.add("did not strike: no release was deleted while it was loaded");
        }
        if (refused != run.jobs().count(Job.PROFILE, "releases-refused")) {
            wrong.add(run.jobs().count(Job.PROFILE, "releases-refused") + " were counted as refused");
        }
        if (loaded + refused - refusals.get(Refusal.GIVEN_UP).size() != SUBTASKS * (DELETED + 1)) {
            wrong.add("not each release was loaded or refused by each subtask");
        }
        if (run.jobs().restarts(Job.PROFILE) > 0) {
            wrong.add("the profile job restarted " + run.jobs().restarts(Job.PROFILE) + " times");
        }
        return wrong;
    }

    /** Reasons of all subtasks. */
    private static Map<Refusal, List<String>> refusals(CaseRun run) throws IOException {
        Map<Refusal, List<String>> refusals = new EnumMap<>(Refusal.class);
        for (Refusal each : Refusal.values()) {
            refusals.put(each, new ArrayList<>());
        }
        SingleObject<ModelEvaluation> codec = Published.codec(ModelEvaluation.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.MODEL_EVALUATIONS, (value, time) -> {
                ModelEvaluation evaluation = codec.decode(value);
                if (evaluation.getKind() == EvaluationKind.REFUSED) {
                    String reason = evaluation.getReasons().get(0);
                    refusals.get(Refusal.of(reason)).add(reason);
                }
            });
        }
        return refusals;
    }
}
