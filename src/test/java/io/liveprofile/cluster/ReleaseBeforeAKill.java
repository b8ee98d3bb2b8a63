package io.liveprofile.cluster;

import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A release is announced behind a checkpoint and scores already when a TaskManager is killed. Each vector, also one that is
 * scored again, must be scored by the release of its time.
 */
final class ReleaseBeforeAKill implements Fault.Disturbance {
    /** Shares of the traffic from the announcement to the activation and to the kill: some seconds. */
    private static final double LEAD = 0.10;
    private static final double KILL = 0.15;

    private long activeFrom;
    private String release;

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.3);
        run.awaitCheckpoint(Job.PROFILE);
        double sent = run.sent();
        activeFrom = run.timeOfShare(sent + LEAD);
        release = Announcement.ofCopy(run, activeFrom).release();
        long before = run.checkpoints(Job.PROFILE);
        run.awaitSent(sent + KILL);
        run.note(run.checkpoints(Job.PROFILE) == before
                ? "killed before there was another checkpoint"
                : "killed after another checkpoint, which knows the release");
        Fault.killAndRecover(run);
    }

    @Override
    public Predicate<String> changed() {
        return Published.RELEASE::equals;
    }

    @Override
    public List<String> wrong(CaseRun run) throws IOException {
        Map<String, Long> vectors = new TreeMap<>(Map.of("of it", 0L, "of before, rightly", 0L, "wrong", 0L));
        SingleObject<ScoredFeatures> codec = Published.codec(ScoredFeatures.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.SCORED_FEATURES, (value, time) -> {
                ScoredFeatures vector = codec.decode(value);
                boolean isOfIt = release.equals(vector.getReleaseId());
                boolean isRight = isOfIt == vector.getAsOf() >= activeFrom;
                vectors.merge(!isRight ? "wrong" : isOfIt ? "of it" : "of before, rightly", 1L, Long::sum);
            });
        }
        run.note("vectors scored by the release: " + vectors.get("of it") + ", by the one before it: " + vectors.get("of before, rightly"));
        return vectors.get("wrong") == 0 && vectors.get("of it") > 0
                ? List.of()
                : List.of(vectors.get("wrong") + " vectors were scored by another release than that of their time, "
                        + vectors.get("of it") + " by the new one");
    }
}
