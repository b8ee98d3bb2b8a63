package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.LogFormat;
import io.liveprofile.local.Ports;
import io.liveprofile.local.RunFailedException;
import io.liveprofile.local.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A broker, a JobManager and TaskManagers on this machine, each a process of its own that outlives this one, and a ZooKeeper if
 * a new JobManager shall go on with the jobs of one that fails. Whatever of them runs is found again by what was written of it.
 */
final class Cluster {
    static final String BROKER = "broker";
    static final String ZOOKEEPER = "zookeeper";
    static final String JOB_MANAGER = "jobmanager";

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 200;
    private static final String BROKER_HEAP = "-Xmx384m";

    private final ClusterDirectory directory;
    private final Artefacts artefacts;
    private final Path conf;
    private final int taskManagers;

    /**
     * @param conf directory of the product's configuration
     * @param taskManagers how many there shall be
     */
    Cluster(ClusterDirectory directory, Artefacts artefacts, Path conf, int taskManagers) {
        this.directory = directory;
        this.artefacts = artefacts;
        this.conf = conf;
        this.taskManagers = taskManagers;
    }

    static String taskManager(int number) {
        return "taskmanager-" + number;
    }

    /** Names of all processes, in the order in which they are started. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(BROKER));
        if (RunningProcess.read(directory.processes(), ZOOKEEPER).isPresent()) {
            names.add(ZOOKEEPER);
        }
        names.add(JOB_MANAGER);
        for (int i = 1; i <= taskManagers; i++) {
            names.add(taskManager(i));
        }
        return names;
    }

    /** The process of that name if it runs; null if not. */
    RunningProcess process(String name) {
        return RunningProcess.read(directory.processes(), name).filter(RunningProcess::isAlive).orElse(null);
    }

    boolean isAnyAlive() {
        return names().stream().anyMatch(name -> process(name) != null);
    }

    /** @throws ConfigException when there is no cluster */
    Addresses addresses() {
        if (!isAnyAlive()) {
            throw new ConfigException("no cluster runs in " + directory.path() + ": start one with 'make cluster-up'");
        }
        return Addresses.read(directory.addresses());
    }

    FlinkRest rest() {
        return new FlinkRest(addresses().webAddress());
    }

    /**
     * Starts what does not run; returns when all of it works together and the topics are there. Where nothing ran, topics,
     * checkpoints and models of the last time are removed, and savepoints moved, unless they are to be kept.
     *
     * @param asked ports, 0 = any free one; those of a cluster that runs stay as they are
     * @param partitions of the topics keyed by user
     * @param logs of every process
     * @param started told of each process that was started
     * @throws ConfigException when a port is busy, or a ZooKeeper is asked for and the cluster that runs has none
     * @throws RunFailedException when a process does not come up
     */
    Addresses up(Addresses asked, int partitions, boolean keep, LogFormat logs, Consumer<RunningProcess> started)
            throws InterruptedException {
        artefacts.require();
        forgetEnded();
        Addresses addresses;
        if (isAnyAlive()) {
            addresses = Addresses.read(directory.addresses());
            if (asked.hasZooKeeper() && !addresses.hasZooKeeper()) {
                throw new ConfigException("HA: the cluster that runs has no ZooKeeper: 'make cluster-down', then"
                        + " 'make cluster-up HA=1 KEEP=1' to go on with its topics");
            }
            addresses.requireFree(name -> process(name) == null, ", after 'make cluster-down'");
        } else {
            asked.requireFree(name -> true, "");
            addresses = asked.chosen();
            directory.prepare(keep, asked.hasZooKeeper());
        }
        for (Path each : List.of(directory.logs(), directory.checkpoints(), directory.savepoints(), directory.models())) {
            makeDirectory(each);
        }
        addresses.write(directory.addresses());
        FlinkConf.writeLogging(directory, logs);
        FlinkProcesses flink = flink(addresses);
        if (process(BROKER) == null) {
            started.accept(start(BROKER, broker(addresses)));
        }
        // Before the others: what listens on any free port might take the one that the broker has found for its controller.
        await("the broker", () -> Ports.isListening(addresses.kafka()));
        if (addresses.hasZooKeeper() && process(ZOOKEEPER) == null) {
            started.accept(start(ZOOKEEPER, flink.zooKeeper(ZOOKEEPER, addresses.zooKeeper())));
        }
        if (process(JOB_MANAGER) == null) {
            started.accept(start(JOB_MANAGER, flink.jobManager(JOB_MANAGER)));
        }
        for (int i = 1; i <= taskManagers; i++) {
            if (process(taskManager(i)) == null) {
                started.accept(start(taskManager(i), flink.taskManager(taskManager(i))));
            }
        }
        FlinkRest rest = new FlinkRest(addresses.webAddress());
        await("the JobManager and " + taskManagers + " TaskManagers", () -> hasHeardOfTaskManagers(rest));
        try (Topics topics = new Topics(addresses.bootstrapServers())) {
            topics.create(partitions);
        }
        return addresses;
    }

