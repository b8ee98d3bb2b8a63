package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink cluster in this JVM with one job: web UI and every other server on loopback, RocksDB with incremental
 * checkpoints each 10 s under the run's directory.
 */
public final class LocalFlink implements AutoCloseable {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final String REPORTER = "metrics.reporter.";
    private static final int RESTARTS = 3;
    private static final long CLOSE_SECONDS = 30;

    private final RunDirectory directory;
    private final String registry;
    private final Configuration configuration;
    private final MiniCluster cluster;
    private JobID job;
    private CompletableFuture<JobResult> result;

    private LocalFlink(RunDirectory directory, String registry, Configuration configuration, MiniCluster cluster) {
        this.directory = directory;
        this.registry = registry;
        this.configuration = configuration;
        this.cluster = cluster;
    }

    /**
     * Returns a cluster that already answers.
     *
     * @param port of the web UI; 0 = any free one
     * @param parallelism of the job, and the slots there are
     * @param conf directory whose config.yaml, if it has one, may name reporters of metrics; nothing else is taken from it
     * @throws ConfigException when the port is busy
     */
    public static LocalFlink start(RunDirectory directory, int port, int parallelism, Path conf) throws Exception {
        Ports.requireFree(port, "FLINK_PORT");
        String registry = directory.checkpoints().toAbsolutePath().toString();
        LocalMetrics.close(registry);
        Configuration configuration = configuration(directory, registry, port, parallelism);
        addReporters(configuration, conf);
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .setCommonBindAddress(Ports.LOOPBACK)
                .build());
        LocalFlink flink = new LocalFlink(directory, registry, configuration, cluster);
        try {
            cluster.start();
            return flink;
        } catch (Throwable e) {
            flink.close();
            throw e;
        }
    }

    /** Where the web UI is. */
    public String webAddress() {
        URI address = cluster.getRestAddress().join();
        return "http://" + address.getHost() + ":" + address.getPort();
    }

    /** What the job counts. */
    public LocalMetrics metrics() {
        return LocalMetrics.open(registry);
    }

    /**
     * Defines the job's graph and starts it.
     *
     * @param savepoint state to start with; null = none
     */
    public void submit(LiveJob definition, String bootstrapServers, Path savepoint) throws Exception {
        Configuration forJob = new Configuration(configuration);
        if (savepoint != null) {
            forJob.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(forJob);
        definition.define(env, bootstrapServers);
        job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
        result = cluster.requestJobResult(job);
    }

    /** Whether all tasks of the job run. */
    public boolean isRunning() throws Exception {
        return cluster.getJobStatus(job).get() == JobStatus.RUNNING && allTasksRun();
    }

    /** How often tasks were started, restarts included: unchanged as long as none was restarted. */
    public long attempts() throws Exception {
        long attempts = 0;
        for (var vertex : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            attempts += vertex.getCurrentExecutionAttempt().getAttemptNumber() + 1;
        }
        return attempts;
    }

    /** Whether the job has ended, well or not. */
    public boolean isEnded() {
        return result.isDone();
    }

    /** Why the job failed for good; null while it has not. */
    public Throwable failure() {
        if (!result.isDone()) {
            return null;
        }
        try {
            return result.get().getSerializedThrowable()
                    .map(error -> error.deserializeError(LocalFlink.class.getClassLoader()))
                    .orElse(null);
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /**
     * Returns when a checkpoint is complete: what sinks held back until then is out.
     *
     * @throws ExecutionException when it failed, as it does when a task fails meanwhile
     */
    public void checkpoint(Duration limit) throws Exception {
        cluster.triggerCheckpoint(job).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the job; its state is in the savepoint that is returned. */
    public Path stopWithSavepoint(Duration limit) throws Exception {
        String target = directory.savepoints().toAbsolutePath().toUri().toString();
        String savepoint = cluster.stopWithSavepoint(job, target, false, SavepointFormatType.NATIVE)
                .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        return Path.of(URI.create(savepoint));
    }

    /** Ends a job that still runs, without keeping its state, and the cluster. The metrics stay readable. */
    @Override
    public void close() throws Exception {
        cluster.closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private boolean allTasksRun() throws Exception {
        for (var vertex : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    private static Configuration configuration(RunDirectory directory, String registry, int port, int parallelism) {
        Configuration c = new Configuration();
        c.set(RestOptions.ADDRESS, Ports.LOOPBACK);
        c.set(RestOptions.BIND_ADDRESS, Ports.LOOPBACK);
        c.set(RestOptions.PORT, port);
        c.set(RestOptions.BIND_PORT, Integer.toString(port));
        String log = System.getProperty("liveprofile.log");
        if (log != null) {
            c.set(WebOptions.LOG_PATH, Path.of(log).toAbsolutePath().toString());
        }
        c.set(WebOptions.SUBMIT_ENABLE, false);
        c.set(WebOptions.CANCEL_ENABLE, false);
        c.set(WebOptions.RESCALE_ENABLE, false);
        c.set(JobManagerOptions.ADDRESS, Ports.LOOPBACK);
        c.set(JobManagerOptions.BIND_HOST, Ports.LOOPBACK);
        c.set(TaskManagerOptions.HOST, Ports.LOOPBACK);
        c.set(TaskManagerOptions.BIND_HOST, Ports.LOOPBACK);
        c.set(BlobServerOptions.STORAGE_DIRECTORY, directory.temporary().toAbsolutePath().toString());
        c.set(CoreOptions.TMP_DIRS, directory.temporary().toAbsolutePath().toString());
        c.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        c.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        c.set(PipelineOptions.GENERIC_TYPES, false);
        c.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        c.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        c.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.checkpoints().toAbsolutePath().toUri().toString());
        c.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, directory.savepoints().toAbsolutePath().toUri().toString());
        c.set(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION, ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        c.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        c.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
        c.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        c.setString("metrics.reporters", "local");
        c.setString("metrics.reporter.local.factory.class", LocalMetrics.Factory.class.getName());
        c.setString("metrics.reporter.local." + LocalMetrics.Factory.REGISTRY, registry);
        return c;
    }

    private static void addReporters(Configuration configuration, Path conf) {
        if (!Files.exists(conf.resolve(GlobalConfiguration.FLINK_CONF_FILENAME))) {
            return;
        }
        Configuration shipped = GlobalConfiguration.loadConfiguration(conf.toString());
        shipped.getOptional(MetricOptions.REPORTERS_LIST).ifPresent(names ->
                configuration.set(MetricOptions.REPORTERS_LIST, configuration.get(MetricOptions.REPORTERS_LIST) + "," + names));
        shipped.toMap().forEach((key, value) -> {
            if (key.startsWith(REPORTER)) {
                configuration.setString(key, value);
            }
        });
    }
}
