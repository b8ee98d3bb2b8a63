package io.liveprofile.simulation;

/**
 * Everything that decides the simulated stream: equal configs give equal streams.
 *
 * @param seed any number
 * @param users 1 to 4,000,000
 * @param items 10 to 1,000,000, at least as many as categories
 * @param categories 1 to 10,000
 * @param brands 1 to 100,000
 * @param startMillis event time at which the stream begins, ms UTC, 0 or later
 * @param eventsPerSecond events a simulated second over all users, averaged over weeks. Shoppers behave most like people
 *     near 2 for each 10,000 users (17 events a user and day); more makes each visit more often, not longer. Above 0 to
 *     10 for each user
 * @param fraud which share of the users is not honest
 */
public record SimulationConfig(
        long seed,
        int users,
        int items,
        int categories,
        int brands,
        long startMillis,
        double eventsPerSecond,
        FraudMix fraud) {

    /** 2026-03-02T00:00:00Z, a Monday. */
    private static final long DEFAULT_START_MILLIS = 1_772_409_600_000L;

    public SimulationConfig {
        requireRange("simulation.users", users, 1, 4_000_000);
        requireRange("simulation.categories", categories, 1, 10_000);
        requireRange("simulation.items", items, Math.max(10, categories), 1_000_000);
        requireRange("simulation.brands", brands, 1, 100_000);
        requireRange("simulation.startMillis", startMillis, 0, 1L << 52);
        if (!(eventsPerSecond > 0 && eventsPerSecond <= 10.0 * users)) {
            throw new IllegalArgumentException("simulation.eventsPerSecond: " + eventsPerSecond
                    + ", allowed: above 0 to " + 10L * users + " (10 for each user)");
        }
        if (fraud == null) {
            throw new IllegalArgumentException("simulation.fraud: null, allowed: a mix of shares, such as none");
        }
    }

    /** 10,000 users, 5,000 items, 60 categories, 200 brands, 2 events a second, from Monday 2026-03-02 UTC. */
    public static SimulationConfig defaults() {
        return new SimulationConfig(1, 10_000, 5_000, 60, 200, DEFAULT_START_MILLIS, 2.0, FraudMix.defaults());
    }

    public SimulationConfig withSeed(long value) {
        return new SimulationConfig(value, users, items, categories, brands, startMillis, eventsPerSecond, fraud);
    }

    public SimulationConfig withUsers(int value) {
        return new SimulationConfig(seed, value, items, categories, brands, startMillis, eventsPerSecond, fraud);
    }

    public SimulationConfig withStartMillis(long value) {
        return new SimulationConfig(seed, users, items, categories, brands, value, eventsPerSecond, fraud);
    }

    public SimulationConfig withEventsPerSecond(double value) {
        return new SimulationConfig(seed, users, items, categories, brands, startMillis, value, fraud);
    }

    public SimulationConfig withFraud(FraudMix value) {
        return new SimulationConfig(seed, users, items, categories, brands, startMillis, eventsPerSecond, value);
    }

    private static void requireRange(String key, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(key + ": " + value + ", allowed: " + low + " to " + high);
        }
    }
}
