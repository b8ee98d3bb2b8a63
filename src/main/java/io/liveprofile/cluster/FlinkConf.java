package io.liveprofile.cluster;

import io.liveprofile.local.LogFormat;
import io.liveprofile.local.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/**
 * Flink's settings of a cluster on this machine: those of flink-conf/config.yaml, and where that says nothing ones that let
 * all processes together do with 6 GB.
 */
final class FlinkConf {
    private static final String LOG4J = "log4j.properties";
    private static final String LOGS = "property.logs = ";

    /** What Flink's own distribution sets for Java 17, as far as the jobs need it. */
    private static final String OPENS = "--add-opens=java.base/java.util=ALL-UNNAMED"
            + " --add-opens=java.base/java.lang=ALL-UNNAMED"
            + " --add-opens=java.base/java.nio=ALL-UNNAMED"
            + " --add-opens=java.base/java.time=ALL-UNNAMED";

    private final Path directory;
    private final Configuration configuration;

    private FlinkConf(Path directory, Configuration configuration) {
        this.directory = directory;
        this.configuration = configuration;
    }

    /**
     * Writes the settings, as Flink's processes and its client read them.
     *
     * @param shipped directory with the product's config.yaml
     */
    static FlinkConf write(Path shipped, ClusterDirectory directory, Addresses addresses) {
        Configuration c = GlobalConfiguration.loadConfiguration(shipped.toAbsolutePath().toString());
        addDefaults(c);
        c.set(RestOptions.ADDRESS, Ports.LOOPBACK);
        c.set(RestOptions.BIND_ADDRESS, Ports.LOOPBACK);
        c.set(RestOptions.PORT, addresses.rest());
        c.set(RestOptions.BIND_PORT, Integer.toString(addresses.rest()));
        c.set(JobManagerOptions.ADDRESS, Ports.LOOPBACK);
        c.set(JobManagerOptions.PORT, addresses.jobManager());
        c.set(JobManagerOptions.BIND_HOST, Ports.LOOPBACK);
        c.set(TaskManagerOptions.HOST, Ports.LOOPBACK);
        c.set(TaskManagerOptions.BIND_HOST, Ports.LOOPBACK);
        if (addresses.hasZooKeeper()) {
            c.set(HighAvailabilityOptions.HA_MODE, "zookeeper");
            c.set(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, Ports.LOOPBACK + ":" + addresses.zooKeeper());
            c.set(HighAvailabilityOptions.HA_STORAGE_PATH, directory.highAvailability().toUri().toString());
            c.set(HighAvailabilityOptions.HA_JOB_MANAGER_PORT_RANGE, Integer.toString(addresses.jobManager()));
            // A JobManager that was killed leads until its session is over, and nobody else meanwhile: by Flink's default a minute.
            setDefault(c, HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT, Duration.ofSeconds(12));
        }
        c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.checkpoints().toUri().toString());
        c.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, directory.savepoints().toUri().toString());
        write(c, directory.conf());
        return new FlinkConf(directory.conf(), c);
    }

    /** Writes how all processes log; those that run see it within half a minute. */
    static void writeLogging(ClusterDirectory directory, LogFormat format) {
        try (InputStream log4j = FlinkConf.class.getResourceAsStream(LOG4J)) {
            Files.createDirectories(directory.conf());
            Files.writeString(directory.conf().resolve(LOG4J), new String(log4j.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(LOGS + LogFormat.TEXT.value(), LOGS + format.value()));
        } catch (IOException e) {
            throw new UncheckedIOException(directory.conf() + " cannot be written", e);
        }
    }

    /** How it was written that all processes log; as text where it was not. */
    static LogFormat logging(ClusterDirectory directory) {
        Path file = directory.conf().resolve(LOG4J);
        try {
            return Files.exists(file) && Files.readAllLines(file).contains(LOGS + LogFormat.JSON.value()) ? LogFormat.JSON : LogFormat.TEXT;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    Path directory() {
        return directory;
    }

    /** All of them, in a copy. */
    Configuration settings() {
        return new Configuration(configuration);
    }

    /** Of a job that asks for none. */
    int defaultParallelism() {
        return configuration.get(CoreOptions.DEFAULT_PARALLELISM);
    }

    /** Options of the JVM that config.yaml asks for, of every process and of one kind. */
    List<String> jvmOptions(ConfigOption<String> ofKind) {
        String all = String.join(" ",
                configuration.get(CoreOptions.FLINK_DEFAULT_JVM_OPTIONS),
                configuration.get(CoreOptions.FLINK_JVM_OPTIONS),
                configuration.get(ofKind));
        return List.of(all.strip().split("\\s+"));
    }

    /** Options of the JVM by which a process of that name writes its own log. */
    static List<String> logOptions(ClusterDirectory directory, String name) {
        return List.of(
                "-Dlog.file=" + directory.logs().resolve(name + ".log"),
                "-Dlog4j.configurationFile=" + directory.conf().resolve(LOG4J).toUri());
    }

    private static void addDefaults(Configuration c) {
        setDefault(c, CoreOptions.FLINK_JVM_OPTIONS, OPENS);
        setDefault(c, CoreOptions.DEFAULT_PARALLELISM, 2);
        setDefault(c, JobManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.parse("1000m"));
        setDefault(c, TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.parse("1900m"));
        setDefault(c, TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse("256m"));
        setDefault(c, TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.parse("64m"));
        // Room for both jobs on one TaskManager while the other is away; until then each has half of the tasks.
        setDefault(c, TaskManagerOptions.NUM_TASK_SLOTS, 4);
        setDefault(c, TaskManagerOptions.TASK_MANAGER_LOAD_BALANCE_MODE, TaskManagerOptions.TaskManagerLoadBalanceMode.SLOTS);
        setDefault(c, CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        setDefault(c, RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        setDefault(c, RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        setDefault(c, HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(2));
        setDefault(c, HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(30));
        setDefault(c, WebOptions.REFRESH_INTERVAL, Duration.ofMillis(500));
        // While a TaskManager that was killed owes its metrics, the JobManager asks none: by Flink's default for ten minutes.
        setDefault(c, WebOptions.TIMEOUT, Duration.ofSeconds(30));
        setDefault(c, MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofSeconds(1));
    }

    private static <T> void setDefault(
            Configuration configuration, ConfigOption<T> option, T value) {
        if (!configuration.contains(option)) {
            configuration.set(option, value);
        }
    }

    private static void write(Configuration configuration, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(GlobalConfiguration.FLINK_CONF_FILENAME),
                    ConfigurationUtils.convertConfigToWritableLines(configuration, true));
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written", e);
        }
    }
}
