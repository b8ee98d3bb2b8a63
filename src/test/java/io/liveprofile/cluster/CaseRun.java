package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.Balance;
import io.liveprofile.local.JobSettings;
import io.liveprofile.local.LogFormat;
import io.liveprofile.local.Pacer;
import io.liveprofile.local.Reading;
import io.liveprofile.local.RunFailedException;
import io.liveprofile.local.Topics;
import io.liveprofile.local.TrafficSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One run of real processes: started, given both jobs and the shop's traffic, disturbed, settled, read and ended. What a case
 * does to it is written with the methods below.
 */
final class CaseRun implements AutoCloseable {
    private static final Path CONF = Path.of("flink-conf");
    private static final String FLINK_CONF = "config.yaml";
    private static final Path STORE = Path.of("target/models");
    /** What every case sets: labels of hours, no release, as much disorder as the traffic has, and alerts by rules and model. */
    private static final List<String> SETTINGS = List.of(
            "labels.file=src/test/resources/e2e/labels.yaml",
            "model.file=src/test/resources/e2e/model.yaml",
            "watermark.out-of-orderness=1min",
            "anomaly.rate.hard-max=4",
            "anomaly.rate.always-allowed=4",
            "risk.score-alerts=fraud=0.9,purchase_24h=0.2");
    static final int PARTITIONS = 4;
    /** Share of the traffic that waits for the case to have struck: on a slow machine all of it would be over by then. */
    private static final double HELD_BACK = 0.1;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration NIGHT_DISORDER = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 200;
    /** The JobManager's figures are some seconds old. */
    private static final Duration FIGURES_LIMIT = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final WatchedJobs jobs;
    private final JobArguments arguments;
    private final Addresses addresses;
    private final List<String> notes = new ArrayList<>();
    private final List<AutoCloseable> atEnd = new ArrayList<>();
    private final ShopTraffic shop;
    private final ShopTraffic.DayAndNight traffic;
    private final long events;
    private final TrafficSender sender;

    private CaseRun(
            Cluster cluster, JobArguments arguments, Addresses addresses, ShopTraffic shop, Fault.OnItsWay onItsWay, double rate)
            throws Exception {
        this.cluster = cluster;
        this.jobs = new WatchedJobs(cluster);
        this.arguments = arguments;
        this.addresses = addresses;
        this.shop = shop;
        this.events = shop.events();
        this.traffic = shop.openWithNight(day -> onItsWay.apply(day, events));
        this.sender = new TrafficSender(addresses.bootstrapServers(), traffic, Pacer.rate(rate));
    }

    /**
     * A cluster in a directory of its own, on free ports, with both jobs on it.
     */
    static CaseRun start(Path directory, Fault fault, ShopTraffic shop, double rate) throws Exception {
        List<String> settings = new ArrayList<>(SETTINGS);
        settings.addAll(fault.settings());
        ClusterDirectory place = new ClusterDirectory(directory);
        Path conf = flinkConf(directory, fault.disturbance().flinkSettings());
        Artefacts made = Artefacts.in(Path.of("target"));
        Artefacts artefacts = new Artefacts(
                fault.disturbance().jobJar(made.jobJar(), directory), made.flinkLib(), made.tensorFlowLib());
        Cluster cluster = new Cluster(place, artefacts, conf, ClusterCommand.TASK_MANAGERS);
        cluster.down(ended -> {}); // what an interrupted run may have left
        try {
            Addresses addresses = cluster.up(new Addresses(0, 0, 0, fault.highlyAvailable() ? 0 : Addresses.NONE), PARTITIONS, false,
                    LogFormat.TEXT, started -> {});
            place.seedModels(STORE);
            TopicReader.stampOnArrival(addresses.bootstrapServers(), Topic.SCORED_FEATURES, Topic.USER_PROFILES);
            CaseRun run = new CaseRun(
                    cluster, new JobArguments(new JobSettings(CONF, settings), place), addresses, shop, fault.onItsWay(), rate);
            run.submit(Job.PROFILE, null, 2);
            run.submit(Job.TRAINING, null, 2);
            return run;
        } catch (Throwable e) {
            cluster.down(ended -> {});
            throw e;
        }
    }

