package io.liveprofile.benchmark;

import io.liveprofile.benchmark.GrowthPicture.Line;
import io.liveprofile.benchmark.GrowthPicture.Panel;
import io.liveprofile.job.ProfileJobConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** How the cost of an event grows with users, with windows, and with the events of one user. */
final class GrowthSection {
    private static final String ENGINE = EngineSection.ENGINE;
    private static final String FLOOR = "floor";
    private static final String COST = "µs an event";
    private static final int MILLION = 1_000_000;
    /** Share of the run's time after which no further number of users begins. */
    private static final double LATEST_USERS = 0.75;

    private final Run run;
    private final Scale scale;
    private final Results results;
    private final Measurer measurer;

    GrowthSection(Run run) {
        this.run = run;
        this.scale = run.scale();
        this.results = run.results();
        this.measurer = run.measurer().withWarmUp(scale.settling()).withMeasured(scale.measuredGrowth());
    }

    /** All else equal: each user has as many events behind him, and as much state, whatever the number of users. */
    void measureUsers() throws Exception {
        ProfileJobConfig config = Jobs.engineConfig();
        List<Integer> numbers = new ArrayList<>();
        for (int users : scale.users()) {
            if (!numbers.isEmpty() && run.isBeyond(LATEST_USERS, Run.number(users) + " users")) {
                break;
            }
            run.begin("growth with users, " + Run.number(users), 0, 1);
            Workload rare = scale.rare().withUsers(users);
            results.addAll(measurer.measure(Jobs.floor(users(FLOOR, users), rare)));
            results.addAll(measurer.measure(Jobs.engine(users(ENGINE, users), rare, config).profiled()));
            numbers.add(users);
        }
        List<Line> lines = new ArrayList<>();
        for (Popularity popularity : Popularity.values()) {
            reportUsers(numbers, popularity, lines);
        }
        run.report().add(new Panel("Cost by users", "users", COST, lines));
    }

    private void reportUsers(List<Integer> numbers, Popularity popularity, List<Line> lines) {
        IntFunction<String> ours = users -> users(ENGINE, users) + popularity.suffix();
        IntFunction<String> floor = users -> users(FLOOR, users) + popularity.suffix();
        List<Figure> figures = new ArrayList<>();
        for (int users : numbers) {
            figures.add(results.cost(floor.apply(users)));
            figures.add(results.cost(ours.apply(users), floor.apply(users)));
            figures.add(results.figure(ours.apply(users), "bytes a user", Measurement::stateBytesAUser, floor.apply(users)));
            noteAbsentUsers(ours.apply(users), users);
        }
        int least = scale.users().get(0);
        int most = million();
        if (numbers.contains(most)) {
            String growth = ", " + Run.number(least) + " to " + Run.number(most) + " " + popularity.title();
            figures.add(Figure.of(ENGINE + growth, "times", growth(ours.apply(least), ours.apply(most)))
                    .against(FLOOR + growth, growth(floor.apply(least), floor.apply(most)))
                    .toReach(Target.atMost(1.5), ours.apply(most)));
        }
        run.report().add("Growth with users, " + popularity.title() + " of "
                + Duration.ofDays(30).dividedBy(scale.rare().gap()) + " events in 30 days on average", figures);
        lines.add(line(ENGINE + popularity.suffix(), numbers, ours, false));
        lines.add(line(FLOOR + popularity.suffix(), numbers, floor, true));
    }

    /** A million, or the most there are in a run too short for so many. */
    private int million() {
        return scale.users().contains(MILLION) ? MILLION : scale.users().get(scale.users().size() - 1);
    }

    private double growth(String from, String to) {
        return results.cost(to).value() / results.cost(from).value();
    }

    void measureWindows() throws Exception {
        Workload usual = scale.usual();
        IntFunction<String> ours = windows -> ENGINE + ", " + windows + (windows == 1 ? " window" : " windows");
        IntFunction<String> floor = windows -> "floor beside " + windows + (windows == 1 ? " window" : " windows");
        List<Figure> figures = new ArrayList<>();
        for (int windows : scale.windows()) {
            run.begin("growth with windows, " + windows, 0, 1);
            ProfileJobConfig config = run.jobs().engineConfig(FeatureFiles.windows(windows));
            results.addAll(measurer.measure(Jobs.floor(floor.apply(windows), usual).only(Popularity.UNIFORM)));
            results.addAll(measurer.measure(
                    Jobs.engine(ours.apply(windows), usual, config).only(Popularity.UNIFORM).profiled()));
            figures.add(results.cost(floor.apply(windows)));
            figures.add(results.cost(ours.apply(windows), floor.apply(windows)));
            figures.add(results.figure(ours.apply(windows), "bytes a user", Measurement::stateBytesAUser, floor.apply(windows)));
        }
        String first = ours.apply(scale.windows().get(0));
        for (int windows : scale.windows().subList(1, scale.windows().size())) {
            figures.add(results.cost(ours.apply(windows), first));
        }
        run.report().add("Growth with windows of twelve aggregates, " + Run.number(usual.users()) + " uniform users", figures);
        run.report().add(new Panel("Cost by windows", "windows", COST, List.of(
                line(ENGINE, scale.windows(), ours, false), line("floor", scale.windows(), floor, true))));
    }

    void measureHeavyUser() throws Exception {
        List<Figure> figures = new ArrayList<>();
        double[] x = scale.heavy().stream().mapToDouble(Integer::doubleValue).toArray();
        double[] heavy = new double[x.length];
        double[] light = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int events = scale.heavy().get(i);
            String name = "user of " + Run.number(events) + " events an hour";
            run.begin(name, 0, 1);
            Path recording = run.directory().resolve(Measurer.file(name));
            HeavyUser.Cost cost = new HeavyUser(Jobs.engineConfig(), scale.turns()).measure(events, recording);
            heavy[i] = cost.heavyNanos() / 1e3;
            light[i] = cost.lightNanos() / 1e3;
            run.report().addStages(name, cost.stages());
            Figure figure = Figure.of(name, COST, heavy[i])
                    .against("user of " + HeavyUser.LIGHT_EVENTS + " events an hour", light[i], cost.ratios());
            figures.add(i < x.length - 1 ? figure : figure.toReach(Target.atMost(1.2), name));
            figures.add(Figure.of(name, "bytes", cost.stateBytes()).against("the floor's value", Floor.BYTES));
        }
        run.report().add("Growth with the events of one user in the window, users in memory", figures);
        run.report().add(new Panel("Cost by events of one user", "events in the window of 1 h", COST, List.of(
                new Line("heavy user", x, heavy, false),
                new Line("users of " + HeavyUser.LIGHT_EVENTS + " events an hour", x, light, true))));
    }

    private void noteAbsentUsers(String name, int users) {
        long seen = results.last(name).users();
        if (seen < users) {
            run.report().note(name + ": only " + Run.number(seen) + " users were there");
        }
    }

    private Line line(String name, List<Integer> x, IntFunction<String> measurement, boolean isBaseline) {
        return new Line(
                name,
                x.stream().mapToDouble(Integer::doubleValue).toArray(),
                x.stream().mapToDouble(value -> results.cost(measurement.apply(value)).value()).toArray(),
                isBaseline);
    }

    private static String users(String name, int users) {
        return name + ", " + Run.number(users) + " users";
    }
}
