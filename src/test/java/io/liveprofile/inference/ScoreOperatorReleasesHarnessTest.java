package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.UnfitReleaseException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoreOperatorReleasesHarnessTest extends ScoreOperatorHarness {
    @AfterEach
    void mendTheStore() {
        TestingFaultyLoader.reset();
        TestingAnnouncements.HELD.clear();
    }

    /** The announcement has been read and is not read again. */
    @Test
    void aReleaseThatIsLoadingAtACheckpointScoresAfterAFailure() throws Exception {
        TestingScorer.mayLoad = new CountDownLatch(1);
        open(TestingScorer.loader());
        announce(2);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        assertThat(counted("release-swaps")).isZero();
        TestingScorer.mayLoad.countDown();

        TestingAnnouncements.HELD.add(announcement(2, 2_000, "sha"));
        restart(state);
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsExactly("r000001", "r000001", "r000002", "r000002");
        assertThat(counted("release-swaps")).isOne();
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
    }

    @Test
    void whatIsLoadedIsToldOnceItScores() throws Exception {
        open(TestingScorer.loader());
        announce(2);
        awaitSwaps(1);
        send(1, 2, 3, 999);
        assertThat(((Gauge<?>) metrics.get("release")).getValue()).isEqualTo("r000001");
        send(1_000, 1_001, 1_002, 1_003);
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
            harness.processWatermark(number * 1_000L);
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
        harness.processWatermark(3_000); // the time of release 1 is over
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

    @Test
    void afterAFailureTheSameEventsMeetAReleaseThatWasAnnouncedAfterTheCheckpointToo() throws Exception {
        open(new TestingFaultyLoader());
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        announce(2);
        awaitSwaps(1);
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsExactly("r000001", "r000001", "r000002", "r000002");
        assertThat(counted("release-swaps-late")).isZero();

        TestingAnnouncements.HELD.add(announcement(2, 2_000, "sha"));
        restart(snapshot);
        send(1, 999, 1_000, 1_001); // before the announcement comes again
        assertThat(releases()).containsExactly("r000001", "r000001", "r000002", "r000002");
        assertThat(counted("release-swaps")).isOne();
        announce(2);
        assertThat(counted("release-swaps")).as("it is there").isOne();
    }

    /** Neither by a restart: it may be anybody's, and what the gate has not let pass. */
    @Test
    void whatWasNotAnnouncedSoDoesNotScore() throws Exception {
        open(new TestingFaultyLoader());
        announce(2, 2_000, "another");
        await(() -> counted("releases-refused") == 1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);

        TestingFaultyLoader.newest = List.of("r000003", "r000002", "r000001");
        TestingAnnouncements.HELD.add(announcement(2, 2_000, "another"));
        restart(snapshot);
        send(1_500, 2_500, 3_500, 4_500);
        assertThat(releases()).containsOnly("r000001");
        assertThat(counted("releases-refused")).as("it is known to be of no use").isOne();
    }

    /** With a checkpoint of before the refusal it is refused again. */
    @Test
    void aSealIsComparedAlsoWhereATaskBeginsAnew() throws Exception {
        open(new TestingFaultyLoader());
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        TestingAnnouncements.HELD.add(announcement(2, 2_000, "another"));
        restart(snapshot);
        send(1_500, 2_500, 3_500, 4_500);
        assertThat(releases()).containsOnly("r000001");
        announce(2, 2_000, "another");
        assertThat(refusals()).as("once").containsExactly("Release r000002 has another seal");
    }

    @Test
    void whatWasAnnouncedSinceTheCheckpointPushesNobodyOutWhoseTimeItIs() throws Exception {
        open(new TestingFaultyLoader());
        announce(2);
        awaitSwaps(1);
        harness.processWatermark(2_400);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        for (int number = 3; number <= 7; number++) {
            TestingAnnouncements.HELD.add(announcement(number, number * 1_000L, "sha"));
        }
        restart(snapshot);
        for (int number = 2; number <= 7; number++) {
            announce(number); // all at once, as they are read again
        }
        send(1_500, 2_500, 3_500, 1_600);
        assertThat(releases()).containsExactly("r000002", "r000003", "r000004", "r000002");
        harness.processWatermark(4_000); // the time of release 4
        send(3_600, 4_500, 5_500, 6_500);
        assertThat(releases().subList(4, 8)).containsExactly("r000004", "r000005", "r000006", "r000007");
        assertThat(refusals()).isEmpty();
    }

    @Test
    void aTaskDoesNotBeginWhileAReleaseOfTheSnapshotCannotBeRead() throws Exception {
        open(new TestingFaultyLoader());
        announce(2);
        awaitSwaps(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        TestingFaultyLoader.FAULTS.put("r000001", TestingFaultyLoader::unreadable);
        assertThatExceptionOfType(UncheckedIOException.class).as("else release 2 would score before its time")
                .isThrownBy(() -> restart(snapshot));
    }

    /** Nothing tells what it scored with before. */
    @Test
    void aTaskWithoutASnapshotHasTheReleasesOfBeforeForTheRowsOfBefore() throws Exception {
        TestingFaultyLoader.newest = List.of("r000009", "r000008", "r000007", "r000006", "r000005");
        TestingFaultyLoader.FAULTS.put("r000008", () -> new ReleaseException("torn"));
        open(new TestingFaultyLoader());
        send(5_500, 6_500, 7_500, 8_500);
        assertThat(releases()).containsExactly("r000006", "r000007", "r000007", "r000009");
        assertThat(refusals()).as("of releases that nobody asked for").isEmpty();
    }

    @Test
    void anOlderReleaseIsOfNoUseBesideANewerOneThatScoresAllOfItsTime() throws Exception {
        TestingFaultyLoader.newest = List.of("r000005");
        open(new TestingFaultyLoader());
        announce(4, 6_000); // the topic is read from its beginning
        send(6_000, 7_000, 8_000, 9_000);
        assertThat(releases()).containsOnly("r000005");
        assertThat(counted("release-swaps") + counted("releases-refused")).isZero();
    }

    /** Which of both a reader sees says the delivery: with exactly-once one of them, else both. */
    @Test
    void whatIsScoredAgainMayMeetAReleaseThatBecameReadyAfterTheCheckpoint() throws Exception {
        TestingScorer.mayLoad = new CountDownLatch(1);
        open(TestingScorer.loader());
        announce(2);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        send(1_500, 1_501, 1_502, 1_503); // release 2 is active from 2,000 on, these are of 2,500 and later
        assertThat(releases()).as("it is not loaded yet").containsOnly("r000001");
        TestingScorer.mayLoad.countDown();
        awaitSwaps(1);
        assertThat(counted("release-swaps-late")).isOne();
        TestingAnnouncements.HELD.add(announcement(2, 2_000, "sha"));
        restart(state);
        send(1_500, 1_501, 1_502, 1_503);
        assertThat(releases()).containsOnly("r000002");
    }

    @Test
    void noReleaseGoesBeforeEventTimeHasComeToTheOnesAfterIt() throws Exception {
        open(TestingScorer.loader());
        TestingScorer first = TestingScorer.last;
        announce(2);
        announce(3);
        awaitSwaps(2);
        send(1, 2, 3, 4);
        assertThat(releases()).as("of 1,001 to 1,004, release 2 is active from 2,000 on").containsOnly("r000001");
        harness.processWatermark(2_999);
        send(5, 6, 7, 8);
        assertThat(releases()).as("late ones too").containsOnly("r000001");
        harness.processWatermark(3_000);
        await(() -> first.isClosed);
        send(9, 10, 11, 12);
        assertThat(releases().subList(8, 12)).containsOnly("r000002");
    }

    @Test
    void ofTooManyThatAreNotActiveYetTheFirstIsGivenUpAndSaidSo() throws Exception {
        open(TestingScorer.loader());
        for (int number = 2; number <= 5; number++) {
            announce(number);
            awaitSwaps(number - 1);
        }
        send(1, 2, 3, 4);
        assertThat(releases()).as("the one that scores is not pushed out").containsOnly("r000001");
        assertThat(refusals()).containsExactly(
                "Release r000002 is given up before it was active, as others came: r000001, r000003, r000004, r000005");
        send(1_500, 2_500, 3_500, 4_500);
        assertThat(releases().subList(4, 8)).containsExactly("r000001", "r000003", "r000004", "r000005");
    }

    @Test
    void aReleaseThatCameTooLateToScoreAnythingIsRefusedButNotOneOfOldTimes() throws Exception {
        TestingFaultyLoader.newest = List.of("r000005");
        open(new TestingFaultyLoader());
        announce(6, 2_000);
        assertThat(counted("releases-refused")).isOne();
        assertThat(refusals()).containsExactly(
                "Release r000006 is active from 1970-01-01T00:00:02Z, before any of those that score: r000005");
        announce(2); // the topic is read from its beginning
        assertThat(counted("releases-refused")).isOne();
        send(1, 2, 3, 4);
        assertThat(releases()).containsOnly("r000005");
    }

    @Test
    void aReleaseThatIsWrongInAnyWayIsRefusedAlsoWhereATaskBegins() throws Exception {
        TestingScorer.mayLoad = new CountDownLatch(1);
        TestingFaultyLoader.FAULTS.put("r000007", () -> new IllegalArgumentException("No output embedding:0"));
        open(new TestingFaultyLoader());
        announce(7);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingScorer.mayLoad.countDown();
        await(() -> counted("releases-refused") == 1);
        TestingAnnouncements.HELD.add(announcement(7, 7_000, "sha"));
        restart(state);
        assertThat(refusals()).containsExactly("No output embedding:0");
        send(7_000, 7_001, 7_002, 7_003);
        assertThat(releases()).containsOnly("r000001");
    }

    @Test
    void aJobBeginsWithTheNewestReleaseThatCanBeUsed() throws Exception {
        TestingFaultyLoader.newest = List.of("r000009", "r000008", "r000007");
        TestingFaultyLoader.FAULTS.put("r000009", () -> new ReleaseException("torn"));
        TestingFaultyLoader.FAULTS.put("r000008", () -> new IllegalArgumentException("odd"));
        open(new TestingFaultyLoader());
        assertThat(refusals()).containsExactly("torn", "odd");
        send(1, 2, 3, 4);
        assertThat(releases()).containsOnly("r000007");
    }

    /** One store has releases for the features of before and for those of now; whichever a job begins with, it finds its own. */
    @Test
    void aJobThatGoesOnWithOtherFeaturesTakesTheNewestReleaseForThemAndBack() throws Exception {
        open(new TestingFaultyLoader());
        OperatorSubtaskState before = harness.snapshot(1, 1);
        TestingFaultyLoader.newest = List.of("r000002", "r000001");
        TestingFaultyLoader.FAULTS.put("r000001", ScoreOperatorReleasesHarnessTest::ofOtherFeatures);
        restart(before);
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsOnly("r000002");
        assertThat(refusals()).containsExactly("made for other features");

        OperatorSubtaskState since = harness.snapshot(2, 2);
        TestingFaultyLoader.FAULTS.clear();
        TestingFaultyLoader.FAULTS.put("r000002", ScoreOperatorReleasesHarnessTest::ofOtherFeatures);
        restart(since);
        send(1, 999, 1_000, 1_001);
        assertThat(releases()).containsOnly("r000001");
    }

    @Test
    void aReleaseOfOtherFeaturesIsRefusedAndTheOthersGoOn() throws Exception {
        TestingFaultyLoader.FAULTS.put("r000002", ScoreOperatorReleasesHarnessTest::ofOtherFeatures);
        open(new TestingFaultyLoader());
        announce(2);
        await(() -> counted("releases-refused") == 1);
        TestingAnnouncements.HELD.add(announcement(2, 2_000, "sha"));
        restart(harness.snapshot(1, 1));
        announce(2); // it comes again
        send(1_500, 2_500, 3_500, 4_500);
        assertThat(releases()).containsOnly("r000001");
        assertThat(refusals()).as("once a start").containsExactly("made for other features");
    }

    private static RuntimeException ofOtherFeatures() {
        return new UnfitReleaseException("made for other features");
    }

    @Test
    void aJobBeginsWithoutAReleaseWhereNoneCanBeUsed() throws Exception {
        TestingFaultyLoader.FAULTS.put("r000001", () -> new ReleaseException("torn"));
        open(new TestingFaultyLoader());
        send(1, 2);
        assertThat(refusals()).containsExactly("torn");
        assertThat(counted("unscored")).isEqualTo(2);
    }

    @Test
    void aReleaseThatCannotBeReadNowIsTriedAgainWhileTheOthersGoOn() throws Exception {
        TestingFaultyLoader.FAULTS.put("r000002", TestingFaultyLoader::unreadable);
        open(new TestingFaultyLoader());
        announce(2);
        await(() -> TestingFaultyLoader.faults > 0);
        send(1_500, 1_501, 1_502, 1_503);
        assertThat(releases()).containsOnly("r000001");
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingAnnouncements.HELD.add(announcement(2, 2_000, "sha"));
        restart(state);
        send(1_500, 1_501, 1_502, 1_503);
        assertThat(releases()).as("after a failure it still waits").containsOnly("r000001");
        TestingFaultyLoader.FAULTS.clear();
        awaitSwaps(1);
        send(1_500, 1_501, 1_502, 1_503);
        assertThat(releases().subList(4, 8)).containsOnly("r000002");
        assertThat(counted("releases-refused")).isZero();
    }

    /** Rather than to go on without scores until the next release. */
    @Test
    void aJobDoesNotBeginWhileTheOnlyReleaseCannotBeRead() throws Exception {
        TestingFaultyLoader.FAULTS.put("r000001", TestingFaultyLoader::unreadable);
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> open(new TestingFaultyLoader()));
    }
}
