package io.liveprofile.local;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the commands that send traffic: what is sent, and how fast. */
public final class TrafficOptions {
    @Option(names = "--rate", paramLabel = "N|max", defaultValue = "1000",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    private String rate;

    @Option(names = "--users", paramLabel = "N", defaultValue = "100000",
            description = "Shoppers to simulate (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Seed of the simulation: what another seed sends is of other events (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--data", paramLabel = "FILE", description = "Replay this file instead of simulating.")
    private Path data;

    @Option(names = "--mapping", paramLabel = "FILE", description = "How the file's columns become events.")
    private Path mapping;

    @Option(names = "--speed", paramLabel = "X|max", defaultValue = "max",
            description = "Multiple of real time of a replay (default: ${DEFAULT-VALUE}).")
    private String speed;

    /** Simulated events a second. */
    public double rate() {
        return RunPlan.pace("RATE", rate);
    }

    public int users() {
        return users;
    }

    public long seed() {
        return seed;
    }

    /** Null = simulate. */
    public Path data() {
        return data;
    }

    /** Null = none. */
    public Path mapping() {
        return mapping;
    }

    /** Multiple of real time. */
    public double speed() {
        return RunPlan.pace("SPEED", speed);
    }
}
