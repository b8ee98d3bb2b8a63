package io.liveprofile.cluster;

import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A release is announced behind a checkpoint and scores already when a TaskManager is killed, before there is another checkpoint
 * that knows it. Each vector, also one that is scored again, must be scored by the release of its time.
 *
 * <p>The traffic is held until there is the checkpoint, so that the release can be made before and still is active a certain share
 * of the traffic behind it. It is wrong, too, when the job went back to a later checkpoint or nothing was scored again.
 */
final class ReleaseBeforeAKill implements Fault.BetweenCheckpoints {
    /**
     * Shares of the traffic from the checkpoint to the activation and to the kill: 6 and 8 s. Both subtasks load the release in
     * less than 3 s; where one is later than the activation it is late by design (release-swaps-late), and this case of no worth.
     */
    private static final double LEAD = 0.14;
    private static final double KILL = 0.19;

    private long activeFrom;
    private String release;
    private long before;
    private long wentBackTo;

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.3);
        run.hold(true);
        double sent = run.sent();
        activeFrom = run.timeOfShare(sent + LEAD);
        Announcement copy = Announcement.ofCopy(run, activeFrom);
        release = copy.release();
        run.awaitCheckpoint(Job.PROFILE);
        before = run.jobs().newestCheckpoint(Job.PROFILE);
        copy.send();
        run.hold(false);
        run.awaitSent(sent + KILL);
        CaseRun.await("a vector scored by the release", () -> vectors(run).containsKey(Scored.BY_IT));
        wentBackTo = Fault.killAndRecover(run);
    }

    @Override
    public Predicate<String> changed() {
        return Published.RELEASE::equals;
    }

    @Override
    public List<String> wrong(CaseRun run) {
        Map<Scored, Map<String, Integer>> vectors = vectors(run);
        Map<String, Integer> byIt = vectors.getOrDefault(Scored.BY_IT, Map.of());
        long again = byIt.values().stream().filter(times -> times > 1).count();
        Map<String, Integer> byTheOneBefore = vectors.getOrDefault(Scored.BY_THE_ONE_BEFORE, Map.of());
        run.note("announced behind checkpoint %d, went back to %d".formatted(before, wentBackTo));
        run.note("vectors scored by the release: %,d, of them again: %,d; by the one before it: %,d".formatted(
                byIt.size(), again, byTheOneBefore.size()));
        List<String> wrong = new ArrayList<>();
        if (vectors.containsKey(Scored.BY_THE_OTHER)) {
            Map<String, Integer> byTheOther = vectors.get(Scored.BY_THE_OTHER);
            wrong.add(byTheOther.size() + " vectors were scored by another release than that of their time, such as "
                    + byTheOther.keySet().iterator().next());
        }
        if (wentBackTo > before) {
            wrong.add("did not strike: it went back to a checkpoint behind the announcement");
        }
        if (again == 0) {
            wrong.add("did not strike: no vector was scored by the release again");
        }
        return wrong;
    }

    private enum Scored {
        /** By the release, and rightly. */
        BY_IT,
        /** Rightly. */
        BY_THE_ONE_BEFORE,
        /** Wrongly. */
        BY_THE_OTHER
    }

    /** How often each prediction stands in the topic, by who scored it. */
    private Map<Scored, Map<String, Integer>> vectors(CaseRun run) {
        Map<Scored, Map<String, Integer>> vectors = new HashMap<>();
        SingleObject<ScoredFeatures> codec = Published.codec(ScoredFeatures.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.SCORED_FEATURES, (value, time) -> {
                ScoredFeatures vector = codec.decode(value);
                boolean isByIt = release.equals(vector.getReleaseId());
                boolean isRight = isByIt == vector.getAsOf() >= activeFrom;
                Scored scored = !isRight ? Scored.BY_THE_OTHER : isByIt ? Scored.BY_IT : Scored.BY_THE_ONE_BEFORE;
                vectors.computeIfAbsent(scored, any -> new HashMap<>()).merge(vector.getPredictionId(), 1, Integer::sum);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return vectors;
    }
}
