package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EvaluationKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class ScoreOperatorReleasesHarnessTest extends ScoreOperatorHarness {
    /** The announcement has been read and is not read again. */
    @Test
    void aReleaseThatIsLoadingAtACheckpointScoresAfterAFailure() throws Exception {
        TestingScorer.mayLoad = new CountDownLatch(1);
        open(TestingScorer.loader());
        announce(2);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        assertThat(counted("release-swaps")).isZero();
        TestingScorer.mayLoad.countDown();
        harness.close();

        harness = harness(TestingScorer.loader(), ExplainedShare.NONE);
        harness.initializeState(state);
        harness.open();
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsExactly("r000001", "r000001", "r000002", "r000002");
    }

    @Test
    void eachEventIsScoredByTheReleaseOfItsTime() throws Exception {
        open(TestingScorer.loader());
        announce(2);
        awaitSwaps(1);
        // Versions are event times 1,000 + version: release 2 is active from 2,000 on.
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsExactly("r000001", "r000001", "r000002", "r000002");
        send(3_000, 500, 2, 3);
        assertThat(releases().subList(4, 8)).as("late ones meet the release of their time")
                .containsExactly("r000002", "r000001", "r000001", "r000001");
        assertThat(versions()).containsExactly(1L, 999L, 1_000L, 1_001L, 3_000L, 500L, 2L, 3L);
        assertThat(((Gauge<?>) metrics.get("release")).getValue()).isEqualTo("r000002");
    }

    @Test
    void aReleaseThatCannotBeUsedIsRefusedAndTheOthersGoOn() throws Exception {
        open(TestingScorer.loader());
        announce(13);
        await(() -> counted("releases-refused") == 1);
        send(20_000, 20_001, 20_002, 20_003);
        assertThat(releases()).containsOnly("r000001");
        assertThat(harness.getSideOutput(ScoreOperator.EVALUATIONS)).singleElement().satisfies(record -> {
            assertThat(record.getValue().getKind()).isEqualTo(EvaluationKind.REFUSED);
            assertThat(record.getValue().getModel()).isEqualTo("r000013");
            assertThat(record.getValue().getReasons()).containsExactly("Release r000013 is unlucky");
        });
    }

    @Test
    void aHundredSwapsLoseNothingLeaveNothingUnscoredAndCloseWhatIsNotNeeded() throws Exception {
        open(TestingScorer.loader());
        List<TestingScorer> opened = new ArrayList<>(List.of(TestingScorer.last));
        long version = 0;
        for (int number = 2; number <= 101; number++) {
            if (number % 13 == 0) {
                continue;
            }
            announce(number);
            send(++version);
            awaitSwaps(opened.size());
            opened.add(TestingScorer.last);
            for (int i = 0; i < 7; i++) {
                send(++version);
            }
        }
        operator().finish();
        assertThat(versions()).containsExactlyElementsOf(LongStream.rangeClosed(1, version).boxed().toList());
        assertThat(counted("unscored")).isZero();
        await(() -> opened.subList(0, opened.size() - 2).stream().allMatch(scorer -> scorer.isClosed)); // by another thread
        assertThat(opened.subList(opened.size() - 2, opened.size())).noneMatch(scorer -> scorer.isClosed);
    }

    @Test
    void afterAFailureTheSameEventsMeetTheSameReleases() throws Exception {
        open(TestingScorer.loader());
        announce(2);
        announce(3);
        awaitSwaps(2);
        harness.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness(TestingScorer.loader());
        harness.initializeState(snapshot);
        harness.open();
        send(1_500, 2_500, 1_999, 2_000);
        assertThat(releases()).containsExactly("r000002", "r000003", "r000002", "r000003");
        announce(1);
        send(1, 2, 3, 4);
        assertThat(releases()).as("an older one is of no use").doesNotContain("r000001");
    }
}
