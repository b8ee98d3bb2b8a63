package io.liveprofile.benchmark;

import io.liveprofile.job.ProfileJobConfig;
import java.util.List;

/** What it costs to ask an event's item and device, and whether one item with half of the traffic stalls the job. */
final class KeysSection {
    private static final String WITHOUT = "engine without other keys";
    private static final String SPREAD = "item and device asked";
    private static final String HOT = "half of the events about one item";
    private static final int ROUNDS = 2;
    private static final double HOT_SHARE = 0.5;

    private final Run run;

    KeysSection(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        Workload usual = run.scale().usual().filledOnce();
        ProfileJobConfig without = run.jobs().engineConfig(FeatureFiles.keyed(false));
        ProfileJobConfig keyed = run.jobs().engineConfig(FeatureFiles.keyed(true));
        int rounds = Math.min(ROUNDS, run.scale().rounds());
        for (int round = 0; round < rounds; round++) {
            run.begin("other keys than the user", round, rounds);
            run.measure(Jobs.keyed(WITHOUT, usual, without, 0));
            run.measure(Jobs.keyed(SPREAD, usual, keyed, 0).profiled());
            run.measure(Jobs.keyed(HOT, usual, keyed, HOT_SHARE).profiled());
        }
        run.report().detail(SPREAD);
        run.report().detail(HOT);
        run.report().add("Aggregates of other keys, " + Run.number(usual.users()) + " users", List.of(
                run.results().rate(WITHOUT),
                run.results().rate(SPREAD, WITHOUT),
                run.results().rate(HOT, SPREAD)));
    }
}
