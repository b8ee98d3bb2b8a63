package io.liveprofile.local;

import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Finds a user's current profile in the topic user-profiles: the largest version after the last erasure, among what was
 * committed when the search began. Reads the whole topic; no consumer group, so nothing is left behind on the broker.
 */
final class ProfileReader {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SILENT = Duration.ofSeconds(30);

    private final String bootstrapServers;

    ProfileReader(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * What the search found.
     *
     * @param profile null = none
     * @param erased whether the user had one that was erased
     * @param someUsers a few pseudonyms that have a profile
     * @param records records the topic holds
     */
    record Found(UserProfile profile, boolean erased, List<String> someUsers, long records) {}

    /**
     * Looks for the first profile that carries one of these keys.
     *
     * @param keys pseudonyms the user may have; empty = only list users
     * @param listed how many users to list at most
     */
    Found find(Collection<String> keys, int listed) throws IOException {
        Set<String> users = new LinkedHashSet<>();
        SingleObject<UserProfile> codec = new SingleObject<>(UserProfile.class, SchemaHistory.of(UserProfile.class));
        UserProfile profile = null;
        boolean erased = false;
        long records = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.USER_PROFILES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long heardNanos = System.nanoTime();
            while (!isThrough(consumer, ends)) {
                var polled = consumer.poll(POLL);
                if (!polled.isEmpty()) {
                    heardNanos = System.nanoTime();
                } else if (System.nanoTime() - heardNanos > SILENT.toNanos()) {
                    throw new IOException("the broker at " + bootstrapServers + " has been silent for " + SILENT.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    records++;
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        users.remove(key);
                    } else if (users.size() < listed) {
                        users.add(key);
                    }
                    if (!keys.contains(key)) {
                        continue;
                    }
                    if (record.value() == null) {
                        profile = null;
                        erased = true;
                        continue;
                    }
                    UserProfile candidate = codec.decode(record.value());
                    if (profile == null || candidate.getVersion() >= profile.getVersion()) {
                        profile = candidate;
                    }
                }
            }
        }
        return new Found(profile, erased && profile == null, new ArrayList<>(users), records);
    }

    private static boolean isThrough(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
