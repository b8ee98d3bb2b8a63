package io.liveprofile.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.event.Topic;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Broker, topics, Flink, the job and its traffic in this JVM, from start to a checked balance. When it ends, whatever the
 * reason, everything it started has been stopped.
 */
public final class LocalRun {
    private static final long TICK_MILLIS = 100;
    /** Draining gives up when the job's counters have not moved for this long. */
    private static final Duration STALLED = Duration.ofSeconds(60);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration CHECKPOINT_LIMIT = Duration.ofMinutes(2);

    private final RunPlan plan;
    private final LiveJob job;
    private final Traffic traffic;
    private final Console console;
    private final StopSignal stop;
    private final Duration stalled;

    private EmbeddedBroker broker;
    private Topics topics;
    private LocalFlink flink;
    private TrafficSender sender;
    private long startNanos;
    private long lastStatusNanos;
    private long endOffset;
    /** On the topic, of runs before this one. */
    private long eventsBefore;
    private Reading lastReading;
    private String addresses;

    public LocalRun(RunPlan plan, LiveJob job, Traffic traffic, Console console, StopSignal stop) {
        this(plan, job, traffic, console, stop, STALLED);
    }

    /** @param stalled how long the counters may stand still before draining gives up */
    LocalRun(RunPlan plan, LiveJob job, Traffic traffic, Console console, StopSignal stop, Duration stalled) {
        this.plan = plan;
        this.job = job;
        this.traffic = traffic;
        this.console = console;
        this.stop = stop;
        this.stalled = stalled;
    }

    /**
     * Returns when all is over.
     *
     * @throws io.liveprofile.config.ConfigException when a port is busy or another run uses the directory
     * @throws RunFailedException when the job or the traffic failed, or the job did not keep up to the end
     */
    public RunSummary run() throws Exception {
        Ports.requireFree(plan.kafkaPort(), "KAFKA_PORT");
        Ports.requireFree(plan.flinkPort(), "FLINK_PORT");
        try (RunDirectory directory = RunDirectory.hold(plan.directory())) {
            directory.prepare(plan.keep());
            try {
                return run(directory);
            } finally {
                stopAll();
            }
        }
    }

    private RunSummary run(RunDirectory directory) throws Exception {
        console.line("Starting: " + traffic.description());
        broker = EmbeddedBroker.start(directory.kafka(), plan.kafkaPort());
        topics = new Topics(broker.bootstrapServers());
        topics.create(plan.partitions());
        eventsBefore = topics.records(Topic.BEHAVIOR_EVENTS);
        flink = LocalFlink.start(directory, plan.flinkPort(), plan.parallelism(), plan.settings().directory());
        flink.submit(job, broker.bootstrapServers(), directory.lastSavepoint());
        addresses = "Flink " + flink.webAddress() + " | Kafka " + broker.bootstrapServers();
        RunDirectory.write(RunDirectory.addresses(plan.directory()), addressesJson());
        console.line("Flink web UI  " + flink.webAddress());
        console.line("Kafka         " + broker.bootstrapServers());
        console.line("Log           " + RunDirectory.log(plan.directory()));
        awaitRunning();

        startNanos = System.nanoTime();
        lastStatusNanos = startNanos;
        lastReading = Reading.of(flink.metrics());
        Reading first = plan.keep() ? lastReading : Reading.NOTHING;
        if (!stop.isAsked()) {
            sender = new TrafficSender(broker.bootstrapServers(), traffic, plan.pacer());
            sender.start();
            follow();
            sender.finish();
            requireSound();
        }
        Duration sending = Duration.ofNanos(System.nanoTime() - startNanos);
        settle();
        Reading last = Reading.of(flink.metrics());
        Balance.TopicCounts counts = new Balance.TopicCounts(
                eventsBefore,
                topics.records(Topic.BEHAVIOR_EVENTS),
                topics.records(Topic.USER_PROFILES),
                topics.records(Topic.LATE_EVENTS),
                topics.records(Topic.QUARANTINE),
                topics.records(Topic.DEAD_LETTERS),
                topics.records(Topic.LABELED_OUTCOMES));
        Balance.Sent sent = new Balance.Sent(
                sender == null ? 0 : sender.taken(),
                sent(Topic.BEHAVIOR_EVENTS),
                sent(Topic.LABELED_OUTCOMES),
                sent(Topic.DEAD_LETTERS),
                sender != null && sender.isEnded());
        Balance balance = Balance.of(last, counts, sent, traffic.rows());
        RunSummary summary = new RunSummary(
                traffic.description(), flink.webAddress(), broker.bootstrapServers(), sending,
                Duration.ofNanos(System.nanoTime() - startNanos), last.read() - first.read(),
                last.profiles() - first.profiles(), last, traffic.rows(), balance);
        directory.keepOnly(flink.stopWithSavepoint(CHECKPOINT_LIMIT));
        RunDirectory.write(directory.summary(), summary.json());
        summary.lines().forEach(console::line);
        return summary;
    }

