package io.liveprofile.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a source begins, and how it goes on where the brokers do not have what comes next any more, be it that it begins there or
 * that its state does.
 *
 * @param whenGone {@code NONE}: its task fails
 */
record StartOffsets(OffsetsInitializer start, OffsetResetStrategy whenGone) implements OffsetsInitializer {
    /** Where the consumer group stopped; where it never was, with the oldest record. */
    static OffsetsInitializer committed() {
        return new Committed();
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        return start.getPartitionOffsets(partitions, retriever);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return whenGone;
    }

    /** Flink's own leaves it to the consumer to find them, which then begins with the oldest also where the committed one is gone. */
    private record Committed() implements OffsetsInitializer {
        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
            Map<TopicPartition, Long> offsets = new HashMap<>(retriever.committedOffsets(partitions));
            List<TopicPartition> others = new ArrayList<>(partitions);
            others.removeAll(offsets.keySet());
            offsets.putAll(retriever.beginningOffsets(others));
            return offsets;
        }

        @Override
        public OffsetResetStrategy getAutoOffsetResetStrategy() {
            return OffsetResetStrategy.NONE;
        }
    }
}
