package io.liveprofile.cluster;

import io.liveprofile.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The programs of Flink, each as its own shell scripts would start it. */
final class FlinkProcesses {
    private static final String BASH_JAVA_UTILS = "org.apache.flink.runtime.util.bash.BashJavaUtils";
    private static final String JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
    private static final String ZOOKEEPER =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
    private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";
    private static final String ZOOKEEPER_HEAP = "-Xmx64m";
    private static final String CLIENT_HEAP = "-Xmx512m";
    /**
     * glibc's malloc keeps a heap for each of a few threads, which RocksDB fragments (FLINK-19125); with two a TaskManager takes
     * 100 MB less. Flink's own image has jemalloc instead.
     */
    private static final String ARENAS = "MALLOC_ARENA_MAX";
    private static final String MOST_ARENAS = "2";

    private final Artefacts artefacts;
    private final ClusterDirectory directory;
    private final FlinkConf conf;

    FlinkProcesses(Artefacts artefacts, ClusterDirectory directory, FlinkConf conf) {
        this.artefacts = artefacts;
        this.directory = directory;
        this.conf = conf;
    }

    JavaProcess jobManager(String name) throws InterruptedException {
        return flink("GET_JM_RESOURCE_PARAMS", JOB_MANAGER, name, CoreOptions.FLINK_JM_JVM_OPTIONS,
                List.of("--executionMode", "cluster"));
    }

    /** Keeps its name as its id, so that one that takes the place of another is known at once. */
    JavaProcess taskManager(String name) throws InterruptedException {
        return flink("GET_TM_RESOURCE_PARAMS", TASK_MANAGER, name, CoreOptions.FLINK_TM_JVM_OPTIONS,
                List.of("-Dtaskmanager.resource-id=" + name));
    }

    /** The ZooKeeper that Flink's distribution brings along; it lies among Flink's own classes. */
    JavaProcess zooKeeper(String name, int port) {
        Path settings = conf.directory().resolve("zoo.cfg");
        try {
            Files.write(settings, List.of(
                    "dataDir=" + directory.zooKeeper(),
                    "clientPortAddress=" + Ports.LOOPBACK,
                    "clientPort=" + port,
                    "admin.enableServer=false"));
        } catch (IOException e) {
            throw new UncheckedIOException(settings + " cannot be written", e);
        }
        List<String> jvm = new ArrayList<>(List.of(ZOOKEEPER_HEAP, "-XX:+UseSerialGC"));
        jvm.addAll(FlinkConf.logOptions(directory, name));
        return new JavaProcess(jvm, artefacts.classPath(), ZOOKEEPER, List.of(settings.toString()), Map.of());
    }

    /** Slots that a job takes. */
    int slots(OptionalInt parallelism) {
        return parallelism.orElse(conf.defaultParallelism());
    }

    /**
     * Where the main of a job that is submitted adds its graph, with all of Flink's settings.
     *
     * @param goesOn whether it begins with a state
     */
    StreamExecutionEnvironment environment(boolean goesOn) {
        Configuration settings = conf.settings();
        if (goesOn) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, directory.savepoints().toUri().toString()); // some state; which is no matter
        }
        return StreamExecutionEnvironment.getExecutionEnvironment(settings);
    }

    /** {@code flink run --detached}. */
    JavaProcess submission(Job job, Path savepoint, OptionalInt parallelism, List<String> arguments) {
        List<String> jvm = new ArrayList<>(List.of(CLIENT_HEAP));
        jvm.addAll(conf.jvmOptions(CoreOptions.FLINK_CLI_JVM_OPTIONS));
        jvm.addAll(FlinkConf.logOptions(directory, "client"));
        List<String> all = new ArrayList<>(List.of("run", "--detached", "--class", job.mainClass()));
        if (savepoint != null) {
            all.addAll(List.of("--fromSavepoint", savepoint.toUri().toString()));
        }
        parallelism.ifPresent(subtasks -> all.addAll(List.of("--parallelism", Integer.toString(subtasks))));
        all.add(artefacts.jobJar().toString());
        all.addAll(arguments);
        return new JavaProcess(jvm, artefacts.classPath(), CLIENT, all,
                Map.of("FLINK_CONF_DIR", conf.directory().toString()));
    }

    private JavaProcess flink(
            String resources,
            String mainClass,
            String name,
            ConfigOption<String> jvmOptions,
            List<String> arguments) throws InterruptedException {
        List<String> memory = CommandOutput.results(new JavaProcess(
                        List.of(), artefacts.classPath(), BASH_JAVA_UTILS,
                        List.of(resources, "--configDir", conf.directory().toString()), Map.of())
                .run("the memory of " + name));
        List<String> jvm = new ArrayList<>(words(memory.get(0)));
        jvm.addAll(conf.jvmOptions(jvmOptions));
        jvm.addAll(FlinkConf.logOptions(directory, name));
        List<String> all = new ArrayList<>(List.of("--configDir", conf.directory().toString()));
        all.addAll(arguments);
        all.addAll(words(memory.get(1)));
        all.add("-Dio.tmp.dirs=" + directory.temporary(name));
        all.add("-Dstate.backend.rocksdb.log.dir=" + directory.temporary(name)); // else a file a task beside the process's log
        return new JavaProcess(jvm, artefacts.classPath(), mainClass, all,
                Map.of(ARENAS, System.getenv().getOrDefault(ARENAS, MOST_ARENAS)));
    }

    private static List<String> words(String line) {
        return line.isBlank() ? List.of() : List.of(line.strip().split("\\s+"));
    }
}
