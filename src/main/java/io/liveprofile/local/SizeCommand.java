package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.job.Options;
import io.liveprofile.sizing.SizeFigures;
import io.liveprofile.sizing.SizeQuestion;
import io.liveprofile.sizing.SizeQuestion.TaskManager;
import io.liveprofile.sizing.Sizing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What so many users and events take, with the arithmetic. */
@Command(
        name = "size",
        sortOptions = false,
        description = "Reckons what so many users and events take of cores, memory, disk, checkpoints and Kafka, from measured figures.")
final class SizeCommand implements Callable<Integer>, Liveprofile.Verbose {
    private static final double USERS = 1_000_000;
    private static final double EVENTS_PER_USER = 28;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;
    /** Share of a rate that whoever works it out by hand may round off. */
    private static final double ROUNDED = 0.99;

    @Option(names = "--users", paramLabel = "N", description = "Users that the jobs know (default: 1000000).")
    private String users;

    @Option(names = "--rate", paramLabel = "N", description = "Events a second (default: as --events-per-user makes them).")
    private String rate;

    @Option(names = "--events-per-user", paramLabel = "N",
            description = "Events of a user in 30 days (default: 28, or as --rate makes them).")
    private String eventsPerUser;

    @Option(names = "--utilisation", paramLabel = "SHARE", defaultValue = "0.5",
            description = "Share of the cores that the events take; the rest is for peaks and for catching up (default: ${DEFAULT-VALUE}).")
    private String utilisation;

    @Option(names = "--cores", paramLabel = "N", defaultValue = "4",
            description = "Cores of a TaskManager, and its slots (default: ${DEFAULT-VALUE}).")
    private String cores;

    @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "16g",
            description = "Memory of its process, as taskmanager.memory.process.size (default: ${DEFAULT-VALUE}).")
    private String memory;

    @Option(names = "--disk", paramLabel = "GB", defaultValue = "500",
            description = "Disk of it for RocksDB, 10^9 bytes (default: ${DEFAULT-VALUE}).")
    private String disk;

    @Option(names = "--bandwidth", paramLabel = "MB", defaultValue = "250",
            description = "Bytes a second between it and where checkpoints lie, 10^6 (default: ${DEFAULT-VALUE}).")
    private String bandwidth;

    @Option(names = "--replicas", paramLabel = "N", defaultValue = "3",
            description = "Replicas of each topic (default: ${DEFAULT-VALUE}).")
    private String replicas;

    @Option(names = "--figures", paramLabel = "FILE",
            description = "What users and events take (default: sizing.yaml of the configuration).")
    private Path figures;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        Path conf = settings.job().directory();
        Configuration job = settings.job().read();
        Configuration flink = GlobalConfiguration.loadConfiguration(conf.toAbsolutePath().toString());
        Duration interval = flink.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .orElseThrow(() -> new ConfigException("config.yaml has no execution.checkpointing.interval"));
        double knownUsers = users == null ? USERS : number("USERS", users);
        boolean isRateGiven = rate != null;
        double events = eventsPerUser != null ? number("EVENTS_PER_USER", eventsPerUser)
                : isRateGiven ? SizeQuestion.eventsAUser(knownUsers, number("RATE", rate)) : EVENTS_PER_USER;
        double average = SizeQuestion.rate(knownUsers, events);
        double perSecond = isRateGiven ? number("RATE", rate) : average;
        if (eventsPerUser != null && perSecond < average * ROUNDED) { // above it: the rate of a peak
            throw new ConfigException("RATE = '%s': EVENTS_PER_USER = '%s' events of each of the USERS in 30 days are %.1f a second already"
                    .formatted(rate, eventsPerUser, average));
        }
        Sizing sizing = Sizing.of(
                new SizeQuestion(knownUsers, perSecond, events, number("UTILISATION", utilisation), taskManager(flink, job), interval,
                        job.get(Options.LABELS_MAX_WAITING), whole("REPLICAS", replicas)),
                SizeFigures.read(ConfigNode.read(figures == null ? conf.resolve("sizing.yaml") : figures)));
        sizing.lines().forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
        return 0;
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    /** As Flink divides the memory of such a process. */
    private TaskManager taskManager(Configuration flink, Configuration job) {
        int slots = whole("CORES", cores);
        TaskManager.requireCores(slots);
        TaskExecutorProcessSpec process;
        MemorySize all;
        try {
            all = MemorySize.parse(memory);
            flink.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, all);
            flink.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
            process = TaskExecutorProcessUtils.processSpecFromConfig(flink);
        } catch (IllegalArgumentException | IllegalConfigurationException e) {
            throw new ConfigException("MEMORY = '" + memory + "': must be a size such as 16g, enough for a TaskManager: "
                    + e.getMessage(), e);
        }
        long heap = process.getJvmHeapMemorySize().getBytes();
        long hot = job.get(Options.HOT_USERS).getBytes() * slots;
        return new TaskManager(slots, all.getBytes(), heap, hot == 0 ? heap / Options.HOT_USERS_HEAP_SHARE : hot,
                process.getManagedMemorySize().getBytes(), Math.round(number("DISK", disk) * GIGA),
                Math.round(number("BANDWIDTH", bandwidth) * MEGA));
    }

    private static int whole(String option, String text) {
        double number = number(option, text);
        if (number != Math.rint(number)) {
            throw new ConfigException(option + " = '" + text + "': must be a whole number");
        }
        return (int) number;
    }

    private static double number(String option, String text) {
        try {
            double number = Double.parseDouble(text.replace("_", "").replace(",", ""));
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message.
        }
        throw new ConfigException(option + " = '" + text + "': must be a number");
    }
}
