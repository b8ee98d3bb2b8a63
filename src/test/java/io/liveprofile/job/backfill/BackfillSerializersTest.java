package io.liveprofile.job.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.IngestedRecord;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.AssignmentStatus;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Beside Kafka's own serializers, whose state a job without a history must be able to read. */
class BackfillSerializersTest {
    private static final HistoryLane LANE =
            new HistoryLane("file:/history", List.of("file:/history/1.csv", "file:/history/\u00e9/2.csv.gz"), 1, 4_711);
    private static final KafkaPartitionSplit SPLIT = new KafkaPartitionSplit(new TopicPartition("behavior-events", 3), 42);

    private final KafkaSource<IngestedRecord> kafka = KafkaSource.<IngestedRecord>builder()
            .setBootstrapServers("127.0.0.1:1")
            .setTopics("behavior-events")
            .setGroupId("group")
            .setDeserializer(new TestingDeserializer())
            .build();
    private final BackfillSource<KafkaPartitionSplit, KafkaSourceEnumState> source =
            new BackfillSource<>(List.of(), null, kafka);

    @Test
    void lanesComeBackAsTheyWere() throws IOException {
        BackfillSplit<KafkaPartitionSplit> split = BackfillSplit.of(LANE);
        assertThat(again(source.getSplitSerializer(), split)).isEqualTo(split);
        for (List<HistoryLane> lanes : List.of(List.<HistoryLane>of(), List.of(LANE), List.of(LANE, LANE.at(2, 0)))) {
            BackfillState<KafkaSourceEnumState> state = new BackfillState<>(lanes, null);
            assertThat(again(source.getEnumeratorCheckpointSerializer(), state)).isEqualTo(state);
        }
    }

    @Test
    void whatIsLiveIsKafkasOwn() throws IOException {
        assertThat(source.getSplitSerializer().getVersion()).isEqualTo(kafka.getSplitSerializer().getVersion());
        assertThat(source.getSplitSerializer().serialize(BackfillSplit.ofLive(SPLIT)))
                .isEqualTo(kafka.getSplitSerializer().serialize(SPLIT));
        assertThat(again(source.getSplitSerializer(), BackfillSplit.ofLive(SPLIT)).live()).isEqualTo(SPLIT);

        SimpleVersionedSerializer<KafkaSourceEnumState> states = kafka.getEnumeratorCheckpointSerializer();
        KafkaSourceEnumState state = new KafkaSourceEnumState(
                Set.of(new SplitAndAssignmentStatus(SPLIT, AssignmentStatus.ASSIGNED)), true);
        assertThat(source.getEnumeratorCheckpointSerializer().getVersion()).isEqualTo(states.getVersion());
        assertThat(source.getEnumeratorCheckpointSerializer().serialize(new BackfillState<>(null, state)))
                .isEqualTo(states.serialize(state));
        BackfillState<KafkaSourceEnumState> read =
                again(source.getEnumeratorCheckpointSerializer(), new BackfillState<>(null, state));
        assertThat(read.isLive()).isTrue();
        assertThat(states.serialize(read.live())).isEqualTo(states.serialize(state));
    }

    @Test
    void lanesOfALaterVersionAreRefused() throws IOException {
        byte[] bytes = source.getSplitSerializer().serialize(BackfillSplit.of(LANE));
        bytes[8] = 2;
        assertThatThrownBy(() -> source.getSplitSerializer().deserialize(source.getSplitSerializer().getVersion(), bytes))
                .isInstanceOf(IOException.class)
                .hasMessage("Lanes of version 2 cannot be read; known is 1");
    }

    private static <T> T again(SimpleVersionedSerializer<T> serializer, T value) throws IOException {
        return serializer.deserialize(serializer.getVersion(), serializer.serialize(value));
    }
}