    /** A directory with the shipped settings of Flink, but for some of them. */
    static Path flinkConf(Path directory, Map<String, String> other) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(CONF.resolve(FLINK_CONF)));
        lines.removeIf(line -> other.keySet().stream().anyMatch(key -> line.startsWith(key + ":")));
        other.forEach((key, value) -> lines.add(key + ": " + value));
        Path conf = Files.createDirectories(directory.resolve("flink-conf"));
        Files.write(conf.resolve(FLINK_CONF), lines);
        return conf;
    }

    void send() {
        traffic.allow((long) ((1 - HELD_BACK) * events));
        sender.start();
    }

    /** What was held back is sent as well. */
    void sendAll() {
        traffic.allow(Long.MAX_VALUE);
    }

    /** Sending pauses while it is held. */
    void hold(boolean hold) {
        sender.hold(hold);
    }

    /** Returns when that share of the traffic was sent. */
    void awaitSent(double share) throws InterruptedException {
        await("traffic to be sent", () -> {
            if (sender.failure() != null) {
                throw new RunFailedException("the traffic failed: " + sender.failure(), sender.failure());
            }
            return sender.isDone() || sender.acknowledged(Topic.BEHAVIOR_EVENTS) >= share * events;
        });
    }

    /** Share of the traffic that was sent. */
    double sent() {
        return (double) sender.acknowledged(Topic.BEHAVIOR_EVENTS) / events;
    }

    /** Event time up to which traffic is sent when that share of it is, to the minute, ms UTC. */
    long timeOfShare(double share) throws Exception {
        return shop.timeOf((long) (share * events));
    }

    /** SIGKILL; returns when it is gone. */
    void kill(String process) throws InterruptedException {
        cluster.process(process).kill();
    }

    /** SIGTERM; returns when it is gone. */
    void end(String process) throws InterruptedException {
        cluster.process(process).end(END_LIMIT);
    }

    /** As whoever watches over the process would. */
    void restart(String process) throws InterruptedException {
        cluster.start(process);
    }

    void awaitTaskManagers() throws InterruptedException {
        FlinkRest rest = cluster.rest();
        await("the TaskManagers", () -> rest.taskManagers() >= ClusterCommand.TASK_MANAGERS);
    }

    /** Returns when the job has one checkpoint more. */
    void awaitCheckpoint(Job job) throws InterruptedException {
        long before = jobs.checkpoints(job);
        await("a checkpoint", () -> jobs.checkpoints(job) > before);
    }

    /**
     * Returns when the job has gone back to a checkpoint since then and runs again with all tasks; which it was.
     *
     * @param sinceMillis ms UTC
     */
    long awaitRestored(Job job, long sinceMillis) throws InterruptedException {
        await("the " + job.option() + " job to recover", () -> {
            try {
                return jobs.restoredAt(job) >= sinceMillis && jobs.isWhole(job);
            } catch (RunFailedException e) {
                return false; // a new JobManager does not know it yet
            }
        });
        return jobs.restoredFrom(job);
    }

    void submit(Job job, Path from, int parallelism) throws InterruptedException {
        submit(job, from, parallelism, List.of());
    }

    /** @param settings {@code KEY=VALUE} of the job, beside those of the run */
    void submit(Job job, Path from, int parallelism, List<String> settings) throws InterruptedException {
        List<String> all = new ArrayList<>(arguments.settings().assignments());
        all.addAll(settings);
        JobArguments of = new JobArguments(new JobSettings(CONF, all), arguments.directory());
        cluster.jobs().submit(job, from, OptionalInt.of(parallelism), of.checked(job, addresses));
    }

    Path stop(Job job) throws InterruptedException {
        return cluster.jobs().stop(job, jobs.id(job), ClusterJobs.Waiting.UNTOLD);
    }

    Path savepoint(Job job) throws InterruptedException {
        return cluster.jobs().savepoint(job, jobs.id(job), ClusterJobs.Waiting.UNTOLD);
    }

    /** Newest checkpoint or savepoint on disk. */
    Path newestState(Job job) {
        return cluster.jobs().newestState(job).orElseThrow();
    }

    /** Where the processes keep what they write. */
    ClusterDirectory directory() {
        return arguments.directory();
    }

    Cluster cluster() {
        return cluster;
    }

    /** What the JobManager says of the two jobs. */
    WatchedJobs jobs() {
        return jobs;
    }

    String bootstrapServers() {
        return addresses.bootstrapServers();
    }

    /** Event time before which everything is of the day, ms UTC. */
    long nightMillis() {
        return shop.nightMillis();
    }

    /** Done when the run ends, however it ends, before its processes do. */
    void atEnd(AutoCloseable last) {
        atEnd.add(last);
    }

    /** A word on how it went, printed below the table. */
    void note(String note) {
        notes.add(note);
    }

    List<String> notes() {
        return notes;
    }

    /** Sends what is left; returns when every event has come to an end, every label is known, and all of it is written. */
    void settle() throws InterruptedException {
        sendAll();
        awaitSent(1);
        traffic.beginNight();
        await("the labels of the day", () -> jobs.labelsKnownUntil() >= shop.nightMillis() - NIGHT_DISORDER.toMillis());
        endTraffic();
        if (sender.failure() != null) {
            throw new RunFailedException("the traffic failed: " + sender.failure(), sender.failure());
        }
        try (Topics topics = new Topics(addresses.bootstrapServers())) {
            long end = topics.records(Topic.BEHAVIOR_EVENTS);
            await("all events to come to an end", () -> {
                Reading now = jobs.reading();
                return now.live() >= end && now.settled() >= now.decoded() && now.published() >= now.updated();
            });
        }
        long settled = System.currentTimeMillis();
        for (Job job : Job.values()) {
            // After it, what sinks held is written, and transactions are committed: not so after a savepoint of a job that goes on.
            await("a checkpoint", () -> jobs.newestCheckpointBegan(job) >= settled);
        }
        await("transactions to be committed", this::isCommitted);
        awaitFigures();
    }

    private boolean isCommitted() {
        try (Topics topics = new Topics(addresses.bootstrapServers());
                TopicReader reader = new TopicReader(addresses.bootstrapServers())) {
            return Arrays.stream(Topic.values()).allMatch(topic -> reader.committed(topic) == topics.records(topic));
        }
    }

    /** Returns when the balance adds up, or will not. */
    private void awaitFigures() throws InterruptedException {
        long deadline = System.nanoTime() + FIGURES_LIMIT.toNanos();
        while (!balance().addsUp() && System.nanoTime() < deadline) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The balance of the profile job, which must have settled. */
    Balance balance() {
        try (Topics topics = new Topics(addresses.bootstrapServers())) {
            return Balance.of(
                    jobs.reading(),
                    new Balance.TopicCounts(
                            0,
                            topics.records(Topic.BEHAVIOR_EVENTS),
                            topics.records(Topic.USER_PROFILES),
                            topics.records(Topic.LATE_EVENTS),
                            topics.records(Topic.QUARANTINE),
                            topics.records(Topic.DEAD_LETTERS),
                            topics.records(Topic.LABELED_OUTCOMES)),
                    new Balance.Sent(
                            sender.taken(),
                            sender.acknowledged(Topic.BEHAVIOR_EVENTS),
                            sender.acknowledged(Topic.LABELED_OUTCOMES),
                            sender.acknowledged(Topic.DEAD_LETTERS),
                            true),
                    null);
        }
    }

    /** Records of all topics that no read-committed reader sees. */
    long takenBack() throws IOException {
        long records = 0;
        try (TopicReader committed = new TopicReader(addresses.bootstrapServers());
                TopicReader all = TopicReader.ofUncommittedToo(addresses.bootstrapServers())) {
            for (Topic topic : Topic.values()) {
                records += all.count(topic) - committed.count(topic);
            }
        }
        return records;
    }

    Published published() throws Exception {
        return Published.read(addresses.bootstrapServers(), shop.nightMillis());
    }

    @Override
    public void close() throws Exception {
        endTraffic();
        traffic.close();
        for (AutoCloseable each : atEnd) {
            each.close();
        }
        cluster.down(ended -> {});
    }

    private void endTraffic() throws InterruptedException {
        traffic.end();
        sender.finish();
    }

    /** A condition that may fail to be asked while a process is away. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    static void await(String what, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (UncheckedIOException e) {
                // The JobManager is away.
            }
            if (System.nanoTime() > deadline) {
                throw new RunFailedException("waited " + LIMIT.toSeconds() + " s for " + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
