package io.liveprofile.benchmark;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.Progress;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ModelStoreLoader;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.inference.Scorer;
import io.liveprofile.inference.Scores;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.profile.ProfileEncoder;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import io.liveprofile.sizing.SizeFigures;
import io.liveprofile.training.ExampleRecords;
import io.liveprofile.training.Label;
import io.liveprofile.training.LabelJoin;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.LabeledExample;
import io.liveprofile.training.UserLabels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.TimestampType;

/**
 * Bytes of what both jobs write and keep for events of simulated shoppers: the product's own stages one after the other, and
 * Kafka's own batches, without broker and Flink, so the same every time.
 */
final class TopicSizes {
    private static final Path OPTIONS = Path.of("flink-conf/liveprofile.yaml");
    private static final int SCORED_AT_A_TIME = 256;
    private static final int USERS = 5_000;
    /** Default of a producer's batch.size. */
    private static final int BATCH_BYTES = 16_384;

    /**
     * @param topics messages by topic; those that few events go to are missing
     * @param waitingBytes state of the label join, a vector that waits
     * @param waitingSeconds mean time that a scored vector waits, if nothing comes that makes it positive
     * @param labelMicros processor time an event that decoding events and vectors, joining and encoding examples take
     */
    record Found(Map<Topic, SizeFigures.Messages> topics, double waitingBytes, double waitingSeconds, double labelMicros) {}

    /** Messages of a topic, as a producer sends them. */
    private static final class Batches {
        private final ByteBuffer buffer = ByteBuffer.allocate(16 * BATCH_BYTES);
        private MemoryRecordsBuilder batch;
        private long messages;
        private long pending;
        private long bytes;

        void add(long time, byte[] key, byte[] value) {
            if (batch == null) {
                buffer.clear();
                batch = MemoryRecords.builder(buffer, Compression.lz4().build(), TimestampType.CREATE_TIME, 0);
            }
            batch.append(time, key, value);
            messages++;
            pending += key.length + value.length;
            if (pending >= BATCH_BYTES) {
                close();
            }
        }

        void close() {
            if (batch != null) {
                bytes += batch.build().sizeInBytes();
                batch = null;
                pending = 0;
            }
        }
    }

    private final Configuration options = OptionsFile.read(ConfigNode.read(OPTIONS));
    private final ProfileJobConfig config = ProfileJobConfig.of(options);
    private final Map<Topic, Batches> topics = new EnumMap<>(Topic.class);
    private final Map<String, UserState> users = new HashMap<>();
    private final List<UserUpdate> updates = new ArrayList<>();
    private final List<byte[]> vectors = new ArrayList<>();

    /** @param keyFile of the pseudonyms */
    Found measure(int events, Path keyFile) throws IOException {
        SimulatedRecords source = new SimulatedRecords(USERS, 1, Pseudonymizer.readKeyset(keyFile));
        source.begin(0);
        UserProfiler profiler = new UserProfiler(config.profiler(), config.featurePlan());
        ProfileEncoder encoder = new ProfileEncoder(config.featurePlan().aggregates(), config.featurePlan().schema());
        List<byte[]> facts = new ArrayList<>();
        try (Scorer scorer = new ModelStoreLoader(config.modelStore(), config.featurePlan().schema()).latest().orElseThrow()) {
            for (long number = 0; number < events; number++) {
                IngestedRecord record = source.map(number);
                BehaviorEvent event = record.getEvent();
                byte[] value = source.encoded();
                facts.add(value);
                send(Topic.BEHAVIOR_EVENTS, event.getEventTime(), event.getUserId(), value);
                UserState user = users.computeIfAbsent(event.getUserId(), none -> profiler.newUser());
                if (profiler.process(user, event, record.getBrokerTime()) instanceof Verdict.Profiled profiled) {
                    updates.add(profiled.update());
                }
                if (updates.size() == SCORED_AT_A_TIME) {
                    score(scorer, encoder);
                }
            }
            score(scorer, encoder);
        }
        return join(events, facts);
    }

