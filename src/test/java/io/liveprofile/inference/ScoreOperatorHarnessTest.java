package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.feature.UserUpdate;
import io.liveprofile.job.types.ScoredUpdateSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoreOperatorHarnessTest {
    private static final MicroBatching FOUR_ROWS_OR_TEN_MILLIS = new MicroBatching(4, Duration.ofMillis(10));

    private OneInputStreamOperatorTestHarness<UserUpdate, ScoredUpdate> harness;
    private InterceptingOperatorMetricGroup metrics;

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void scoresAFullBatchAtOnceInOrderWithTimestamps() throws Exception {
        open(TestingScorer.factory());
        send(1, 2, 3);
        assertThat(versions()).isEmpty();
        send(4, 5);
        assertThat(versions()).containsExactly(1L, 2L, 3L, 4L);
        for (ScoredUpdate scored : harness.extractOutputValues()) {
            assertThat(scored.releaseId()).isEqualTo("r000001");
            assertThat(scored.heads()).containsExactly("purchase_24h");
            assertThat(scored.probabilities()).containsExactly(scored.update().version() / 100f);
            assertThat(scored.embedding()).containsExactly(-scored.update().version());
        }
        assertThat(harness.getOutput()).extracting(record -> ((StreamRecord<?>) record).getTimestamp())
                .containsExactly(1001L, 1002L, 1003L, 1004L);
    }

    @Test
    void recordsWithoutTimestampStayWithoutWhateverTheirBatch() throws Exception {
        open(TestingScorer.factory());
        send(1, 2);
        harness.processElement(new StreamRecord<>(TestingUpdates.of(3, 0.03f, -3)));
        send(4);
        assertThat(harness.getOutput()).extracting(record -> ((StreamRecord<?>) record).hasTimestamp())
                .containsExactly(true, true, false, true);
    }

    @Test
    void scoresWhatHasWaitedLongEnoughToTheMillisecond() throws Exception {
        open(TestingScorer.factory());
        harness.setProcessingTime(100);
        send(1);
        harness.setProcessingTime(105);
        send(2);
        harness.setProcessingTime(109);
        assertThat(versions()).isEmpty();
        harness.setProcessingTime(110);
        assertThat(versions()).containsExactly(1L, 2L);
        assertThat(TestingScorer.last.batches).containsExactly(2);
    }

    @Test
    void aBatchAfterAFullOneGetsItsWholeWait() throws Exception {
        open(TestingScorer.factory());
        harness.setProcessingTime(100);
        send(1, 2, 3, 4);
        harness.setProcessingTime(107);
        send(5);
        harness.setProcessingTime(110); // the timer of the first batch finds a younger one
        harness.setProcessingTime(116);
        assertThat(versions()).containsExactly(1L, 2L, 3L, 4L);
        harness.setProcessingTime(117);
        assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
        harness.setProcessingTime(500);
        assertThat(TestingScorer.last.batches).containsExactly(4, 1);
        assertThat(harness.getProcessingTimeService().getNumActiveTimers()).isZero();
    }

    @Test
    void nothingWaitsAcrossABarrierAndASnapshotHoldsNoRow() throws Exception {
        open(TestingScorer.factory());
        send(1, 2);
        harness.prepareSnapshotPreBarrier(1);
        assertThat(versions()).containsExactly(1L, 2L);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        send(3);
        harness.close();

        // A restart from the snapshot gets what came after the barrier again, and nothing from before it.
        harness = harness(TestingScorer.factory());
        harness.initializeState(snapshot);
        harness.open();
        send(3);
        assertThat(versions()).isEmpty();
        assertThat(counted("scored")).as("counts go on").isEqualTo(2);
        harness.getOneInputOperator().finish();
        assertThat(versions()).containsExactly(3L);
        assertThat(counted("scored")).isEqualTo(3);
    }

    @Test
    void aWatermarkNeverOvertakesARow() throws Exception {
        open(TestingScorer.factory());
        send(1, 2);
        harness.processWatermark(1002);
        send(3);
        List<Object> order = new ArrayList<>(harness.getOutput());
        assertThat(order).hasSize(3);
        assertThat(order.get(2)).isEqualTo(new Watermark(1002));
        assertThat(versions()).containsExactly(1L, 2L);
    }

    @Test
    void theEndOfInputScoresTheRest() throws Exception {
        open(TestingScorer.factory());
        send(1, 2, 3, 4, 5);
        harness.getOneInputOperator().finish();
        assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
        harness.close();
        assertThat(TestingScorer.last.isClosed).isTrue();
    }

    @Test
    void withoutAReleaseEveryUpdateGoesOnAtOnceAndSaysSo() throws Exception {
        open(Optional::empty);
        send(1, 2);
        assertThat(harness.extractOutputValues()).allSatisfy(scored -> {
            assertThat(scored.isScored()).isFalse();
            assertThat(scored.releaseId()).isNull();
            assertThat(scored.probabilities()).isEmpty();
            assertThat(scored.embedding()).isEmpty();
        });
        assertThat(versions()).containsExactly(1L, 2L);
        assertThat(counted("unscored")).isEqualTo(2);
        assertThat(((Gauge<?>) metrics.get("release")).getValue()).isEqualTo("");
        assertThat(counted("scored")).isZero();
    }

    @Test
    void everyRowInIsCountedOnce() throws Exception {
        open(TestingScorer.factory());
        LongStream.rangeClosed(1, 11).forEach(version -> {
            try {
                send(version);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        harness.prepareSnapshotPreBarrier(1);
        assertThat(versions()).hasSize(11).isSorted().doesNotHaveDuplicates();
        assertThat(counted("scored")).isEqualTo(11);
        assertThat(counted("unscored")).isZero();
        assertThat(counted("score-batches")).isEqualTo(3);
        assertThat(((Histogram) metrics.get("score-batch-rows")).getStatistics().getMax()).isEqualTo(4);
        assertThat(((Histogram) metrics.get("score-batch-micros")).getCount()).isEqualTo(3);
        assertThat(((Gauge<?>) metrics.get("release")).getValue()).isEqualTo("r000001");
    }

    @Test
    void aVectorOfAnotherLengthFailsTheTask() throws Exception {
        open(TestingScorer.factory());
        harness.processElement(new StreamRecord<>(TestingUpdates.of(1, 0.5f)));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> harness.prepareSnapshotPreBarrier(1));
        harness = null; // closing it would score once more
    }

    @Test
    void refusesBatchingOutOfRange() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new MicroBatching(0, Duration.ofMillis(5)))
                .withMessage("score.max-rows = '0': must be from 1 to 65536");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new MicroBatching(1, Duration.ofSeconds(11)))
                .withMessage("score.max-wait = '11000 ms': must be from 1 ms to 10 s");
    }

    private void open(ScorerFactory factory) throws Exception {
        harness = harness(factory);
        harness.open();
    }

    private OneInputStreamOperatorTestHarness<UserUpdate, ScoredUpdate> harness(ScorerFactory factory)
            throws Exception {
        metrics = new InterceptingOperatorMetricGroup() {
            @Override
            public MetricGroup addGroup(String name) {
                assertThat(name).isEqualTo("liveprofile");
                return this;
            }
        };
        InternalOperatorMetricGroup group = metrics;
        OneInputStreamOperatorTestHarness<UserUpdate, ScoredUpdate> harness = new OneInputStreamOperatorTestHarness<>(
                new ScoreOperator(factory, FOUR_ROWS_OR_TEN_MILLIS),
                new MockEnvironmentBuilder().setMetricGroup(new InterceptingTaskMetricGroup() {
                    @Override
                    public InternalOperatorMetricGroup getOrAddOperator(
                            OperatorID id, String name, Map<String, String> variables) {
                        return group;
                    }
                }).build());
        harness.setup(ScoredUpdateSerializer.INSTANCE);
        return harness;
    }

    private long counted(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }

    private void send(long... versions) throws Exception {
        for (long version : versions) {
            UserUpdate update = TestingUpdates.of(version, version / 100f, -version);
            harness.processElement(new StreamRecord<>(update, update.eventTime()));
        }
    }

    private List<Long> versions() {
        return harness.extractOutputValues().stream().map(scored -> scored.update().version()).toList();
    }
}
