package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.Reason;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.job.types.ScoredUpdateSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;

/** A score operator of four rows a batch, and how updates and releases reach it. */
abstract class ScoreOperatorHarness {
    private static final MicroBatching FOUR_ROWS_OR_TEN_MILLIS = new MicroBatching(4, Duration.ofMillis(10));

    private static final ScoreAlerts ALERTS = ScoreAlerts.parse("purchase_24h=0.9, other=0.5", Duration.ofMinutes(10));

    Harness harness;
    InterceptingOperatorMetricGroup metrics;

    /** One whose environment has metrics that can be read. */
    static final class Harness extends AbstractStreamOperatorTestHarness<ScoredUpdate> {
        private Harness(ScoreOperator operator, MockEnvironment environment) throws Exception {
            super(operator, environment);
        }

        void processElement1(StreamRecord<UserUpdate> update) throws Exception {
            ((ScoreOperator) operator).processElement1(update);
        }

        void processElement2(StreamRecord<ModelRelease> release) throws Exception {
            ((ScoreOperator) operator).processElement2(release);
        }

        void processWatermark(long eventTime) throws Exception {
            ((ScoreOperator) operator).processWatermark(new Watermark(eventTime));
        }
    }

    @AfterEach
    void close() throws Exception {
        if (harness != null) {
            harness.close();
        }
        TestingScorer.mayLoad = new CountDownLatch(0);
    }

    void open(ReleaseLoader loader) throws Exception {
        open(loader, ExplainedShare.NONE);
    }

    void open(ReleaseLoader loader, ExplainedShare explained) throws Exception {
        harness = harness(loader, explained);
        harness.open();
    }

    Harness harness(ReleaseLoader loader) throws Exception {
        return harness(loader, ExplainedShare.NONE);
    }

    Harness harness(ReleaseLoader loader, ExplainedShare explained) throws Exception {
        return harness(loader, explained, StabilityWindow.NONE);
    }

    Harness harness(ReleaseLoader loader, ExplainedShare explained, StabilityWindow stability) throws Exception {
        metrics = new InterceptingOperatorMetricGroup() {
            @Override
            public MetricGroup addGroup(String name) {
                assertThat(name).isEqualTo("liveprofile");
                return this;
            }
        };
        InternalOperatorMetricGroup group = metrics;
        Harness harness = new Harness(
                new ScoreOperator(loader, TestingAnnouncements.INSTANCE, FOUR_ROWS_OR_TEN_MILLIS, ALERTS, explained, stability),
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

    ScoreOperator operator() {
        return (ScoreOperator) harness.getOperator();
    }

    long counted(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }

    void send(long... versions) throws Exception {
        for (long version : versions) {
            UserUpdate update = TestingUpdates.of(version, version / 100f, -version);
            harness.processElement1(new StreamRecord<>(update, update.eventTime()));
        }
    }

    void announce(int number) throws Exception {
        announce(number, number * 1_000L);
    }

    void announce(int number, long activeFrom) throws Exception {
        announce(number, activeFrom, "sha");
    }

    void announce(int number, long activeFrom, String seal) throws Exception {
        harness.processElement2(new StreamRecord<>(announcement(number, activeFrom, seal)));
    }

    static ModelRelease announcement(int number, long activeFrom, String seal) {
        return new ModelRelease("r%06d".formatted(number), null, "hash", seal, activeFrom, 0L, false, Map.of());
    }

    void awaitSwaps(long swaps) throws Exception {
        await(() -> counted("release-swaps") == swaps);
    }

    void await(BooleanSupplier condition) throws Exception {
        await(condition, 1);
    }

    /**
     * Time goes by for the operator, too: it takes what is loaded when something comes.
     *
     * @param known number of a release that it knows, or that is too old
     */
    void await(BooleanSupplier condition, int known) throws Exception {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for long enough").isLessThan(deadline);
            announce(known);
            Thread.onSpinWait();
        }
    }

    List<String> releases() {
        return harness.extractOutputValues().stream().map(ScoredUpdate::releaseId).toList();
    }

    List<Long> versionsWithReasons() {
        return harness.extractOutputValues().stream()
                .filter(scored -> !scored.reasons().isEmpty())
                .map(scored -> scored.update().version())
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Of the only head. */
    List<List<String>> texts() {
        return harness.extractOutputValues().stream()
                .map(scored -> scored.reasons().get(0).stream().map(Reason::getText).toList())
                .toList();
    }

    List<Long> versions() {
        return harness.extractOutputValues().stream().map(scored -> scored.update().version()).toList();
    }

    /** As after a failure. */
    void restart(OperatorSubtaskState snapshot) throws Exception {
        harness.close();
        harness = harness(new TestingFaultyLoader());
        harness.initializeState(snapshot);
        harness.open();
    }

    List<String> refusals() {
        Queue<StreamRecord<ModelEvaluation>> evaluations = harness.getSideOutput(ScoreOperator.EVALUATIONS);
        return evaluations == null ? List.of() : evaluations.stream()
                .map(record -> record.getValue())
                .filter(evaluation -> evaluation.getKind() == EvaluationKind.REFUSED)
                .flatMap(evaluation -> evaluation.getReasons().stream())
                .toList();
    }
}
