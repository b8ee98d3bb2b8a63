package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.Pseudonymizer;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoredStateFunctionHarnessTest {
    private static final IngestedRecord RECORD = new IngestedRecord("topic", 0, 7L, 5L,
            BehaviorEvent.newBuilder().setEventId("e1").setUserId("ann").setEventTime(5).setType(EventType.VIEW).build(),
            null, null, null, 0);

    @TempDir
    private Path directory;

    @Test
    void goesOnWithTheSameKey() throws Exception {
        String key = fingerprint("key");
        OperatorSubtaskState first = runOn(null, key);
        OperatorSubtaskState second = runOn(first, key);
        runOn(second, key);
    }

    @Test
    void anotherKeyEndsTheJobForGood() throws Exception {
        OperatorSubtaskState state = runOn(null, fingerprint("key"));
        String other = fingerprint("other");
        assertThatThrownBy(() -> runOn(state, other))
                .isInstanceOf(SuppressRestartsException.class).as("instead of trying again and again")
                .hasCauseInstanceOf(ConfigException.class)
                .hasRootCauseMessage("privacy.key-file: is another key than the one of this state's pseudonyms, so every user would be"
                        + " a new one. Submit the job with the key of then, or without the state");
    }

    @Test
    void tellsByHowMuchTheStateIsOlderThanTransactionsWait() throws Exception {
        String key = fingerprint("key");
        OperatorSubtaskState state = runOn(null, key);
        assertThat(lateOn(state, Duration.ofDays(1))).isZero();
        assertThat(lateOn(state, Duration.ofSeconds(-100))).as("waited until long before").isGreaterThanOrEqualTo(100);
        assertThat(lateOn(state, null)).as("without transactions").isZero();
        assertThat(lateOn(null, Duration.ofSeconds(-100))).as("without state").isZero();
    }

    private long lateOn(OperatorSubtaskState state, Duration commitWithin) throws Exception {
        RestoredStateFunction function = new RestoredStateFunction(fingerprint("key"), commitWithin);
        runOn(state, function);
        return function.secondsLate();
    }

    @Test
    void aFingerprintIsTheSameWheneverItsKeyIsRead() {
        assertThat(fingerprint("key")).isEqualTo(fingerprint("key")).isNotEqualTo(fingerprint("other"));
    }

    private String fingerprint(String key) {
        Path file = directory.resolve(key + ".json");
        Pseudonymizer.createKeyset(file);
        return Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(file)).fingerprint();
    }

    /** Sends a record through, and gives the state that is then. */
    private static OperatorSubtaskState runOn(OperatorSubtaskState state, String fingerprint) throws Exception {
        return runOn(state, new RestoredStateFunction(fingerprint, null));
    }

    private static OperatorSubtaskState runOn(OperatorSubtaskState state, RestoredStateFunction function) throws Exception {
        try (OneInputStreamOperatorTestHarness<IngestedRecord, IngestedRecord> harness =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(function))) {
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            harness.processElement(RECORD, 5L);
            assertThat(harness.extractOutputValues()).containsExactly(RECORD);
            return harness.snapshot(1, 1);
        }
    }
}