    /**
     * Whether the JobManager has heard of every TaskManager since that began: one that was killed stays registered, by the id of the one
     * that takes its place, until the JobManager misses it.
     */
    boolean hasHeardOfTaskManagers(FlinkRest rest) {
        Map<String, Long> heard = rest.lastHeartbeats();
        for (int i = 1; i <= taskManagers; i++) {
            RunningProcess process = process(taskManager(i));
            if (process == null || !process.hadBegun(heard.getOrDefault(taskManager(i), 0L))) {
                return false;
            }
        }
        return true;
    }

    /** Starts one process that does not run, without waiting for it. */
    RunningProcess start(String name) throws InterruptedException {
        Addresses addresses = Addresses.read(directory.addresses());
        return start(name, switch (name) {
            case BROKER -> broker(addresses);
            case ZOOKEEPER -> flink(addresses).zooKeeper(name, addresses.zooKeeper());
            case JOB_MANAGER -> flink(addresses).jobManager(name);
            default -> flink(addresses).taskManager(name);
        });
    }

    /** Ends every process of the cluster and no other; returns when they are gone. */
    void down(Consumer<RunningProcess> ended) throws InterruptedException {
        List<String> names = new ArrayList<>(names());
        Collections.reverse(names); // whoever writes to a process ends before it
        for (String name : names) {
            RunningProcess process = process(name);
            if (process != null) {
                process.end(END_LIMIT);
                ended.accept(process);
            }
            RunningProcess.forget(directory.processes(), name);
        }
        ClusterDirectory.delete(directory.addresses());
        ClusterDirectory.delete(directory.path().resolve("tmp"));
    }

    /** Jobs on this cluster. */
    ClusterJobs jobs() {
        Addresses addresses = addresses();
        return new ClusterJobs(directory, flink(addresses), new FlinkRest(addresses.webAddress()));
    }

    private FlinkProcesses flink(Addresses addresses) {
        artefacts.require();
        return new FlinkProcesses(artefacts, directory, FlinkConf.write(conf, directory, addresses));
    }

    private JavaProcess broker(Addresses addresses) {
        List<String> jvm = new ArrayList<>(List.of(BROKER_HEAP, "-XX:+UseSerialGC"));
        jvm.addAll(FlinkConf.logOptions(directory, BROKER));
        return new JavaProcess(
                jvm,
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                List.of(directory.kafka().toString(), Integer.toString(addresses.kafka())),
                Map.of());
    }

    private RunningProcess start(String name, JavaProcess program) {
        ClusterDirectory.delete(directory.temporary(name));
        makeDirectory(directory.temporary(name));
        return program.startDetached(name, directory.processes(), output(name));
    }

    /** Else waiting for one that was started would take another, not yet started again, for one that has just ended. */
    private void forgetEnded() {
        for (String name : names()) {
            if (process(name) == null) {
                RunningProcess.forget(directory.processes(), name);
            }
        }
    }

    private Path output(String name) {
        return directory.logs().resolve(name + ".out");
    }

    private void await(String what, BooleanSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            for (String name : names()) {
                if (RunningProcess.read(directory.processes(), name).isPresent() && process(name) == null) {
                    throw new RunFailedException(name + " has ended: " + said(name));
                }
            }
            if (System.nanoTime() > deadline) {
                throw new RunFailedException(
                        what + " did not come up within " + START_LIMIT.toSeconds() + " s: see " + directory.logs());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private String said(String name) {
        try {
            return CommandOutput.reason(Files.readAllLines(output(name))) + "; see " + directory.logs();
        } catch (IOException e) {
            return "see " + directory.logs();
        }
    }

    private static void makeDirectory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be written", e);
        }
    }
}
