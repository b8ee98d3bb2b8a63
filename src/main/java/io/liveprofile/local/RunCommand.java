package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything in one JVM. */
@Command(
        name = "run",
        sortOptions = false,
        description = "Starts a Kafka broker, Flink with its web UI, the profile job and traffic in one process.",
        footer = {
            "",
            "Ends at the end of DATA, after DURATION or at Ctrl-C. The job then reads what is",
            "left, and a balance shows where every event ended. Another Ctrl-C ends at once.",
            "Exit code: 0 = adds up, 1 = failed or does not add up, 2 = unusable options."
        })
final class RunCommand implements Callable<Integer>, Liveprofile.Verbose {
    private final Parts parts;

    @Option(names = "--rate", paramLabel = "N|max", defaultValue = "1000",
            description = "Simulated events a second (default: ${DEFAULT-VALUE}).")
    private String rate;

    @Option(names = "--duration", paramLabel = "TIME",
            description = "Stop by itself after this long, such as 90s, 10min, 1h (default: never).")
    private String duration;

    @Option(names = "--data", paramLabel = "FILE", description = "Replay this file instead of simulating.")
    private Path data;

    @Option(names = "--mapping", paramLabel = "FILE", description = "How the file's columns become events.")
    private Path mapping;

    @Option(names = "--speed", paramLabel = "X|max", defaultValue = "max",
            description = "Multiple of real time of a replay (default: ${DEFAULT-VALUE}).")
    private String speed;

    @Option(names = "--kafka-port", paramLabel = "PORT", defaultValue = "9092",
            description = "Loopback port of the broker, 0 = any (default: ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(names = "--flink-port", paramLabel = "PORT", defaultValue = "8081",
            description = "Loopback port of Flink's web UI, 0 = any (default: ${DEFAULT-VALUE}).")
    private int flinkPort;

    @Option(names = "--keep", description = "Go on with the data and state of the last run.")
    private boolean keep;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "target/run",
            description = "Where everything is written (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "4",
            description = "Partitions of the topics keyed by user (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--parallelism", paramLabel = "N",
            description = "Parallelism of the job (default: processors, at most 4).")
    private Integer parallelism;

    @Option(names = "--max-lag", paramLabel = "N", defaultValue = "100000",
            description = "Sending pauses while the job is this many events behind (default: ${DEFAULT-VALUE}).")
    private long maxLag;

    @Option(names = "--users", paramLabel = "N", defaultValue = "100000",
            description = "Shoppers to simulate (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Seed of the simulation (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    RunCommand(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Integer call() throws Exception {
        RunPlan plan = plan();
        System.setProperty("liveprofile.log", directory.resolve("liveprofile.log").toString());
        // Before anything is started or removed: a wrong port or file shall change nothing.
        Ports.requireFree(kafkaPort, "KAFKA_PORT");
        Ports.requireFree(flinkPort, "FLINK_PORT");
        LiveJob job = parts.job(plan);
        Traffic traffic = parts.traffic(plan);
        StopSignal stop = new StopSignal();
        stop.listen();
        return new LocalRun(plan, job, traffic, Console.standard(), stop).run().exitCode();
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    private RunPlan plan() {
        if (kafkaPort == flinkPort && kafkaPort != 0) {
            throw new ConfigException("KAFKA_PORT and FLINK_PORT are both " + kafkaPort);
        }
        return new RunPlan(
                directory,
                settings.job(),
                kafkaPort,
                flinkPort,
                partitions,
                parallelism == null ? Math.min(4, Runtime.getRuntime().availableProcessors()) : parallelism,
                keep,
                RunPlan.pace("RATE", rate),
                duration == null ? null : parseDuration(duration),
                data,
                mapping,
                RunPlan.pace("SPEED", speed),
                maxLag,
                users,
                seed);
    }

    private static Duration parseDuration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("DURATION: '" + text + "' is not a time such as 90s, 10min or 1h", e);
        }
    }
}
