package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.SingleObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values in Avro; those of foreign systems are in {@link MappedRowDecodingTest}. */
class EventDecoderTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final EventLimits LIMITS =
            new EventLimits(Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(30), 20, 16, 3, 4_096);

    /** As an earlier release might have written it: without the fields that came later. */
    private static final Schema OLDER = new Schema.Parser().parse("""
            {"type": "record", "name": "BehaviorEvent", "namespace": "io.liveprofile.event", "fields": [
              {"name": "eventId", "type": "string"},
              {"name": "userId", "type": "string"},
              {"name": "eventTime", "type": "long"},
              {"name": "type", "type": {"type": "enum", "name": "EventType", "symbols": ["VIEW", "WISH"]}},
              {"name": "itemId", "type": ["null", "string"], "default": null}]}""");

    private final SingleObject<BehaviorEvent> encoding = new SingleObject<>(BehaviorEvent.class);

    @TempDir
    Path directory;

    private Pseudonymizer pseudonymizer;
    private EventDecoder decoder;

    @BeforeEach
    void setUp() {
        Path key = directory.resolve("key.json");
        assertThat(Pseudonymizer.createKeyset(key)).isTrue();
        assertThat(Pseudonymizer.createKeyset(key)).as("kept").isFalse();
        pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
        decoder = EventDecoder.avro(LIMITS, pseudonymizer, List.of(OLDER));
    }

    @Test
    void anEventComesOutAsItWentInButForItsUser() {
        BehaviorEvent event = event(e -> e.setItemId("i1"));
        IngestedRecord record = decode(encoding.encode(event));
        assertThat(record.getDeadLetter()).isNull();
        event.setUserId(pseudonymizer.pseudonym("alice"));
        assertThat(record.getEvent()).isEqualTo(event);
        assertThat(record.getEvent().getUserId()).hasSize(22).doesNotContain("alice");
    }

    @Test
    void aMessageOfAnOlderWriterIsRead() throws IOException {
        IngestedRecord record = decode(older("VIEW"));
        assertThat(record.getEvent().getItemId()).isEqualTo("i9");
        assertThat(record.getEvent().getType()).isEqualTo(EventType.VIEW);
        assertThat(record.getEvent().getAttributes()).isEmpty();
    }

    @Test
    void aTypeThisVersionDoesNotKnowIsUnknown() throws IOException {
        assertThat(decode(older("WISH")).getEvent().getType()).isEqualTo(EventType.UNKNOWN);
    }

    /** Here that there is no span; after a restart it would be thrown again. */
    @Test
    void whatMakesTheCheckThrowIsADeadLetter() {
        IngestedRecord record = decoder.within(null).decode("t", 0, 1, NOW, null, encoding.encode(event(e -> {}))).get(0);
        assertThat(record.getEvent()).isNull();
        assertThat(record.getDeadLetter().getReason()).isEqualTo("processing-failed");
        assertThat(record.getDeadLetter().getDetail()).isEqualTo("the job cannot take it: NullPointerException");
    }

    @Test
    void aDeadLetterKeepsPlaceReasonAndBytes() {
        byte[] key = {1, 2};
        byte[] value = "not avro".getBytes(StandardCharsets.UTF_8);
        IngestedRecord record = decoder.decode("behavior-events", 3, 77, NOW, key, value).get(0);
        assertThat(record.getEvent()).isNull();
        assertThat(record.getDeadLetter().getTopic()).isEqualTo("behavior-events");
        assertThat(record.getDeadLetter().getPartition()).isEqualTo(3);
        assertThat(record.getDeadLetter().getOffset()).isEqualTo(77);
        assertThat(record.getDeadLetter().getReason()).isEqualTo("not-single-object");
        assertThat(record.getDeadLetter().getKey()).isEqualTo(ByteBuffer.wrap(key));
        assertThat(record.getDeadLetter().getValue()).isEqualTo(ByteBuffer.wrap(value));
    }

    @Test
    void bytesThatAreNoEventAreToldApart() {
        byte[] good = encoding.encode(event(e -> {}));
        byte[] unknown = good.clone();
        unknown[4] ^= 1;
        assertThat(reason(null)).isEqualTo("empty-value");
        assertThat(reason(new byte[0])).isEqualTo("empty-value");
        assertThat(reason(unknown)).isEqualTo("unknown-schema");
        for (int length = 1; length < good.length; length++) {
            assertThat(reason(Arrays.copyOf(good, length)))
                    .as("first %d of %d bytes", length, good.length)
                    .isIn("not-single-object", "broken-value");
        }
    }

    /** Lengths that the bytes merely claim: no such message may stop the job. */
    @Test
    void aMessageThatClaimsHugeLengthsIsADeadLetter() throws IOException {
        byte[] good = encoding.encode(event(e -> {}));
        byte[] header = Arrays.copyOf(good, 10);
        for (long claimed : new long[] {600_000_000L, Integer.MAX_VALUE - 8L, Integer.MAX_VALUE, Long.MAX_VALUE, -600_000_000L}) {
            assertThat(reason(message(header, out -> out.writeLong(claimed)))).as("string %d", claimed).isEqualTo("broken-value");
            assertThat(reason(message(header, out -> {
                beginning(out);
                out.writeLong(claimed);
            }))).as("embedding %d", claimed).isEqualTo("broken-value");
            assertThat(reason(message(header, out -> {
                beginning(out);
                out.writeLong(0);
                out.writeLong(claimed);
            }))).as("attributes %d", claimed).isEqualTo("broken-value");
        }
    }

    @Test
    void aRecordThatIsTooLargeKeepsItsBeginning() {
        byte[] value = new byte[4_097];
        IngestedRecord record = decode(value);
        assertThat(record.getDeadLetter().getReason()).isEqualTo("record-too-large");
        assertThat(record.getDeadLetter().getValue().remaining()).isEqualTo(4_096);
    }

    private interface Body {
        void write(BinaryEncoder out) throws IOException;
    }

    /** All fields before the embedding. */
    private static void beginning(BinaryEncoder out) throws IOException {
        out.writeString("e1");
        out.writeString("alice");
        out.writeLong(NOW);
        out.writeEnum(1);
        for (int i = 0; i < 14; i++) {
            out.writeIndex(0);
        }
    }

    private static byte[] message(byte[] header, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(header);
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        body.write(out);
        return bytes.toByteArray();
    }

    @Test
    void anyChangedByteEndsAsAnEventOrADeadLetter() {
        byte[] good = encoding.encode(event(e -> e.setAttributes(Map.of("a", "b"))));
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = good.clone();
                changed[i] ^= (byte) (1 << bit);
                IngestedRecord record = decode(changed);
                assertThat(record.getEvent() == null).isNotEqualTo(record.getDeadLetter() == null);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "missing-user-id, user",
        "missing-event-id, event",
        "time-too-early, early",
        "time-in-future, future",
        "negative-amount, amount",
        "negative-quantity, quantity",
        "not-a-number, nan",
        "not-a-number, embedding",
        "out-of-range, latitude",
        "text-too-long, text",
        "text-too-long, attribute",
        "id-too-long, id",
        "too-many-attributes, attributes",
        "embedding-too-long, dimensions"
    })
    void anEventThatLaterStagesCannotRelyOnIsADeadLetter(String reason, String fault) {
        Map<String, Consumer<BehaviorEvent>> faults = Map.ofEntries(
                Map.entry("user", e -> e.setUserId(" ")),
                Map.entry("event", e -> e.setEventId("")),
                Map.entry("early", e -> e.setEventTime(LIMITS.earliest().toEpochMilli() - 1)),
                Map.entry("future", e -> e.setEventTime(NOW + 600_001)),
                Map.entry("amount", e -> e.setAmountMinor(-1L)),
                Map.entry("quantity", e -> e.setQuantity(-1)),
                Map.entry("nan", e -> e.setRating(Double.NaN)),
                Map.entry("embedding", e -> e.setEmbedding(List.of(1f, Float.POSITIVE_INFINITY))),
                Map.entry("latitude", e -> e.setLatitude(90.001)),
                Map.entry("text", e -> e.setText("x".repeat(21))),
                Map.entry("attribute", e -> e.setAttributes(Map.of("a", "x".repeat(21)))),
                Map.entry("id", e -> e.setItemId("x".repeat(17))),
                Map.entry("attributes", e -> e.setAttributes(Map.of("a", "", "b", "", "c", "", "d", ""))),
                Map.entry("dimensions", e -> e.setEmbedding(List.of(1f, 2f, 3f, 4f))));
        assertThat(reason(encoding.encode(event(faults.get(fault))))).isEqualTo(reason);
    }

    @Test
    void limitsThemselvesAreAllowed() {
        byte[] value = encoding.encode(event(e -> {
            e.setEventTime(NOW + 600_000);
            e.setAmountMinor(0L);
            e.setText("x".repeat(20));
            e.setItemId("x".repeat(16));
            e.setLatitude(-90.0);
        }));
        assertThat(decode(value).getDeadLetter()).isNull();
    }

    private IngestedRecord decode(byte[] value) {
        return decoder.decode("behavior-events", 0, 0, NOW, null, value).get(0);
    }

    private String reason(byte[] value) {
        return decode(value).getDeadLetter().getReason();
    }

    private static byte[] older(String type) throws IOException {
        GenericRecord record = new GenericRecordBuilder(OLDER)
                .set("eventId", "e1")
                .set("userId", "alice")
                .set("eventTime", NOW)
                .set("type", new GenericData.EnumSymbol(OLDER.getField("type").schema(), type))
                .set("itemId", "i9")
                .build();
        ByteBuffer bytes = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), OLDER).encode(record);
        byte[] message = new byte[bytes.remaining()];
        bytes.get(message);
        return message;
    }

    private static BehaviorEvent event(Consumer<BehaviorEvent> change) {
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e1")
                .setUserId("alice")
                .setEventTime(NOW)
                .setType(EventType.VIEW)
                .build();
        change.accept(event);
        return event;
    }
}
