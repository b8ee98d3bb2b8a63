package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.nio.file.Path;
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

    @Mixin
    private TrafficOptions traffic;

    @Option(names = "--duration", paramLabel = "TIME",
            description = "Stop by itself after this long, such as 90s, 10min, 1h (default: never).")
    private String duration;

    @Option(names = "--kafka-port", paramLabel = "PORT", defaultValue = "9092",
            description = "Loopback port of the broker, 0 = any (default: ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(names = "--flink-port", paramLabel = "PORT", defaultValue = "8081",
            description = "Loopback port of Flink's web UI, 0 = any (default: ${DEFAULT-VALUE}).")
    private int flinkPort;

    @Option(names = "--logs", paramLabel = "FORMAT", defaultValue = "text",
            description = "The log as text or as json, a line an event (default: ${DEFAULT-VALUE}).")
    private String logs;

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
        System.setProperty("liveprofile.log", RunDirectory.log(directory).toString());
        System.setProperty("liveprofile.log.append", "true"); // until the directory is known to be ours
        System.setProperty("liveprofile.logs", LogFormat.of(logs).value());
        // Before anything is started or removed: a wrong port or file shall change nothing.
        Ports.requireFree(kafkaPort, "KAFKA_PORT");
        Ports.requireFree(flinkPort, "FLINK_PORT");
        LiveJob job = parts.job(plan);
        Traffic sent = parts.traffic(plan);
        StopSignal stop = new StopSignal();
        stop.listen();
        return new LocalRun(plan, job, sent, Console.standard(), stop).run().exitCode();
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
                traffic.rate(),
                duration == null ? null : RunPlan.time("DURATION", duration),
                traffic.data(),
                traffic.mapping(),
                traffic.speed(),
                maxLag,
                traffic.users(),
                traffic.seed());
    }
}
