package io.liveprofile.benchmark;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured and for how long.
 *
 * @param title what the figures are worth
 * @param rounds of the first two sections
 * @param measured each time; a multiple of the checkpoint interval, so that each has its share of checkpoints
 * @param engineWarmUp the state backend needs a while until what the users have behind them is in order
 * @param graphWarmUp the simulation's shoppers need a while until their windows hold something
 * @param usual users of the engine's own figures
 * @param rare users of the growth with their number: few events, so that the state of all can be there in minutes
 * @param dense users of the sliding windows
 * @param users numbers of users
 * @param windows numbers of windows
 * @param heavy events of one user in the window
 * @param turns of heavy and light users in a round
 */
record Scale(
        String title,
        int rounds,
        Duration warmUp,
        Duration measured,
        Duration measuredGrowth,
        Duration engineWarmUp,
        Duration graphWarmUp,
        Workload usual,
        Workload rare,
        Workload dense,
        List<Integer> users,
        List<Integer> windows,
        List<Integer> heavy,
        int turns) {

    static Scale full() {
        return new Scale(
                "full run",
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                new Workload(100_000, Duration.ofHours(6), 28),
                new Workload(1_000_000, Duration.ofHours(180), 4),
                new Workload(5_000, Duration.ofMinutes(6), 1),
                List.of(10_000, 100_000, 1_000_000, 5_000_000),
                List.of(1, 5, 15),
                List.of(10_000, 1_000_000, 5_000_000),
                30);
    }

    /** In two minutes. */
    static Scale smoke() {
        return new Scale(
                "smoke run: shows that it runs, not how fast",
                1,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                new Workload(5_000, Duration.ofHours(6), 8),
                new Workload(1_000, Duration.ofHours(180), 4),
                new Workload(100, Duration.ofMinutes(6), 1),
                List.of(1_000, 20_000),
                List.of(1, 15),
                List.of(10_000, 100_000),
                4);
    }
}
