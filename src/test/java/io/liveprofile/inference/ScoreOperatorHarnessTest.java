package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class ScoreOperatorHarnessTest extends ScoreOperatorHarness {
    @Test
    void scoresAFullBatchAtOnceInOrderWithTimestamps() throws Exception {
        open(TestingScorer.loader());
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
        open(TestingScorer.loader());
        send(1, 2);
        harness.processElement1(new StreamRecord<>(TestingUpdates.of(3, 0.03f, -3)));
        send(4);
        assertThat(harness.getOutput()).extracting(record -> ((StreamRecord<?>) record).hasTimestamp())
                .containsExactly(true, true, false, true);
    }

    @Test
    void scoresWhatHasWaitedLongEnoughToTheMillisecond() throws Exception {
        open(TestingScorer.loader());
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
        open(TestingScorer.loader());
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
        open(TestingScorer.loader());
        send(1, 2);
        harness.prepareSnapshotPreBarrier(1);
        assertThat(versions()).containsExactly(1L, 2L);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        send(3);
        harness.close();

        // A restart from the snapshot gets what came after the barrier again, and nothing from before it.
        harness = harness(TestingScorer.loader());
        harness.initializeState(snapshot);
        harness.open();
        send(3);
        assertThat(versions()).isEmpty();
        assertThat(counted("scored")).as("counts go on").isEqualTo(2);
        operator().finish();
        assertThat(versions()).containsExactly(3L);
        assertThat(counted("scored")).isEqualTo(3);
    }

    @Test
    void aWatermarkNeverOvertakesARow() throws Exception {
        open(TestingScorer.loader());
        send(1, 2);
        operator().processWatermark2(new Watermark(Long.MAX_VALUE));
        operator().processWatermark1(new Watermark(1002));
        send(3);
        List<Object> order = new ArrayList<>(harness.getOutput());
        assertThat(order).hasSize(3);
        assertThat(order.get(2)).isEqualTo(new Watermark(1002));
        assertThat(versions()).containsExactly(1L, 2L);
    }

    @Test
    void theEndOfInputScoresTheRest() throws Exception {
        open(TestingScorer.loader());
        send(1, 2, 3, 4, 5);
        operator().finish();
        assertThat(versions()).containsExactly(1L, 2L, 3L, 4L, 5L);
        harness.close();
        assertThat(TestingScorer.last.isClosed).isTrue();
    }

    @Test
    void withoutAReleaseEveryUpdateGoesOnAtOnceAndSaysSo() throws Exception {
        open(new NoModelStore());
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
        open(TestingScorer.loader());
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
    void whatTheModelThinksLikelyRaisesAnAlertThatSaysWhy() throws Exception {
        open(TestingScorer.loader());
        send(89, 90, 95, 12);
        List<RiskAlert> alerts = harness.getSideOutput(ScoreOperator.ALERTS).stream().map(StreamRecord::getValue).toList();
        assertThat(alerts).extracting(RiskAlert::getScore).containsExactly((double) 0.9f, (double) 0.95f);
        RiskAlert alert = alerts.get(0);
        assertThat(alert.getKind()).isEqualTo("likely-purchase-24h");
        assertThat(alert.getSource()).isEqualTo("model:r000001");
        assertThat(alert.getEvidenceEventIds()).containsExactly("event-90");
        assertThat(alert.getReasons()).extracting(Reason::getText).containsExactly(
                "purchase_24h with probability 0.900", "spend_1d 0.9000, usually 0.2500, adds 0.90 to the log-odds");
        assertThat(counted("alerts")).isEqualTo(2);
        // One user, one suppression time, one id: the later one replaces the earlier one.
        send(93, 96, 99, 12);
        assertThat(harness.getSideOutput(ScoreOperator.ALERTS).stream().map(record -> record.getValue().getAlertId()).distinct())
                .hasSize(2); // versions 90, 93, 96, 99 are of user 0, 95 of user 2
    }

    @Test
    void anExplainedUpdateCarriesWhatMovesItsScoreEitherWay() throws Exception {
        open(TestingScorer.loader(), new ExplainedShare(1));
        send(50, 0, 12, 80);
        assertThat(texts()).containsExactly(
                // As TestingScorer attributes: the first number for it, by its value; the second against it, by 1.
                List.of("views_1d -50.00, usually 3.000, takes 1.00 from the log-odds",
                        "spend_1d 0.5000, usually 0.2500, adds 0.50 to the log-odds"),
                List.of("views_1d 0.000, usually 3.000, takes 1.00 from the log-odds"), // what adds nothing is no reason
                List.of("views_1d -12.00, usually 3.000, takes 1.00 from the log-odds",
                        "spend_1d 0.1200, usually 0.2500, adds 0.12 to the log-odds"),
                List.of("views_1d -80.00, usually 3.000, takes 1.00 from the log-odds",
                        "spend_1d 0.8000, usually 0.2500, adds 0.80 to the log-odds"));
        Reason first = harness.extractOutputValues().get(0).reasons().get(0).get(0);
        assertThat(first.getCode()).isEqualTo("lowers-log-odds");
        assertThat(first.getField()).isEqualTo("views_1d");
        assertThat(first.getValue()).isEqualTo(-50);
        assertThat(first.getLimit()).isEqualTo(3);
        assertThat(harness.getSideOutput(ScoreOperator.ALERTS)).isNull();
        assertThat(TestingScorer.last.explained).as("one call for the batch").containsExactly(4);
        assertThat(counted("score-explained-rows")).isEqualTo(4);
    }

    @Test
    void alertsAndProfilesShareOneExplanation() throws Exception {
        ExplainedShare third = new ExplainedShare(3);
        open(TestingScorer.loader(), third);
        send(LongStream.range(80, 100).toArray());
        List<Long> chosen = LongStream.range(80, 100).filter(version -> third.includes(TestingUpdates.of(version))).boxed().toList();
        assertThat(chosen).as("some below the alerts' limit of 90, some above, not all").anyMatch(version -> version < 90)
                .anyMatch(version -> version >= 90).hasSizeLessThan(15);
        assertThat(versionsWithReasons()).containsExactlyElementsOf(chosen);
        assertThat(harness.getSideOutput(ScoreOperator.ALERTS)).hasSize(10).allSatisfy(record ->
                assertThat(record.getValue().getReasons()).extracting(Reason::getCode)
                        .as("an alert says what speaks for it, nothing else").containsExactly("probability", "raises-log-odds"));
        // Five batches of four; the versions from 90 on, and the chosen ones below.
        List<Integer> due = new ArrayList<>();
        for (long first = 80; first < 100; first += 4) {
            due.add((int) LongStream.range(first, first + 4).filter(version -> version >= 90 || chosen.contains(version)).count());
        }
        due.removeIf(rows -> rows == 0);
        assertThat(TestingScorer.last.explained).containsExactlyElementsOf(due);
    }

    @Test
    void whatIsNotDueIsNotExplained() throws Exception {
        open(TestingScorer.loader());
        send(1, 2, 3, 4);
        assertThat(versionsWithReasons()).isEmpty();
        assertThat(TestingScorer.last.explained).isEmpty();
    }

    @Test
    void afterAFailureTheSameUpdatesAreExplainedWhateverTheirBatch() throws Exception {
        open(TestingScorer.loader(), new ExplainedShare(3));
        send(LongStream.range(0, 40).toArray());
        List<Long> before = versionsWithReasons();
        harness.close();
        open(TestingScorer.loader(), new ExplainedShare(3));
        send(LongStream.range(1, 40).toArray());
        operator().finish();
        before.remove(0L);
        assertThat(versionsWithReasons()).isNotEmpty().containsExactlyElementsOf(before);
    }

    @Test
    void aVectorOfAnotherLengthFailsTheTask() throws Exception {
        open(TestingScorer.loader());
        harness.processElement1(new StreamRecord<>(TestingUpdates.of(1, 0.5f)));
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
}
