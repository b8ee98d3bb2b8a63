package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.UnfitReleaseException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store is empty at first. Versions are event times 1,000 + version; release 9 is active from 9,000 on. */
class ScoreOperatorFirstReleaseHarnessTest extends ScoreOperatorHarness {
    @BeforeEach
    void emptyTheStore() {
        TestingFaultyLoader.newest = List.of();
    }

    @AfterEach
    void mendTheStore() {
        TestingFaultyLoader.reset();
        TestingAnnouncements.HELD.clear();
    }

    @Test
    void itScoresEventsFromItsActivationOnAlone() throws Exception {
        openWithout();
        send(1, 2);
        announceNine();
        send(3, 8_000, 7_999, 8_001, 4);
        assertThat(releases()).containsExactly(null, null, null, "r000009", null, "r000009", null);
        assertThat(versions()).as("none overtakes another").containsExactly(1L, 2L, 3L, 8_000L, 7_999L, 8_001L, 4L);
        assertThat(counted("scored")).isEqualTo(2);
        assertThat(counted("unscored")).isEqualTo(5);
        assertThat(counted("release-swaps-late")).isZero();
    }

    @Test
    void anEventThatWentOutUnscoredGoesSoAgain() throws Exception {
        openWithout();
        OperatorSubtaskState before = harness.snapshot(1, 1);
        announceNine();
        OperatorSubtaskState since = harness.snapshot(2, 2);
        TestingFaultyLoader.newest = List.of("r000009");
        TestingAnnouncements.HELD.add(announcement(9, 9_000, "sha"));
        for (OperatorSubtaskState state : List.of(before, since)) {
            restart(state);
            send(1, 8_000, 2, 8_001, 7_999);
            assertThat(releases()).containsExactly(null, "r000009", null, "r000009", null);
        }
    }

    @Test
    void itIsLateWhereEventsOfItsTimeWentOutUnscored() throws Exception {
        openWithout();
        send(8_000);
        announceNine();
        assertThat(counted("release-swaps-late")).isOne();
    }

    @Test
    void theOneThatAJobStartsWithScoresWhatIsOfBeforeItAlsoAfterAFailure() throws Exception {
        TestingFaultyLoader.newest = List.of("r000009");
        open(new TestingFaultyLoader());
        restart(harness.snapshot(1, 1));
        send(1, 2, 3, 4);
        assertThat(releases()).containsOnly("r000009");
    }

    /** As one of {@code make model}, which nobody announces. */
    @Test
    void oneThatWasMadeMeanwhileScoresWhereItsTimeHasCome() throws Exception {
        openWithout();
        harness.processWatermark(8_999);
        OperatorSubtaskState tooSoon = harness.snapshot(1, 1);
        harness.processWatermark(9_000);
        OperatorSubtaskState inTime = harness.snapshot(2, 2);
        TestingFaultyLoader.newest = List.of("r000009");
        restart(tooSoon);
        send(9_000);
        assertThat(releases()).containsOnlyNulls();
        restart(inTime);
        send(9_000, 9_001, 7_999, 9_002);
        assertThat(releases()).containsExactly("r000009", "r000009", null, "r000009");
        assertThat(counted("release-swaps")).isOne();
    }

    /** It was made for the features to come, and tried by a task that still had those of before. */
    @Test
    void oneThatWasOfOtherFeaturesScoresOnceTheJobHasThem() throws Exception {
        openWithout();
        harness.processWatermark(9_000);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingFaultyLoader.newest = List.of("r000009");
        TestingFaultyLoader.FAULTS.put("r000009", () -> new UnfitReleaseException("made for other features"));
        restart(state);
        send(9_000);
        assertThat(releases()).containsOnlyNulls();
        assertThat(refusals()).containsExactly("made for other features");
        state = harness.snapshot(2, 2);
        TestingFaultyLoader.FAULTS.clear();
        restart(state);
        send(9_001, 9_002, 9_003, 9_004);
        assertThat(releases()).containsOnly("r000009");
    }

