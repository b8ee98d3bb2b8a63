package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeDecoderTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final EventLimits LIMITS =
            new EventLimits(Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(30), 20, 16, 3, 4_096);

    private final SingleObject<LabeledOutcome> encoding = new SingleObject<>(LabeledOutcome.class);

    @TempDir
    Path directory;

    /** Here that nothing makes pseudonyms; after a restart it would be thrown again. */
    @Test
    void whatMakesTheDecoderThrowIsADeadLetter() {
        byte[] key = {1, 2};
        byte[] value = encoding.encode(outcome(NOW));
        IngestedRecord record = new OutcomeDecoder(LIMITS, null).decode("labeled-outcomes", 3, 77, NOW, key, value);
        assertThat(record.getEvent()).isNull();
        assertThat(record.getDeadLetter().getReason()).isEqualTo("processing-failed");
        assertThat(record.getDeadLetter().getDetail()).isEqualTo("the job cannot take it: NullPointerException");
        assertThat(record.getDeadLetter().getOffset()).isEqualTo(77);
        assertThat(record.getDeadLetter().getKey()).isEqualTo(ByteBuffer.wrap(key));
        assertThat(record.getDeadLetter().getValue()).isEqualTo(ByteBuffer.wrap(value));
    }

    /** In both jobs it would wait, for thousands of years where microseconds are taken for milliseconds. */
    @ParameterizedTest
    @CsvSource({"0,", "2592000000,", "2592000001,time-in-future", "1772364600000000,time-in-future", "9223370264488375807,time-in-future"})
    void anOutcomeFarAheadOfTheBrokersTimeIsADeadLetter(long ahead, String reason) {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        OutcomeDecoder decoder = new OutcomeDecoder(LIMITS, Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key)));
        IngestedRecord record = decoder.decode("labeled-outcomes", 0, 1, NOW, null, encoding.encode(outcome(NOW + ahead)));
        assertThat(record.getDeadLetter() == null ? null : record.getDeadLetter().getReason()).isEqualTo(reason);
        assertThat(record.getEvent() == null).isEqualTo(reason != null);
    }

    private static LabeledOutcome outcome(long time) {
        return new LabeledOutcome("o1", "alice", "fraud", 1.0, time, null);
    }
}