    /** Not cut short by a stop: the job can only be ended in order once it runs. */
    private void awaitRunning() throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!flink.isRunning()) {
            requireSound();
            if (System.nanoTime() > deadline) {
                throw new RunFailedException("the job did not start within " + START_LIMIT.toSeconds() + " s");
            }
            Thread.sleep(TICK_MILLIS);
        }
    }

    /** Shows how it goes until the traffic ends, the time is over or someone asks to stop. */
    private void follow() throws Exception {
        while (!stop.isAsked() && !sender.isDone() && !isTimeOver()) {
            requireSound();
            long lag = eventsBefore + sent(Topic.BEHAVIOR_EVENTS) - Reading.of(flink.metrics()).live();
            sender.hold(lag > plan.maxLag());
            showStatus("");
            stop.await(TICK_MILLIS);
        }
    }

    private boolean isTimeOver() {
        return plan.duration() != null && System.nanoTime() - startNanos >= plan.duration().toNanos();
    }

    /**
     * Returns when every event has come to an end and a checkpoint holds that. Where a task was restarted meanwhile, the
     * counters may have been those of tasks that are gone: then all of it again.
     */
    private void settle() throws Exception {
        long failedNanos = 0;
        long failedAttempts = 0;
        while (true) {
            awaitRunning();
            long attempts = flink.attempts();
            drain();
            try {
                flink.checkpoint(CHECKPOINT_LIMIT);
                if (flink.attempts() == attempts) {
                    return;
                }
            } catch (ExecutionException e) {
                requireSound();
                if (failedNanos == 0 || attempts != failedAttempts) {
                    failedNanos = System.nanoTime();
                    failedAttempts = attempts;
                } else if (System.nanoTime() - failedNanos > CHECKPOINT_LIMIT.toNanos()) {
                    throw new RunFailedException(
                            "the last checkpoint failed: " + RunFailedException.rootMessage(e), e);
                }
                Thread.sleep(TICK_MILLIS); // the tasks may not have noticed yet
            }
        }
    }

    /** Returns when the job has read every event and each has come to an end. */
    private void drain() throws Exception {
        endOffset = topics.records(Topic.BEHAVIOR_EVENTS);
        console.line("Draining: " + Figures.grouped(Math.max(0, endOffset - Reading.of(flink.metrics()).live()))
                + " events to read" + (stop.isAsked() ? "; Ctrl-C again ends at once" : ""));
        awaitMoving("read every event", () -> Reading.of(flink.metrics()).live() >= endOffset);
        awaitMoving("settle every event", () -> {
            Reading now = Reading.of(flink.metrics());
            return now.settled() >= now.decoded() && now.published() >= now.updated();
        });
    }

    /** Leaves a difference that stands still to the balance, which names it. */
    private void awaitMoving(String what, BooleanSupplier done) throws Exception {
        Reading before = Reading.of(flink.metrics());
        long movedNanos = System.nanoTime();
        while (!done.getAsBoolean()) {
            requireSound();
            Reading now = Reading.of(flink.metrics());
            if (now.read() != before.read() || now.settled() != before.settled() || now.published() != before.published()) {
                before = now;
                movedNanos = System.nanoTime();
            } else if (System.nanoTime() - movedNanos > stalled.toNanos()) {
                console.line("Gave up waiting for the job to " + what + ": no movement for " + stalled.toSeconds() + " s");
                return;
            }
            showStatus("draining | ");
            Thread.sleep(TICK_MILLIS);
        }
    }

    private void showStatus(String prefix) {
        long now = System.nanoTime();
        long apart = now - lastStatusNanos;
        if (apart < console.statusMillis() * 1_000_000) {
            return;
        }
        Reading reading = Reading.of(flink.metrics());
        endOffset = topics.records(Topic.BEHAVIOR_EVENTS);
        Duration elapsed = Duration.ofNanos(now - startNanos);
        StatusLine status = StatusLine.between(
                lastReading, reading, Duration.ofNanos(apart), elapsed, Math.max(0, endOffset - reading.live()));
        double progress = traffic.progress();
        if (sender == null || sender.isDone() || Double.isNaN(progress)) {
            console.status(prefix + status.text(), addresses);
        } else {
            double perSecond = traffic.rows() == null ? sender.taken() : traffic.rows().rows();
            ProgressBar bar = new ProgressBar(progress, perSecond / Math.max(1e-3, elapsed.toMillis() / 1e3), elapsed);
            console.status(prefix + status.text(), bar.text(), addresses);
        }
        lastReading = reading;
        lastStatusNanos = now;
    }

    private long sent(Topic topic) {
        return sender == null ? 0 : sender.acknowledged(topic);
    }

    private void requireSound() {
        Throwable failed = flink.failure();
        if (failed != null) {
            throw new RunFailedException("the job failed: " + RunFailedException.rootMessage(failed), failed);
        }
        if (flink.isEnded()) {
            throw new RunFailedException("the job ended by itself, or someone cancelled it");
        }
        if (sender != null && sender.failure() != null) {
            throw new RunFailedException(
                    "the traffic failed: " + RunFailedException.rootMessage(sender.failure()), sender.failure());
        }
    }

    private ObjectNode addressesJson() {
        return JsonNodeFactory.instance.objectNode()
                .put("kafka", broker.bootstrapServers())
                .put("flink", flink.webAddress())
                .put("pid", ProcessHandle.current().pid());
    }

    private void stopAll() throws Exception {
        if (sender != null) {
            sender.finish();
        }
        traffic.close();
        if (flink != null) {
            try {
                flink.close();
            } catch (TimeoutException e) {
                console.line("Flink did not stop in time");
            }
        }
        if (topics != null) {
            topics.close();
        }
        if (broker != null) {
            broker.close();
        }
    }
}
