package io.liveprofile.benchmark;

import io.liveprofile.local.LocalMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink cluster in this JVM for one job, every job's alike: the shipped settings of Flink, so RocksDB and an incremental
 * checkpoint every 10 s. What it wrote is gone when it is closed. A job that fails fails whoever waits for it.
 */
final class BenchmarkCluster implements AutoCloseable {
    static final int PARALLELISM = 2;
    static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    private static final int CHECKPOINTS_KEPT = 1_000;
    private static final Path SETTINGS = Path.of("flink-conf");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Path directory;
    private final Configuration configuration;
    private final MiniCluster cluster;
    private JobID job;

    BenchmarkCluster(Path directory) throws Exception {
        this.directory = directory.resolve("job").toAbsolutePath();
        delete(this.directory);
        Files.createDirectories(this.directory);
        configuration = configuration(this.directory);
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(PARALLELISM)
                .build());
        cluster.start();
    }

    StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    }

    void submit(StreamExecutionEnvironment env) throws Exception {
        job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
    }

    /** What the product's operators count. */
    LocalMetrics metrics() {
        return LocalMetrics.open(directory.toString());
    }

    /** Lets the job run. */
    void run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK.toNanos()));
            requireRunning();
        }
    }

    /** Bytes of the newest checkpoint, all of it and not only what it added. */
    long stateBytes() throws Exception {
        if (newestCheckpoint() == null) {
            cluster.triggerCheckpoint(job).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        return newestCheckpoint().getStateSize();
    }

    /** Bytes that each checkpoint added, oldest first. */
    List<Long> addedBytes() throws Exception {
        List<Long> added = new ArrayList<>();
        for (AbstractCheckpointStats each : statistics().getHistory().getCheckpoints()) {
            if (each instanceof CompletedCheckpointStats) {
                added.add(0, each.getCheckpointedSize());
            }
        }
        return added;
    }

    /** Bytes of the files on the workers' disks, which are RocksDB's but for some kilobytes. */
    long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("tmp"))) {
            Map<Object, Long> bytes = new HashMap<>(); // a file that a checkpoint holds has a second name
            for (Path file : files.toList()) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        bytes.put(attributes.fileKey(), attributes.size());
                    }
                } catch (NoSuchFileException e) {
                    // compacted meanwhile
                }
            }
            return bytes.values().stream().mapToLong(Long::longValue).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        LocalMetrics.close(directory.toString());
        delete(directory);
    }

    private CompletedCheckpointStats newestCheckpoint() throws Exception {
        return statistics().getHistory().getLatestCompletedCheckpoint();
    }

    private CheckpointStatsSnapshot statistics() throws Exception {
        return cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
    }

    private void requireRunning() throws Exception {
        if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            throw new IllegalStateException("The job has ended", cluster.requestJobResult(job).get()
                    .getSerializedThrowable()
                    .map(error -> error.deserializeError(getClass().getClassLoader()))
                    .orElse(null));
        }
    }

    private static Configuration configuration(Path directory) {
        Configuration c = GlobalConfiguration.loadConfiguration(SETTINGS.toString());
        c.set(CoreOptions.DEFAULT_PARALLELISM, PARALLELISM);
        c.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());
        c.set(RestOptions.BIND_PORT, "0");
        c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        c.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.resolve("checkpoints").toUri().toString());
        c.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        c.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, CHECKPOINTS_KEPT);
        c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        c.setString("metrics.reporters", "local");
        c.setString("metrics.reporter.local.factory.class", LocalMetrics.Factory.class.getName());
        c.setString("metrics.reporter.local.registry", directory.toString());
        return c;
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
