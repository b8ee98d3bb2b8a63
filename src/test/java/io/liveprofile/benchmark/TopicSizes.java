package io.liveprofile.benchmark;

import com.sun.management.ThreadMXBean;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.job.Counts;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import io.liveprofile.local.EmbeddedBroker;
import io.liveprofile.local.LocalFlink;
import io.liveprofile.local.Pacer;
import io.liveprofile.local.RunDirectory;
import io.liveprofile.local.SimulatedTraffic;
import io.liveprofile.local.Topics;
import io.liveprofile.local.Traffic;
import io.liveprofile.local.TrafficSender;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import io.liveprofile.sizing.SizeFigures;
import io.liveprofile.training.ExampleRecords;
import io.liveprofile.training.Label;
import io.liveprofile.training.LabelJoin;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.UserLabels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What both jobs write and keep for each event of simulated shoppers, through a broker as {@code make run} has them, with the
 * shipped settings.
 */
final class TopicSizes {
    private static final Path OPTIONS = Path.of("flink-conf/liveprofile.yaml");
    private static final int PARTITIONS = 4;
    private static final int SUBTASKS = 2;
    private static final int USERS = 20_000;
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;
    private static final List<String> TRAINING_TASKS =
            List.of("Source: behavior-events -> events", "Source: labeled-outcomes -> events", "Source: scored-features",
                    "join labels", "judge, learn");
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * @param topics messages on the broker's disk, once, with what Kafka adds, compressed as they were sent; those to which nothing
     *     went are missing, as are those that are kept for ever
     * @param waitingBytes state of the label join, a vector that waits
     * @param waitingSeconds mean time that a scored vector waits, if nothing comes that makes it positive
     * @param threadMicros processor time an event of the threads that work for either job, by name
     */
    record Found(
            long events,
            Map<Topic, SizeFigures.Messages> topics,
            double waitingBytes,
            double waitingSeconds,
            Map<String, Double> threadMicros) {

        /** Of the tasks of the training job. */
        double trainingMicros() {
            return threadMicros.entrySet().stream()
                    .filter(each -> TRAINING_TASKS.stream().anyMatch(each.getKey()::startsWith))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }
    }

    private final Path directory;
    private final Configuration options = OptionsFile.read(ConfigNode.read(OPTIONS));

    /** @param keyFile of the pseudonyms */
    TopicSizes(Path directory, Path keyFile) {
        this.directory = directory;
        options.set(Options.KEY_FILE, keyFile.toString());
    }

    Found measure(long events) throws Exception {
        try (RunDirectory held = RunDirectory.hold(directory)) {
            held.prepare(false);
            try (EmbeddedBroker broker = EmbeddedBroker.start(held.kafka(), 0);
                    Topics topics = new Topics(broker.bootstrapServers());
                    LocalFlink flink = LocalFlink.start(held, 0, SUBTASKS, Path.of("flink-conf"))) {
                topics.create(PARTITIONS);
                keepEveryProfile(broker.bootstrapServers());
                options.set(Options.KAFKA_SERVERS, broker.bootstrapServers());
                flink.submit((env, servers) -> {
                    ProfileJob.define(env, options, OffsetsInitializer.earliest());
                    TrainingJob.define(env, options, OffsetsInitializer.earliest());
                }, broker.bootstrapServers(), null);
                Map<String, Long> before = threadNanos();
                send(flink, topics, broker.bootstrapServers(), events);
                Map<String, Double> micros = new HashMap<>();
                threadNanos().forEach((name, nanos) ->
                        micros.put(name, (nanos - before.getOrDefault(name, 0L)) / 1e3 / topics.records(Topic.BEHAVIOR_EVENTS)));
                return found(topics, broker.bootstrapServers(), held.kafka(), micros);
            }
        }
    }

