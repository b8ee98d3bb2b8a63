package io.liveprofile.benchmark;

import io.liveprofile.inference.ModelStores;
import io.liveprofile.job.ProfileJobConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The engine alone and the whole graph beside the floor. */
final class EngineSection {
    static final String ENGINE = "engine";
    static final String FLOOR = "floor, the same events";
    /** A user of this one takes about what the floor's value does. */
    private static final String SMALL = "engine, counts and sums of 1 h";

    private static final String IDS_FLOOR = "floor, user ids alone";
    private static final String GRAPH = "whole graph";
    private static final String GRAPH_FLOOR = "floor, the graph's users";
    private static final int SAMPLED_USERS = 500;
    /** Share of the run's time after which no further round begins. */
    private static final double LATEST_ROUND = 0.3;

    private final Run run;
    private final Workload usual;
    private final ProfileJobConfig engine = Jobs.engineConfig();
    private final ProfileJobConfig shipped = Jobs.shipped();

    private long profiles;
    private long profileBytes;

    EngineSection(Run run) {
        this.run = run;
        this.usual = run.scale().usual();
    }

    void measure() throws Exception {
        ProfileJobConfig small = run.jobs().engineConfig(FeatureFiles.countsAndSums());
        int rounds = run.scale().rounds();
        for (int round = 0; round < rounds; round++) {
            if (round > 0 && run.isBeyond(LATEST_ROUND, "round " + (round + 1) + " of engine and whole graph")) {
                break;
            }
            run.begin("engine and whole graph", round, rounds);
            run.measure(Jobs.idsFloor(IDS_FLOOR, usual));
            run.measure(Jobs.floor(FLOOR, usual));
            run.results().addAll(run.measurer().withWarmUp(run.scale().settling())
                    .measure(Jobs.engine(ENGINE, usual, engine).profiled()));
            run.measure(Jobs.engine(SMALL, usual, small));
            run.measure(run.jobs().graphFloor(GRAPH_FLOOR, usual.users()));
            measureGraph();
        }
        report();
    }

    private void measureGraph() throws Exception {
        profiles -= Processed.EVENTS.sum();
        profileBytes -= Processed.PROFILE_BYTES.sum();
        Measurer measurer = run.measurer().withWarmUp(run.scale().graphWarmUp());
        run.results().addAll(measurer.measure(run.jobs().graph(GRAPH, usual.users(), shipped).profiled()));
        profiles += Processed.EVENTS.sum();
        profileBytes += Processed.PROFILE_BYTES.sum();
    }

    private void report() {
        Results results = run.results();
        List<Figure> rates = new ArrayList<>();
        List<Figure> cpu = new ArrayList<>();
        List<Figure> bytes = new ArrayList<>();
        for (Popularity popularity : Popularity.values()) {
            String ours = ENGINE + popularity.suffix();
            String floor = FLOOR + popularity.suffix();
            String idsFloor = IDS_FLOOR + popularity.suffix();
            rates.add(results.rate(idsFloor));
            rates.add(results.rate(floor));
            rates.add(results.rate(ours, floor).toReach(
                    popularity == Popularity.UNIFORM ? Target.atLeast(0.6) : Target.above(1), ours));
            rates.add(results.rate(ours, idsFloor));
            rates.add(results.rate(SMALL + popularity.suffix(), floor));
            cpu.add(results.figure(ours, "CPU µs", Measurement::cpuMicros, floor));
            bytes.add(results.figure(ours, "bytes", Measurement::stateBytesAUser, floor));
            bytes.add(results.figure(SMALL + popularity.suffix(), "bytes", Measurement::stateBytesAUser, floor));
            run.report().detail(ours);
        }
        rates.add(results.rate(GRAPH_FLOOR));
        rates.add(results.rate(GRAPH, GRAPH_FLOOR));
        rates.add(results.rate(GRAPH, IDS_FLOOR + Popularity.UNIFORM.suffix()));
        cpu.add(results.figure(GRAPH, "CPU µs", Measurement::cpuMicros, GRAPH_FLOOR));
        bytes.add(results.figure(GRAPH, "bytes", Measurement::stateBytesAUser, GRAPH_FLOOR));
        bytes.add(Figure.of("record as written, of a user of " + usual.filled() + " events", "bytes",
                        new UserSizes(engine).of(usual, Math.min(usual.users(), SAMPLED_USERS)).state())
                .against("the floor's value", Floor.BYTES));
        bytes.add(Figure.of("profile as published by the whole graph", "bytes", (double) profileBytes / profiles));
        run.report().detail(GRAPH);

        String users = Run.number(usual.users()) + " users, " + Duration.ofDays(1).dividedBy(usual.gap()) + " events a day each";
        run.report().add("Events a second, " + users, rates);
        run.report().add("CPU an event, " + users, cpu);
        run.report().add("State a user in a checkpoint, " + users, bytes);
        run.report().note(ModelStores.open(shipped.modelStore()).latest()
                .map(release -> "the whole graph scores with release " + release.id())
                .orElse("the whole graph does not score: no model is released, see make model"));
    }
}
