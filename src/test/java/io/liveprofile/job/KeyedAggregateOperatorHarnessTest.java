package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.KeyedState;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.KeyedEvent;
import io.liveprofile.feature.KeyedNumbers;
import io.liveprofile.job.types.KeyedNumbersTypeInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyedAggregateOperatorHarnessTest {
    private static final long START = 1_750_000_000_000L;
    private static final long HOUR = 3_600_000L;
    private static final String USER = """
            windows: { 1h: { length: 1 h, hop: 5 min } }
            aggregates:
              views: { op: count, windows: [1h] }
            """;
    private static final String KEYS = """
              item_views:  { key: itemId, op: count, windows: [1h] }
              brand_views: { key: brand, op: count }
            """;
    private static final String FEATURES = "features: [ { statistics: [views] } ]\n";

    @TempDir
    Path directory;

    private final Configuration options = new Configuration();
    private KeyedOneInputStreamOperatorTestHarness<String, KeyedEvent, KeyedNumbers> harness;
    private KeyedAggregateOperator operator;

    @BeforeEach
    void setUp() throws Exception {
        options.set(Options.MODEL_STORE, "");
        options.set(Options.HOT_USERS, new MemorySize(1)); // one key
        open(USER + KEYS + FEATURES, null);
    }

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    @Test
    void answersWithWhatTheKeySaysNow() throws Exception {
        send("itemId:a", 1, START);
        send("itemId:b", 2, START + 1);
        send("itemId:a", 3, START + 2);
        send("itemId:a", KeyedEvent.NOBODY_WAITS, START + 3);
        send("itemId:a", 4, START + 4);
        assertThat(harness.extractOutputValues())
                .extracting(answer -> answer.version() + ":" + (long) answer.numbers()[0])
                .containsExactly("1:1", "2:1", "3:2", "4:4");
        assertThat(operator.counted(Counts.KEYED)).isEqualTo(5);
        assertThat(operator.counted(Counts.KEYS)).isEqualTo(2);
    }

    @Test
    void aKeyIsForgottenOnceItsWindowsAreEmptyAndNotBefore() throws Exception {
        send("itemId:a", 1, START);
        send("brand:x", 2, START);
        assertThat(harness.numEventTimeTimers()).as("a lifetime never ends").isEqualTo(1);
        send("itemId:a", 3, START + 2 * HOUR);
        harness.processWatermark(START + 3 * HOUR);
        assertThat(harness.numEventTimeTimers()).as("asked again later").isEqualTo(1);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
        harness.processWatermark(START + 5 * HOUR);
        assertThat(harness.numEventTimeTimers()).isZero();
        operator.prepareSnapshotPreBarrier(1);
        assertThat(harness.numKeyedStateEntries()).as("the brand").isEqualTo(1);
        send("itemId:a", 4, START + 6 * HOUR);
        assertThat(operator.counted(Counts.KEYS)).isEqualTo(3);
    }

    @Test
    void aKeyWhoseEventsLagBehindTheWatermarkIsNotForgottenBetweenThem() throws Exception {
        harness.processWatermark(START + 5 * HOUR);
        for (int i = 1; i <= 6; i++) {
            send("itemId:a", i, START + i);
            harness.processWatermark(START + (5 + i) * HOUR);
        }
        assertThat(harness.extractOutputValues()).extracting(answer -> (long) answer.numbers()[0])
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        harness.processWatermark(START + 20 * HOUR);
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    @Test
    void aKeyThatIsNoLongerDeclaredIsForgottenByItsTimer() throws Exception {
        send("itemId:a", 1, START);
        OperatorSubtaskState snapshot = stop();
        open(USER + "  brand_views: { key: brand, op: count }\n" + FEATURES, snapshot);
        send("brand:x", 2, START);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
        harness.processWatermark(START + 5 * HOUR);
        operator.prepareSnapshotPreBarrier(2);
        assertThat(harness.numKeyedStateEntries()).as("the brand").isEqualTo(1);
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** An event of no type, which no validator lets in. */
    @Test
    void anEventThatTheKeyThrowsOnIsLeftOutAndWhoeverWaitsIsAnsweredAllTheSame() throws Exception {
        send("itemId:a", 1, START);
        OperatorSubtaskState snapshot = stop();
        open(USER + KEYS + FEATURES, snapshot);
        send("itemId:a", 2, START + 1, null);
        send("itemId:a", 3, START + 2);
        assertThat(harness.extractOutputValues())
                .extracting(answer -> answer.version() + ":" + (long) answer.numbers()[0])
                .containsExactly("2:1", "3:2");
        assertThat(operator.counted(Counts.KEYED)).isEqualTo(2);
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(1);
    }

    /** Else each restart would end as the one before it: what cannot be said now could not be said then. */
    @Test
    void whoeverWaitsForAKeyThatCanSayNothingIsAnsweredWithNothing() throws Exception {
        send("itemId:a", 1, START);
        OperatorSubtaskState snapshot = stop();
        open(new KeyedAggregateOperator(config(USER + KEYS + FEATURES)) {
            private static final long serialVersionUID = 1L;

            @Override
            double[] numbers(KeyedState state) {
                throw new IllegalArgumentException("as what nobody foresaw");
            }
        }, snapshot);
        send("itemId:a", 2, START + 1);
        send("itemId:a", 3, START + 2);
        assertThat(harness.extractOutputValues()).extracting(KeyedNumbers::version).containsExactly(2L, 3L);
        assertThat(harness.extractOutputValues()).allSatisfy(answer -> assertThat(answer.numbers()).containsExactly(Double.NaN));
        assertThat(operator.counted(Counts.KEYED)).isEqualTo(1);
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(2);
        assertThat(operator.counted(Counts.FAILED_EXPRESSIONS)).as("said nothing").isEqualTo(2);
    }

    private ProfileJobConfig config(String features) throws Exception {
        options.set(Options.FEATURES, Files.writeString(directory.resolve("features.yaml"), features).toString());
        return ProfileJobConfig.of(options);
    }

    private void open(String features, OperatorSubtaskState state) throws Exception {
        open(new KeyedAggregateOperator(config(features)), state);
    }

    private void open(KeyedAggregateOperator opened, OperatorSubtaskState state) throws Exception {
        operator = opened;
        harness = new KeyedOneInputStreamOperatorTestHarness<>(operator, KeyedEvent::partition, Types.STRING);
        harness.setup(KeyedNumbersTypeInfo.INSTANCE.createSerializer(new ExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private OperatorSubtaskState stop() throws Exception {
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        harness.close();
        return snapshot;
    }

    private void send(String partition, long version, long time) throws Exception {
        send(partition, version, time, EventType.VIEW);
    }

    private void send(String partition, long version, long time, EventType type) throws Exception {
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e" + version)
                .setUserId("user")
                .setEventTime(time)
                .build();
        event.setType(type);
        harness.processElement(new KeyedEvent(0, partition, version, event), time);
    }
}
