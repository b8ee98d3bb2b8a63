package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** The testing release was trained on a spend of 0.01 to 1.00 and on no views; a version v has a spend of v / 100 and views of -v. */
class ScoreOperatorStabilityHarnessTest extends ScoreOperatorHarness {
    private static final StabilityWindow HUNDRED = new StabilityWindow(100, 1);

    @Test
    void aWindowOfVectorsIsComparedAndToldOfOnce() throws Exception {
        open();
        send(LongStream.rangeClosed(1, 99).toArray());
        assertThat(gauge("feature-psi-largest")).isNaN();
        send(100, 101);
        operator().finish();
        assertThat(evaluations()).singleElement().satisfies(record -> {
            assertThat(record.getKind()).isEqualTo(EvaluationKind.STABILITY);
            assertThat(record.getModel()).isEqualTo("r000001");
            assertThat(record.getEvaluationId()).isEqualTo("STABILITY:r000001:0:1100");
            assertThat(record.getEventTime()).isEqualTo(1_100);
            assertThat(record.getMetrics()).containsEntry("vectors", 100.0).containsEntry("features_shifted", 1.0);
            assertThat(record.getMetrics().get("psi.spend_1d")).isZero();
            // Smoothed: (100.5 - 0.5) / 101 in each of two bins, ln 201 each.
            assertThat(record.getMetrics().get("psi.views_1d")).isCloseTo(2 * 100 / 101.0 * Math.log(201), within(1e-9));
            assertThat(record.getReasons()).hasSize(2)
                    .first().isEqualTo("views_1d 10.502: 100.0 % present, trained on 0.0 %");
        });
        assertThat(gauge("feature-psi-largest")).isCloseTo(10.502, within(1e-3));
        assertThat(gauge("features-shifted")).isEqualTo(1);
        assertThat(counted("feature-psi-vectors")).isEqualTo(101);
    }

    @Test
    void aReleaseThatSaysNothingIsComparedWithNothingAndTheNextOneBeginsAnew() throws Exception {
        open();
        send(LongStream.rangeClosed(1, 100).toArray());
        announce(2);
        awaitSwaps(1);
        send(LongStream.rangeClosed(1_001, 1_200).toArray()); // from 2,000 ms on: the second release
        assertThat(counted("feature-psi-vectors")).isEqualTo(100);
        assertThat(gauge("feature-psi-largest")).as("not that of the release before").isNaN();
        announce(3);
        awaitSwaps(2);
        send(LongStream.rangeClosed(2_001, 2_100).toArray());
        assertThat(evaluations()).extracting(ModelEvaluation::getModel).containsExactly("r000001", "r000003");
        assertThat(gauge("features-shifted")).isEqualTo(2);
        send(500, 501, 502, 503); // late ones are scored by the release before
        assertThat(counted("feature-psi-vectors")).isEqualTo(200);
    }

    @Test
    void oneOfSoManyIsTaken() throws Exception {
        harness = harness(TestingScorer.loader(), ExplainedShare.NONE, new StabilityWindow(100, 3));
        harness.open();
        send(LongStream.rangeClosed(1, 300).toArray());
        assertThat(evaluations()).extracting(ModelEvaluation::getEvaluationId).containsExactly("STABILITY:r000001:0:1300");
        assertThat(counted("feature-psi-vectors")).isEqualTo(100);
    }

    @Test
    void nothingIsComparedUnlessAskedFor() throws Exception {
        open(TestingScorer.loader());
        send(LongStream.rangeClosed(1, 200).toArray());
        assertThat(counted("feature-psi-vectors")).isZero();
        assertThat(evaluations()).isEmpty();
    }

    @Test
    void aWindowOfTooFewIsRefused() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new StabilityWindow(99))
                .withMessage("score.stability-vectors = '99': must be 0, or at least 100");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new StabilityWindow(-1));
    }

    private void open() throws Exception {
        harness = harness(TestingScorer.loader(), ExplainedShare.NONE, HUNDRED);
        harness.open();
    }

    private double gauge(String name) {
        return (Double) ((Gauge<?>) metrics.get(name)).getValue();
    }

    private List<ModelEvaluation> evaluations() {
        List<ModelEvaluation> evaluations = new ArrayList<>();
        var records = harness.getSideOutput(ScoreOperator.EVALUATIONS);
        if (records != null) {
            for (StreamRecord<ModelEvaluation> record : records) {
                evaluations.add(record.getValue());
            }
        }
        return evaluations;
    }
}