    private void score(Scorer scorer, ProfileEncoder encoder) {
        Scores scores = scorer.score(updates.stream().map(UserUpdate::vector).toArray(float[][]::new));
        for (int row = 0; row < updates.size(); row++) {
            ScoredUpdate scored = new ScoredUpdate(updates.get(row), scorer.releaseId(), scorer.heads(),
                    scores.probabilities()[row], scores.embeddings()[row]);
            EncodedRecord profile = encoder.profile(scored);
            send(Topic.USER_PROFILES, updates.get(row).eventTime(), profile.key(), profile.value());
            EncodedRecord vector = encoder.scoredFeatures(scored, new Progress(updates.get(row).eventTime(), 0, 1));
            send(Topic.SCORED_FEATURES, updates.get(row).eventTime(), vector.key(), vector.value());
            vectors.add(vector.value());
        }
        updates.clear();
    }

    /** Lets the vectors wait until nothing can come that makes them positive. */
    private Found join(int events, List<byte[]> facts) throws IOException {
        LabelPlan plan = LabelPlan.read(Path.of(options.get(Options.LABELS)),
                ModelConfig.read(Path.of(options.get(Options.MODEL_FILE))).headNames());
        LabelJoin join = new LabelJoin(plan, options.get(Options.LABELS_MAX_WAITING));
        ExampleRecords records = new ExampleRecords(plan);
        SingleObject<ScoredFeatures> decoding = new SingleObject<>(ScoredFeatures.class);
        SingleObject<BehaviorEvent> eventDecoding = new SingleObject<>(BehaviorEvent.class);
        SingleObject<TrainingExample> encoding = new SingleObject<>(TrainingExample.class);
        Map<String, UserLabels> labels = new HashMap<>();
        List<byte[]> examples = new ArrayList<>();
        long begin = cpuNanos();
        for (byte[] fact : facts) {
            join.concerns(eventDecoding.decode(fact));
        }
        long taken = 0;
        double seconds = 0;
        for (byte[] vector : vectors) {
            ScoredFeatures scored = decoding.decode(vector);
            UserLabels user = labels.computeIfAbsent(scored.getUserId(), none -> new UserLabels(plan));
            taken += join.add(user, records.prediction(scored), Long.MIN_VALUE) == LabelJoin.Taken.YES ? 1 : 0;
            seconds += horizonSeconds(plan, scored.getEventType());
        }
        long cpu = cpuNanos() - begin;
        int empty = new UserLabels(plan).toBytes().length;
        long waiting = labels.values().stream().mapToLong(user -> user.toBytes().length - empty).sum();
        begin = cpuNanos();
        for (Map.Entry<String, UserLabels> user : labels.entrySet()) {
            for (LabeledExample example : join.advance(user.getValue(), Long.MAX_VALUE)) {
                TrainingExample record = records.record(user.getKey(), example);
                examples.add(encoding.encode(record));
                send(Topic.TRAINING_EXAMPLES, record.getKnownAt(), user.getKey(), examples.get(examples.size() - 1));
            }
        }
        cpu += cpuNanos() - begin;
        Map<Topic, SizeFigures.Messages> found = new EnumMap<>(Topic.class);
        topics.forEach((topic, batches) -> {
            batches.close();
            found.put(topic, new SizeFigures.Messages(
                    (double) batches.messages / events, (double) batches.bytes / batches.messages));
        });
        return new Found(found, (double) waiting / taken, seconds / vectors.size(), cpu / 1e3 / events);
    }

    private static long horizonSeconds(LabelPlan plan, EventType type) {
        return plan.labels().stream()
                .filter(label -> label.judged().contains(type))
                .map(Label::horizon)
                .mapToLong(Duration::toSeconds)
                .max()
                .orElse(0);
    }

    private void send(Topic topic, long time, String key, byte[] value) {
        send(topic, time, key.getBytes(StandardCharsets.UTF_8), value);
    }

    private void send(Topic topic, long time, byte[] key, byte[] value) {
        topics.computeIfAbsent(topic, none -> new Batches()).add(time, key, value);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
