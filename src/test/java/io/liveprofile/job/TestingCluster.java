package io.liveprofile.job;

import static org.assertj.core.api.Assertions.fail;

import io.liveprofile.local.LocalMetrics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this JVM with RocksDB, whose TaskManager can be killed. */
final class TestingCluster implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path directory;
    private final Configuration configuration;
    private final MiniCluster cluster;
    private JobID job;

    TestingCluster(Path directory, int parallelism) throws Exception {
        this.directory = directory;
        configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.resolve("checkpoints").toUri().toString());
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        configuration.setString("metrics.reporters", "local");
        configuration.setString("metrics.reporter.local.factory.class", LocalMetrics.Factory.class.getName());
        configuration.setString("metrics.reporter.local.registry", directory.toString());
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .build());
        cluster.start();
    }

    StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    }

    /** In which a job begins with that state. */
    StreamExecutionEnvironment environment(String savepoint) {
        Configuration restoring = new Configuration(configuration);
        restoring.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return StreamExecutionEnvironment.getExecutionEnvironment(restoring);
    }

    /** What the job counts. */
    LocalMetrics metrics() {
        return LocalMetrics.open(directory.toString());
    }

    void submit(StreamExecutionEnvironment env) throws Exception {
        job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
    }

    /** Goes on from a savepoint; fails when it holds state of an operator that the graph does not have. */
    void submit(StreamExecutionEnvironment env, Path savepoint) throws Exception {
        JobGraph graph = env.getStreamGraph().getJobGraph();
        graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint.toUri().toString(), false));
        job = cluster.submitJob(graph).get().getJobID();
    }

    /** Everything the TaskManager held in memory is gone; another one takes its place. */
    void killTaskManager() throws Exception {
        cluster.terminateTaskManager(0).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        cluster.startTaskManager();
    }

    void awaitCheckpoint() throws Exception {
        await("a checkpoint", () -> {
            try {
                cluster.triggerCheckpoint(job).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (Exception e) {
                return false; // not all tasks run yet
            }
        });
    }

    /** Returns when {@code done} holds; fails with the job's own error when the job has ended. */
    void await(String what, BooleanSupplier done) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            if (cluster.getJobStatus(job).get() == JobStatus.FAILED) {
                throw new AssertionError("The job failed", cluster.requestJobResult(job).get()
                        .getSerializedThrowable().orElseThrow()
                        .deserializeError(getClass().getClassLoader()));
            }
            if (System.nanoTime() > deadline) {
                fail("waited %s for %s", LIMIT, what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Ends the job with a savepoint and gives where it lies. */
    Path stopWithSavepoint(SavepointFormatType format) throws Exception {
        String made = cluster.stopWithSavepoint(job, directory.resolve("savepoint").toUri().toString(), false, format)
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return Path.of(URI.create(made));
    }

    /** Ends the job after everything it was given has left it; returns where its state is. */
    String stop() throws Exception {
        return cluster.stopWithSavepoint(
                        job, directory.resolve("savepoint").toUri().toString(), false, SavepointFormatType.NATIVE)
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        LocalMetrics.close(directory.toString());
    }
}
