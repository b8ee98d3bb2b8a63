package io.liveprofile.benchmark;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured and for how long.
 *
 * @param title what the figures are worth
 * @param limit of the whole run
 * @param rounds of the engine and the graph
 * @param warmUp before each measured time
 * @param settling warm-up of what has much state: until RocksDB has compacted what filling it wrote
 * @param graphWarmUp until the simulation's shoppers have something in their windows
 * @param measured each time; a multiple of the checkpoint interval, so that each has its share of checkpoints
 * @param measuredGrowth the same where there is but one round
 * @param usual users of the engine's own figures
 * @param rare users of the growth with their number: few events, so that the state of all can be there in minutes
 * @param dense users of the sliding windows
 * @param users numbers of users
 * @param windows numbers of windows
 * @param heavy events of one user in the window
 * @param turns of heavy and light users in a round
 * @param releases that are waited for
 */
record Scale(
        String title,
        Duration limit,
        int rounds,
        Duration warmUp,
        Duration settling,
        Duration graphWarmUp,
        Duration measured,
        Duration measuredGrowth,
        Workload usual,
        Workload rare,
        Workload dense,
        List<Integer> users,
        List<Integer> windows,
        List<Integer> heavy,
        int turns,
        int releases) {

    static Scale full() {
        return new Scale(
                "full run",
                Duration.ofMinutes(43),
                3,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                new Workload(100_000, Duration.ofHours(6), 28),
                new Workload(1_000_000, Duration.ofHours(180), 4),
                new Workload(5_000, Duration.ofMinutes(6), 1),
                List.of(10_000, 100_000, 1_000_000, 5_000_000),
                List.of(1, 5, 15),
                List.of(10_000, 1_000_000, 5_000_000),
                30,
                5);
    }

    /** In three minutes. */
    static Scale smoke() {
        return new Scale(
                "smoke run: shows that it runs, not how fast",
                Duration.ofMinutes(3),
                1,
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                new Workload(5_000, Duration.ofHours(6), 8),
                new Workload(1_000, Duration.ofHours(180), 4),
                new Workload(100, Duration.ofMinutes(6), 1),
                List.of(1_000, 20_000),
                List.of(1, 15),
                List.of(10_000, 100_000),
                4,
                1);
    }
}