    /** What was compacted away could not be measured. */
    private static void keepEveryProfile(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            ConfigResource profiles = new ConfigResource(ConfigResource.Type.TOPIC, Topic.USER_PROFILES.topicName());
            AlterConfigOp delete = new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(profiles, List.of(delete))).all().get();
        }
    }

    /** Returns when both jobs have taken all of it. */
    private static void send(LocalFlink flink, Topics topics, String servers, long events) throws Exception {
        SimulationConfig shop = SimulationConfig.defaults().withUsers(USERS).withEventsPerSecond(EVENTS_PER_USER_SECOND * USERS);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Traffic traffic = new SimulatedTraffic(shop, NoiseMix.defaults(), Long.MAX_VALUE)) {
            TrafficSender sender = new TrafficSender(servers, traffic, Pacer.unlimited());
            sender.start();
            while (sender.acknowledged(Topic.BEHAVIOR_EVENTS) < events) {
                requireSound(flink, deadline);
                Thread.sleep(100);
            }
            sender.finish();
        }
        long sent = topics.records(Topic.BEHAVIOR_EVENTS);
        while (flink.metrics().count(Counts.READ) < sent
                || flink.metrics().count(Counts.VECTORS) < topics.records(Topic.SCORED_FEATURES)) {
            requireSound(flink, deadline);
            Thread.sleep(100);
        }
        flink.checkpoint(LIMIT);
    }

    private static void requireSound(LocalFlink flink, long deadline) {
        if (flink.isEnded() || System.nanoTime() > deadline) {
            throw new IllegalStateException(flink.isEnded() ? "The jobs have ended" : "Not done in " + LIMIT, flink.failure());
        }
    }

    private Found found(Topics topics, String servers, Path kafka, Map<String, Double> micros) throws IOException {
        long events = topics.records(Topic.BEHAVIOR_EVENTS);
        Map<Topic, SizeFigures.Messages> messages = new EnumMap<>(Topic.class);
        for (Topic topic : Topic.values()) {
            long records = topics.records(topic);
            if (records > 0 && SizeFigures.grows(topic)) {
                messages.put(topic,
                        new SizeFigures.Messages((double) records / events, (double) logBytes(kafka, topic) / records));
            }
        }
        double[] waiting = waiting(servers);
        return new Found(events, messages, waiting[0], waiting[1], micros);
    }

    /** Bytes of state of a waiting vector, and mean seconds that a vector may wait. */
    private double[] waiting(String servers) throws IOException {
        LabelPlan plan = LabelPlan.read(Path.of(options.get(Options.LABELS)),
                ModelConfig.read(Path.of(options.get(Options.MODEL_FILE))).headNames());
        LabelJoin join = new LabelJoin(plan, Integer.MAX_VALUE);
        ExampleRecords records = new ExampleRecords(plan);
        SingleObject<ScoredFeatures> vectors = new SingleObject<>(ScoredFeatures.class);
        UserLabels user = new UserLabels(plan);
        int empty = user.toBytes().length;
        long read = 0;
        long taken = 0;
        double seconds = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.SCORED_FEATURES.topicName()).stream()
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (read < 10_000) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    ScoredFeatures scored = vectors.decode(record.value());
                    read++;
                    if (join.add(user, records.prediction(scored), Long.MIN_VALUE) == LabelJoin.Taken.YES) {
                        taken++;
                    }
                    seconds += plan.labels().stream()
                            .filter(label -> label.judged().contains(scored.getEventType()))
                            .map(Label::horizon)
                            .mapToLong(Duration::toSeconds)
                            .max()
                            .orElse(0);
                }
            }
        }
        return new double[] {(double) (user.toBytes().length - empty) / taken, seconds / read};
    }

    private static long logBytes(Path kafka, Topic topic) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(kafka)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")
                    && each.getParent().getFileName().toString().matches(topic.topicName() + "-\\d+")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** By the thread's name without what tells those of one kind apart. */
    private static Map<String, Long> threadNanos() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] nanos = threads.getThreadCpuTime(ids);
        Map<String, Long> byName = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            var info = threads.getThreadInfo(ids[i]);
            if (info != null && nanos[i] > 0) {
                byName.merge(info.getThreadName().replaceAll(" ?[(-]?\\d+[/)#\\d]*", ""), nanos[i], Long::sum);
            }
        }
        return byName;
    }
}