    @Test
    void oneThatWasAnnouncedToAJobWithoutAStoreScoresOnceItHasOne() throws Exception {
        open(new NoModelStore());
        await(() -> counted("releases-refused") > 0, 9);
        send(1);
        harness.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingFaultyLoader.newest = List.of("r000009");
        TestingAnnouncements.HELD.add(announcement(9, 9_000, "sha"));
        restart(state);
        send(2, 8_000, 8_001, 8_002, 8_003);
        assertThat(releases()).containsExactly(null, "r000009", "r000009", "r000009", "r000009");
    }

    @Test
    void whatWasAnnouncedGoesBeforeWhatWasMadeMeanwhile() throws Exception {
        openWithout();
        harness.processWatermark(8_000);
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingFaultyLoader.newest = List.of("r000009", "r000007");
        TestingAnnouncements.HELD.add(announcement(9, 9_000, "sha"));
        restart(state);
        send(7_000, 8_000, 8_001, 8_002, 8_003);
        assertThat(releases()).containsExactly(null, "r000009", "r000009", "r000009", "r000009");
    }

    @Test
    void aTaskDoesNotBeginAnewWhileTheOnlyOneThatWasAnnouncedCannotBeRead() throws Exception {
        openWithout();
        OperatorSubtaskState state = harness.snapshot(1, 1);
        TestingFaultyLoader.FAULTS.put("r000009", TestingFaultyLoader::unreadable);
        TestingAnnouncements.HELD.add(announcement(9, 9_000, "sha"));
        assertThatExceptionOfType(UncheckedIOException.class).as("else what it has scored would go out unscored")
                .isThrownBy(() -> restart(state));
    }

    /** Neither its manifest nor an announcement says another. */
    @Test
    void oneThatIsRefusedAtAStartIsSoAtTheTimeThatHadPassed() throws Exception {
        TestingFaultyLoader.newest = List.of("r000007");
        TestingFaultyLoader.FAULTS.put("r000007", () -> new ReleaseException("torn"));
        openWithout();
        assertThat(timesOfRefusals()).as("no event is of before 1970").containsExactly(0L);

        TestingFaultyLoader.newest = List.of("r000008");
        TestingFaultyLoader.FAULTS.put("r000008", () -> new ReleaseException("torn"));
        harness.processWatermark(8_000);
        restart(harness.snapshot(1, 1));
        assertThat(timesOfRefusals()).containsExactly(8_000L);
    }

    /** Which say nothing of when scoring began: it was with any release. */
    @Test
    void savepointsOfBeforeAreReadAsTheyWereMeant() throws Exception {
        openWithout();
        restart(progressOfBefore("r000009"));
        send(1, 2, 3, 4);
        assertThat(releases()).containsOnly("r000009");

        TestingFaultyLoader.newest = List.of("r000009");
        restart(progressOfBefore());
        send(1, 2);
        assertThat(releases()).containsOnlyNulls();
    }

    private List<Long> timesOfRefusals() {
        return harness.getSideOutput(ScoreOperator.EVALUATIONS).stream().map(record -> record.getValue().getEventTime()).toList();
    }

    private void openWithout() throws Exception {
        open(new TestingFaultyLoader());
    }

    private void announceNine() throws Exception {
        await(() -> counted("release-swaps") == 1, 9);
    }

    /** State of an operator that had passed 4,000 and scored rows to 5,000. */
    private static OperatorSubtaskState progressOfBefore(String... serving) throws Exception {
        try (OneInputStreamOperatorTestHarness<String, String> before =
                new OneInputStreamOperatorTestHarness<>(new OperatorOfBefore(serving))) {
            before.open();
            return before.snapshot(1, 1);
        }
    }

    private static final class OperatorOfBefore extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<String, String> {
        private static final long serialVersionUID = 1L;
        private final String[] serving;

        private OperatorOfBefore(String... serving) {
            this.serving = serving;
        }

        @Override
        public void initializeState(StateInitializationContext context) throws Exception {
            super.initializeState(context);
            context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("releases", Types.STRING))
                    .update(List.of(serving));
            context.getOperatorStateStore().getUnionListState(
                            new ListStateDescriptor<>("progress", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO))
                    .update(List.of(new long[] {4_000, 5_000}));
        }

        @Override
        public void processElement(StreamRecord<String> element) {}
    }
}
