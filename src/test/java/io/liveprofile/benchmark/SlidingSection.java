package io.liveprofile.benchmark;

import io.liveprofile.job.ProfileJobConfig;
import java.util.ArrayList;
import java.util.List;

/** The engine beside Flink's own sliding windows, both with the same counts and sums and nothing else. */
final class SlidingSection {
    private static final String ENGINE = "engine, counts and sums";
    private static final String SLIDING = "Flink's sliding windows";
    private static final int ROUNDS = 1;

    private final Run run;

    SlidingSection(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        Workload dense = run.scale().dense();
        long inWindow = SlidingWindows.LENGTH.dividedBy(dense.gap());
        // Before windows slide nothing of them is fired or cleared.
        long eventsBefore = dense.fillEvents() + dense.users() * (inWindow + 1);
        ProfileJobConfig config = run.jobs().engineConfig(FeatureFiles.countsAndSums());
        int rounds = Math.min(ROUNDS, run.scale().rounds());
        for (int round = 0; round < rounds; round++) {
            run.begin("counts and sums by Flink's sliding windows", round, rounds);
            run.measure(Jobs.slidingWindows(SLIDING, dense).after(eventsBefore));
            run.measure(Jobs.engine(ENGINE, dense, config).after(eventsBefore).profiled());
        }
        List<Figure> figures = new ArrayList<>();
        for (Popularity popularity : Popularity.values()) {
            String ours = ENGINE + popularity.suffix();
            String theirs = SLIDING + popularity.suffix();
            figures.add(run.results().rate(theirs));
            figures.add(run.results().rate(ours, theirs).toReach(Target.atLeast(20), ours));
            figures.add(run.results().figure(ours, "bytes", Measurement::stateBytesAUser, theirs));
        }
        run.report().add("Counts and sums over 1 h by 1 min, " + Run.number(dense.users()) + " users, " + inWindow
                + " events each in the window", figures);
    }
}
