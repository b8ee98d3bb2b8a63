package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What domain code throws on costs one restart, no loop of them, and leaves no trace. */
class HotStateOperatorHarnessTest {
    private static final String POISON = "!";
    /** Is taken, and the state with it cannot be written. */
    private static final String SLOW_POISON = "?";

    private KeyedOneInputStreamOperatorTestHarness<String, String, String> harness;
    private TestingTexts operator;

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    @Test
    void theFirstTimeTheTaskFailsAsTheStateMayBeHalfChanged() throws Exception {
        open(null);
        send("a");
        assertThatThrownBy(() -> send(POISON))
                .isInstanceOf(SetAsideException.class)
                .hasMessageStartingWith("The task starts anew to set aside what it failed on: the text of a test:"
                        + " IllegalStateException at ")
                .hasStackTraceContaining(HotStateOperatorHarnessTest.class.getName())
                .as("its message may quote the event, and Flink logs causes").hasNoCause();
    }

    @Test
    void theTaskThatIsStartedAnewSetsItAsideAndPutsTheStateBack() throws Exception {
        open(snapshotOf("a", "b"));
        send("c");
        send(POISON);
        send("d");
        assertThat(harness.extractOutputValues()).containsExactly("abc", "set aside", "abcd");
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(1);

        OperatorSubtaskState snapshot = snapshot(2);
        harness.close();
        open(snapshot);
        send("e");
        assertThat(harness.extractOutputValues()).containsExactly("abcde");
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(1);
    }

    @Test
    void aTaskThatHasSetOneAsideGoesOnToBeCareful() throws Exception {
        open(snapshotOf("a"));
        send(POISON);
        harness.notifyOfCompletedCheckpoint(2);
        send(POISON);
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(2);
    }

    /** Bytes of each state before each event are more work than most of what is done with it. */
    @Test
    void aTaskThatWasStartedAnewForAnotherReasonIsNotCarefulForLong() throws Exception {
        open(snapshotOf("a"));
        send("b");
        harness.notifyOfCompletedCheckpoint(2);
        assertThatThrownBy(() -> send(POISON)).isInstanceOf(SetAsideException.class);
    }

    @Test
    void aStateThatCannotBeWrittenFailsTheTaskAtItsCheckpoint() throws Exception {
        open(null);
        send(SLOW_POISON);
        assertThatThrownBy(() -> snapshot(1))
                .isInstanceOf(SetAsideException.class)
                .hasMessageStartingWith("The task starts anew to set aside what made a state of 'texts' that cannot be written:"
                        + " IllegalStateException at ")
                .hasNoCause();
        operator.isMended = true; // the harness ends with a write, too
    }

    @Test
    void theTaskThatIsStartedAnewSetsAsideWhatCouldNotBeWritten() throws Exception {
        open(snapshotOf("a"));
        send(SLOW_POISON);
        send("b");
        assertThat(harness.extractOutputValues()).containsExactly("set aside", "ab");
        assertThat(operator.counted(Counts.SET_ASIDE)).isEqualTo(1);
        snapshot(2);
    }

    @Test
    void theLogSaysWhereItFailedAndNothingOfTheEvent() throws Exception {
        open(null);
        assertThat(HotStateOperator.place(new IllegalStateException("card 4111")))
                .startsWith("IllegalStateException at ").doesNotContain("4111");
    }

    private OperatorSubtaskState snapshotOf(String... texts) throws Exception {
        open(null);
        for (String text : texts) {
            send(text);
        }
        OperatorSubtaskState snapshot = snapshot(1);
        harness.close();
        return snapshot;
    }

    private OperatorSubtaskState snapshot(long checkpoint) throws Exception {
        operator.prepareSnapshotPreBarrier(checkpoint);
        return harness.snapshot(checkpoint, checkpoint);
    }

    private void open(OperatorSubtaskState state) throws Exception {
        operator = new TestingTexts();
        harness = new KeyedOneInputStreamOperatorTestHarness<>(operator, text -> TestingTexts.KEY, Types.STRING);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private void send(String text) throws Exception {
        harness.processElement(text, 0);
    }

    /** Appends texts to the one of its only key, and throws when it has half taken the poison. */
    private static final class TestingTexts extends HotStateOperator<String, StringBuilder>
            implements OneInputStreamOperator<String, String> {
        private static final long serialVersionUID = 1L;
        private static final String KEY = "key";

        private boolean isMended;

        TestingTexts() {
            super("texts", 10_000);
        }

        @Override
        StringBuilder create(String key) {
            return new StringBuilder();
        }

        @Override
        StringBuilder read(String key, byte[] bytes) {
            return new StringBuilder(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        byte[] write(StringBuilder state) {
            if (!isMended && state.indexOf(SLOW_POISON) >= 0) {
                throw new IllegalStateException("cannot be written");
            }
            return state.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        int memoryBytes(StringBuilder state) {
            return 100;
        }

        @Override
        public void processElement(StreamRecord<String> element) throws Exception {
            StringBuilder state = changed(KEY);
            output.collect(new StreamRecord<>(
                    change(KEY, state, () -> append(state, element.getValue()), () -> "the text of a test").orElse("set aside")));
        }

        private static String append(StringBuilder state, String text) {
            state.append(text);
            if (text.equals(POISON)) {
                throw new IllegalStateException("cannot be taken");
            }
            return state.toString();
        }
    }
}
