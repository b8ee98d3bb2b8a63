package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** The system's topics on one broker: created when missing, and how many records each has taken. Thread-safe. */
public final class Topics implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 30;

    private final Admin admin;
    private final Map<Topic, List<TopicPartition>> partitions = new EnumMap<>(Topic.class);

    public Topics(String bootstrapServers) {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Every topic of {@link Topic} exists afterwards; what exists already is left as it is.
     *
     * @param keyedPartitions partitions of the topics keyed by user, at least 1
     * @throws ConfigException when a topic exists with another number of partitions
     */
    public synchronized void create(int keyedPartitions) {
        Set<String> existing = get(admin.listTopics().names());
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (!existing.contains(topic.topicName())) {
                missing.add(new NewTopic(topic.topicName(), topic.partitions(keyedPartitions), (short) 1)
                        .configs(topic.settings()));
            }
        }
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                get(created);
            } catch (TopicExistsException e) {
                // Another process created it between the look and the request; it is checked below.
            }
        }
        find();
        partitions.forEach((topic, found) -> {
            int wanted = topic.partitions(keyedPartitions);
            if (found.size() != wanted) {
                throw new ConfigException("topic " + topic.topicName() + " has " + found.size() + " partitions, asked for are "
                        + wanted + ": a user's events would change their partition; start without --keep");
            }
        });
    }

    /**
     * Offsets given out so far, summed over partitions: the records ever written, transaction markers included. A topic
     * that does not exist counts 0.
     */
    public synchronized long records(Topic topic) {
        if (partitions.isEmpty()) {
            find();
        }
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.getOrDefault(topic, List.of()).forEach(p -> latest.put(p, OffsetSpec.latest()));
        return get(admin.listOffsets(latest).all()).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }

    private void find() {
        Set<String> existing = get(admin.listTopics().names());
        List<String> ours = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (existing.contains(topic.topicName())) {
                ours.add(topic.topicName());
            }
        }
        Map<String, TopicDescription> described =
                get(admin.describeTopics(ours).allTopicNames());
        for (Topic topic : Topic.values()) {
            TopicDescription description = described.get(topic.topicName());
            if (description != null) {
                partitions.put(topic, description.partitions().stream()
                        .map(p -> new TopicPartition(topic.topicName(), p.partition()))
                        .toList());
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("The broker refused", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("The broker did not answer within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the broker", e);
        }
    }
}
