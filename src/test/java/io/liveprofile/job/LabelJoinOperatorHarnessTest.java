package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.TrainingExample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelJoinOperatorHarnessTest {
    private static final long HORIZON = 3_600_000;
    private static final int MOST_SUBTASKS = 128;

    @TempDir
    Path directory;

    private TrainingJobConfig config;
    private LabelJoinOperator operator;
    private KeyedTwoInputStreamOperatorTestHarness<String, ScoredFeatures, IngestedRecord, TrainingExample> harness;

    @BeforeEach
    void setUp() throws Exception {
        Configuration options = new Configuration();
        options.set(Options.FEATURES, write("features.yaml", """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates: { views: { op: count, events: [VIEW], windows: [1h] } }
                features: [ { statistics: [views] } ]
                """));
        options.set(Options.MODEL_FILE, write("model.yaml", "hidden_layers: [8]\nheads: [ { name: bought } ]\n"));
        options.set(Options.LABELS, write("labels.yaml",
                "labels: { bought: { positive: { events: ORDER }, horizon: 1 h, judged: VIEW } }\n"));
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        config = TrainingJobConfig.of(options);
        begin(null, 1);
    }

    /** @param state null = none */
    private void begin(OperatorSubtaskState state, int subtasks) throws Exception {
        int subtask = KeyGroupRangeAssignment.assignKeyToParallelOperator("user", MOST_SUBTASKS, subtasks);
        operator = new LabelJoinOperator(config);
        harness = new KeyedTwoInputStreamOperatorTestHarness<>(
                operator, ScoredFeatures::getUserId, record -> record.getEvent().getUserId(), Types.STRING,
                MOST_SUBTASKS, subtasks, subtask);
        if (state != null) {
            harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MOST_SUBTASKS, 1, subtasks, subtask));
        }
        harness.open();
    }

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    /** Its hash may say otherwise: a trainer that was given one would fail, and again after each restart. */
    @Test
    void aVectorOfAnotherLengthIsOfAnotherSchema() throws Exception {
        vector("short", 1);
        vector("right", 2, 1f);
        vector("long", 3, 1f, 2f);
        advance(10 * HORIZON);

        assertThat(harness.extractOutputValues()).extracting(TrainingExample::getPredictionId).containsExactly("right");
        assertThat(operator.counted(Counts.OTHER_SCHEMA)).isEqualTo(2);
        assertThat(operator.counted(Counts.VECTORS))
                .isEqualTo(operator.counted(Counts.WAITED) + operator.counted(Counts.OTHER_SCHEMA));
    }

    /** Keyed state and timers end with the user. */
    @Test
    void whoWasNeverAskedIsForgottenWithHisOrders() throws Exception {
        order("e1", 5);
        advance(2 * HORIZON + 4);
        assertThat(harness.numEventTimeTimers()).isOne();
        advance(2 * HORIZON + 5);
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void whatThereIsNoRoomForIsCounted() throws Exception {
        for (int i = 1; i <= 10_002; i++) {
            order("e" + i, i);
        }
        vector("late", 1, 1f);
        vector("right", 2, 1f);
        advance(HORIZON);

        assertThat(operator.counted(Counts.LABEL_FACTS)).isEqualTo(10_002);
        assertThat(operator.counted(Counts.CROWDED_FACTS)).isEqualTo(2);
        assertThat(operator.counted(Counts.LATE_VECTORS)).isOne();
        assertThat(harness.extractOutputValues()).extracting(example -> example.getPredictionId() + " " + example.getKnownAt())
                .containsExactly("right 3");
    }

    /** Whoever scored it went back further: no watermark says yet that it is late, and its order is gone. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatWasDecidedBeforeAFailureIsNotDecidedAgainBehindIt(int subtasks) throws Exception {
        vector("bought", 1_000, 1f);
        vector("looked", 1_500, 1f);
        order("order", 2_000);
        advance(HORIZON + 1_600);
        assertThat(harness.extractOutputValues()).extracting(TrainingExample::getPredictionId).containsExactly("bought", "looked");
        vector("waits", HORIZON + 2_000, 1f);
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        begin(state, subtasks);
        vector("bought", 1_000, 1f);
        vector("looked", 1_500, 1f);
        vector("waits", HORIZON + 2_000, 1f);
        advance(10 * HORIZON);
        assertThat(harness.extractOutputValues()).extracting(TrainingExample::getPredictionId).containsExactly("waits");
        assertThat(operator.counted(Counts.LATE_VECTORS)).isEqualTo(2);
        assertThat(operator.counted(Counts.REPEATED_VECTORS)).isOne();
    }

    private void vector(String id, long asOf, float... values) throws Exception {
        List<Float> vector = IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
        harness.processElement1(new StreamRecord<>(ScoredFeatures.newBuilder()
                .setPredictionId(id).setUserId("user").setEventId("event-" + id).setEventTime(asOf)
                .setSchemaHash(config.schema().hash()).setVector(vector).setScores(Map.of()).setAsOf(asOf)
                .setEventType(EventType.VIEW).setProgress(null).build(), asOf));
    }

    private void order(String id, long time) throws Exception {
        BehaviorEvent event = TestingEvents.event(id, EventType.ORDER, time);
        harness.processElement2(new StreamRecord<>(
                new IngestedRecord("behavior-events", 0, 7L, time, event, null, null, null, 0), time));
    }

    private void advance(long watermark) throws Exception {
        harness.processBothWatermarks(new Watermark(watermark));
    }

    private String write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text).toString();
    }
}
