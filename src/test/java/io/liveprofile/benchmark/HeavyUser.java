package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What an event costs a user who has a great many in his windows, beside users who have few: the product's own profiler,
 * dedupe to feature vector, on users in memory. State access and shuffle are left out, as they would hide a difference.
 * Heavy and light take turns every few milliseconds, so that both are measured on the same machine.
 */
final class HeavyUser {
    /** In which the heavy user has his events. He comes at an even pace, so longer windows hold more, shorter ones fewer. */
    static final Duration WINDOW = Duration.ofHours(1);
    /** Few enough to stay in the processor's cache, as the heavy one does. */
    private static final int LIGHT_USERS = 100;
    static final int LIGHT_EVENTS = 10;

    /** Events before any time counts: a day of light ones, and what the compiler needs. */
    private static final int LIGHT_FILL = LIGHT_EVENTS * 24;
    private static final int ROUNDS = 9;
    private static final int TURN_EVENTS = 2_000;
    private static final Duration PROFILED = Duration.ofSeconds(2);
    private static final Duration PROGRESS = Duration.ofSeconds(2);

    /**
     * @param heavyNanos median of the rounds, an event
     * @param ratios of heavy to light, one a round
     * @param stateBytes of the heavy user, as written
     * @param stages of the heavy user
     */
    record Cost(double heavyNanos, double lightNanos, double[] ratios, int stateBytes, Map<String, Double> stages) {}

    private final UserProfiler profiler;
    private final int turns;
    private final ShopEvents events = new ShopEvents(1);
    private final SplittableRandom order = new SplittableRandom(1);
    private final BehaviorEvent[] turn = new BehaviorEvent[TURN_EVENTS];
    private final UserState[] states = new UserState[TURN_EVENTS];

    private final class Shopper {
        private final long number;
        private final String userId;
        private final double stepMillis;
        private UserState state = profiler.newUser();
        private long visits;

        private Shopper(long number, long eventsInWindow) {
            this.number = number;
            this.userId = ShopEvents.userId(number);
            this.stepMillis = (double) WINDOW.toMillis() / eventsInWindow;
        }

        private BehaviorEvent next() {
            return events.next(number, userId, Workload.START + (long) (visits++ * stepMillis));
        }
    }

    /** @param turns of heavy and light in a round, {@value #TURN_EVENTS} events each */
    HeavyUser(ProfileJobConfig config, int turns) {
        this.profiler = new UserProfiler(config.profiler(), config.featurePlan());
        this.turns = turns;
    }

    /** @param profile file of the flight recording of a while of the heavy user alone */
    Cost measure(int eventsInWindow, Path profile) throws IOException {
        List<Shopper> heavy = List.of(new Shopper(0, eventsInWindow));
        List<Shopper> light = new ArrayList<>();
        for (int user = 1; user <= LIGHT_USERS; user++) {
            light.add(new Shopper(user, LIGHT_EVENTS));
        }
        for (int i = 0; i < LIGHT_FILL; i++) {
            light.forEach(user -> process(user.state, user.next()));
        }
        fill(heavy.get(0), eventsInWindow);
        double[] heavyNanos = new double[ROUNDS];
        double[] lightNanos = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        round(heavy, light, 0, heavyNanos, lightNanos); // for the compiler
        for (int round = 0; round < ROUNDS; round++) {
            round(heavy, light, round, heavyNanos, lightNanos);
            ratios[round] = heavyNanos[round] / lightNanos[round];
        }
        Map<String, Double> stages;
        try (CpuProfile recording = CpuProfile.start(profile)) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < PROFILED.toNanos()) {
                nanosAnEvent(heavy);
            }
            stages = recording.stop();
        }
        return new Cost(median(heavyNanos), median(lightNanos), ratios, heavy.get(0).state.toBytes().length, stages);
    }

    private void round(List<Shopper> heavy, List<Shopper> light, int round, double[] heavyNanos, double[] lightNanos) {
        double ofHeavy = 0;
        double ofLight = 0;
        for (int turn = 0; turn < turns; turn++) {
            ofHeavy += nanosAnEvent(heavy);
            ofLight += nanosAnEvent(light);
        }
        heavyNanos[round] = ofHeavy / turns;
        lightNanos[round] = ofLight / turns;
    }

    private void fill(Shopper user, int visits) {
        long told = System.nanoTime();
        for (int i = 0; i < visits; i++) {
            process(user.state, user.next());
            if (i % TURN_EVENTS == 0 && System.nanoTime() - told > PROGRESS.toNanos()) {
                told = System.nanoTime();
                System.out.printf(Locale.ROOT, "  %-50s %,d of %,d …%n", "events of one user", i, visits);
            }
        }
    }

    /** Makes a turn's events of the users, in random order, and times what becomes of them. */
    private double nanosAnEvent(List<Shopper> users) {
        for (int i = 0; i < TURN_EVENTS; i++) {
            Shopper user = users.get(order.nextInt(users.size()));
            turn[i] = user.next();
            states[i] = user.state;
        }
        long begin = System.nanoTime();
        for (int i = 0; i < TURN_EVENTS; i++) {
            process(states[i], turn[i]);
        }
        return (double) (System.nanoTime() - begin) / TURN_EVENTS;
    }

    private void process(UserState state, BehaviorEvent event) {
        if (!(profiler.process(state, event, event.getEventTime()) instanceof Verdict.Profiled)) {
            throw new IllegalStateException("An event was not counted; a figure of it would be worth nothing");
        }
    }

    private static double median(double[] values) {
        return Figure.median(Arrays.stream(values).sorted().toArray());
    }
}
