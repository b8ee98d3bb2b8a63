package io.liveprofile.benchmark;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Sees on the broker which releases are announced, and when each subtask of the profile job first scored with one of them: by
 * the user of the vector, who belongs to one subtask.
 */
final class ReleaseWatch implements AutoCloseable {
    private final int subtasks;
    private final int keyGroups;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SingleObject<ModelRelease> releases = new SingleObject<>(ModelRelease.class);
    private final SingleObject<ScoredFeatures> vectors = new SingleObject<>(ScoredFeatures.class);
    private final Map<String, ModelRelease> announced = new LinkedHashMap<>();
    /** Wall time at which the first vector of each subtask was there, ms; by release, then by subtask. */
    private final Map<String, Map<Integer, Long>> firstScored = new HashMap<>();

    /** What became of a release; wall times in ms. */
    record Served(ModelRelease release, long firstMillis, long everySubtaskMillis) {}

    ReleaseWatch(String bootstrapServers, int subtasks) {
        this.subtasks = subtasks;
        this.keyGroups = KeyGroupRangeAssignment.computeDefaultMaxParallelism(subtasks);
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : List.of(Topic.MODEL_RELEASES, Topic.SCORED_FEATURES)) {
            consumer.partitionsFor(topic.topicName())
                    .forEach(each -> partitions.add(new TopicPartition(each.topic(), each.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Sees what has come, waiting a little for something to come. */
    void look() throws IOException {
        Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(Duration.ofMillis(50));
        long now = System.currentTimeMillis();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(Topic.MODEL_RELEASES.topicName())) {
                ModelRelease release = releases.decode(record.value());
                announced.put(release.getReleaseId(), release);
            } else {
                ScoredFeatures vector = vectors.decode(record.value());
                if (vector.getReleaseId() != null) {
                    firstScored.computeIfAbsent(vector.getReleaseId(), none -> new HashMap<>())
                            .putIfAbsent(subtaskOf(vector.getUserId()), now);
                }
            }
        }
    }

    int announced() {
        return announced.size();
    }

    boolean isScoring(String releaseId) {
        return firstScored.getOrDefault(releaseId, Map.of()).size() == subtasks;
    }

    /** Those with which every subtask has scored, in the order of their announcement. */
    List<Served> served() {
        return announced.values().stream()
                .filter(release -> isScoring(release.getReleaseId()))
                .map(release -> {
                    List<Long> times = firstScored.get(release.getReleaseId()).values().stream().sorted().toList();
                    return new Served(release, times.get(0), times.get(times.size() - 1));
                })
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private int subtaskOf(String pseudonym) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(pseudonym, keyGroups, subtasks);
    }
}
