package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.ingest.EventSpan;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordSplitFunctionHarnessTest {
    private static final BehaviorEvent EVENT = BehaviorEvent.newBuilder()
            .setEventId("e1").setUserId("ann").setEventTime(5).setType(EventType.VIEW).build();
    private static final DeadLetter LETTER = new DeadLetter("topic", 0, 7L, "bad-json", "no JSON", null, null);
    private static final LabeledOutcome OUTCOME = new LabeledOutcome("o1", "ann", "fraud", 1.0, 9L, "e1");

    private RecordSplitFunction function;
    private OneInputStreamOperatorTestHarness<IngestedRecord, IngestedRecord> harness;

    @BeforeEach
    void setUp() throws Exception {
        open(null);
    }

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    @Test
    void eachPartLeavesByItsOwnWayAndIsCountedOnce() throws Exception {
        send(EVENT, null, null, null, 0);
        send(EVENT, null, null, null, 1);
        send(null, null, OUTCOME, null, 2);
        send(null, LETTER, null, null, 0);
        send(null, null, null, "internal", 0);

        assertThat(harness.extractOutputValues()).extracting(IngestedRecord::getEvent).containsExactly(EVENT, EVENT);
        assertThat(harness.getSideOutput(RecordSplitFunction.OUTCOMES)).extracting(StreamRecord::getValue)
                .containsExactly(OUTCOME);
        assertThat(harness.getSideOutput(RecordSplitFunction.DEAD_LETTERS)).extracting(StreamRecord::getValue)
                .containsExactly(LETTER);
        assertThat(function.counted(Counts.READ)).isEqualTo(3);
        assertThat(function.counted(Counts.FURTHER)).isEqualTo(2);
        assertThat(function.counted(Counts.OUTCOMES)).isEqualTo(1);
        assertThat(function.counted(Counts.DEAD_LETTERS)).isEqualTo(1);
        assertThat(function.counted(Counts.SKIPPED)).isEqualTo(1);
    }

    @Test
    void rowsOfHistoryFilesAreReadTooAndTheBoundaryHasItsOwnCount() throws Exception {
        String outside = EventSpan.OUTSIDE;
        harness.processElement(new IngestedRecord("day.csv", -1, 2L, 5L, EVENT, null, null, null, 0), 5L);
        harness.processElement(new IngestedRecord("day.csv", -1, 2L, 5L, null, null, null, outside, 1), 5L);
        harness.processElement(new IngestedRecord("day.csv", -1, 3L, 5L, null, null, null, outside, 0), 5L);
        send(null, null, null, outside, 0);
        send(null, null, null, "internal", 0);

        assertThat(function.counted(Counts.READ)).isEqualTo(4);
        assertThat(function.counted(Counts.HISTORY)).isEqualTo(2);
        assertThat(function.counted(Counts.FURTHER)).isEqualTo(1);
        assertThat(function.counted(Counts.OUTSIDE_BACKFILL)).isEqualTo(3);
        assertThat(function.counted(Counts.SKIPPED)).isEqualTo(1);
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void aRecordThatHoldsNothingFailsTheTask() {
        assertThatThrownBy(() -> send(null, null, null, null, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A record of topic became nothing");
    }

    @Test
    void theCountsGoOnFromASnapshot() throws Exception {
        send(null, null, OUTCOME, null, 0);
        send(null, null, OUTCOME, null, 1);
        send(null, null, null, "internal", 0);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        send(null, null, null, "internal", 0);
        harness.close();

        open(snapshot);
        send(null, null, null, "internal", 0);
        assertThat(function.counted(Counts.READ)).isEqualTo(3);
        assertThat(function.counted(Counts.FURTHER)).isEqualTo(1);
        assertThat(function.counted(Counts.OUTCOMES)).isEqualTo(2);
        assertThat(function.counted(Counts.SKIPPED)).isEqualTo(2);
    }

    private void open(OperatorSubtaskState state) throws Exception {
        function = new RecordSplitFunction();
        harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(function));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private void send(BehaviorEvent event, DeadLetter letter, LabeledOutcome outcome, String skippedBy, int part)
            throws Exception {
        harness.processElement(new IngestedRecord("topic", 0, 7L, 5L, event, letter, outcome, skippedBy, part), 5L);
    }
}
