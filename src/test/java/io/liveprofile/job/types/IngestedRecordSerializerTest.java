package io.liveprofile.job.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class IngestedRecordSerializerTest {
    private static final String[] TEXTS = {
        "", "EUR", "naïve café", "ÿ\u0080\u007f", "丝绸之路", "🛒 basket", "\u0000", "ab".repeat(63), "ab".repeat(64), "ü".repeat(70_000)
    };

    @Test
    void randomRecordsComeBackAsTheyWere() throws IOException {
        Random random = new Random(7);
        List<IngestedRecord> records = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            IngestedRecord record = new IngestedRecord();
            fill(record, random, i == 0 ? 0 : i == 1 ? 1 : random.nextDouble());
            records.add(record);
        }
        assertThat(records.get(0).getEvent()).isNull();
        assertThat(records.get(1).getEvent().getAttributes()).isNotEmpty();

        DataOutputSerializer out = new DataOutputSerializer(16);
        for (IngestedRecord record : records) {
            IngestedRecordSerializer.INSTANCE.serialize(record, out);
        }
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        for (IngestedRecord record : records) {
            assertThat(IngestedRecordSerializer.INSTANCE.deserialize(in)).isEqualTo(record);
        }
        assertThat(in.available()).isZero();
    }

    /** A field that a schema gains and the serializer does not write fails here. */
    @Test
    void everyFieldOfTheSchemasComesBackByItself() throws IOException {
        for (Field field : IngestedRecord.getClassSchema().getFields()) {
            IngestedRecord record = new IngestedRecord();
            record.put(field.pos(), value(field.schema(), new Random(1), 0));
            assertThat(copied(record)).as(field.name()).isEqualTo(record).isNotEqualTo(new IngestedRecord());
        }
        for (Field field : BehaviorEvent.getClassSchema().getFields()) {
            BehaviorEvent event = new BehaviorEvent();
            event.put(field.pos(), value(field.schema(), new Random(1), 1));
            assertThat(event).isNotEqualTo(new BehaviorEvent());
            assertThat(copied(new IngestedRecord("topic", 1, 2L, 3L, event, null, null, null, 0)).getEvent())
                    .as(field.name())
                    .isEqualTo(event);
        }
        for (Field field : DeadLetter.getClassSchema().getFields()) {
            DeadLetter letter = new DeadLetter();
            letter.put(field.pos(), value(field.schema(), new Random(1), 1));
            assertThat(letter).isNotEqualTo(new DeadLetter());
            assertThat(copied(new IngestedRecord("topic", 1, 2L, 3L, null, letter, null, null, 0)).getDeadLetter())
                    .as(field.name())
                    .isEqualTo(letter);
        }
        for (Field field : LabeledOutcome.getClassSchema().getFields()) {
            LabeledOutcome outcome = new LabeledOutcome();
            outcome.put(field.pos(), value(field.schema(), new Random(1), 1));
            assertThat(outcome).isNotEqualTo(new LabeledOutcome());
            assertThat(copied(new IngestedRecord("topic", 1, 2L, 3L, null, null, outcome, null, 1)).getOutcome())
                    .as(field.name())
                    .isEqualTo(outcome);
        }
    }

    @Test
    void numbersComeBackBitForBitAndNothingIsNotEmpty() throws IOException {
        for (Double number : new Double[] {Double.NaN, -0.0, Double.MIN_VALUE, Double.NEGATIVE_INFINITY}) {
            BehaviorEvent event = new BehaviorEvent();
            event.setRating(number);
            event.setAmountMinor(Long.MIN_VALUE);
            event.setQuantity(Integer.MIN_VALUE);
            event.setEmbedding(List.of(Float.NaN, -0f, Float.MAX_VALUE));
            BehaviorEvent read = copied(new IngestedRecord("topic", -1, -2L, -3L, event, null, null, null, 0)).getEvent();
            assertThat(read.getRating().equals(number)).isTrue();
            assertThat(read.getEmbedding()).isEqualTo(event.getEmbedding());
            assertThat(read).isEqualTo(event);
        }
        BehaviorEvent empty = new BehaviorEvent();
        empty.setText("");
        empty.setEmbedding(List.of());
        empty.setAttributes(Map.of());
        BehaviorEvent read = copied(new IngestedRecord("topic", 0, 0L, 0L, empty, null, null, null, 0)).getEvent();
        assertThat(read.getText()).isEmpty();
        assertThat(read.getEmbedding()).isEmpty();
        assertThat(read.getAttributes()).isEmpty();
        assertThat(read.getItemId()).isNull();
    }

    @Test
    void theBytesOfADeadLetterStayReadable() throws IOException {
        ByteBuffer value = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);
        DeadLetter letter = new DeadLetter("topic", 0, 9L, "bad-avro", "Broken.", null, value);
        assertThat(copied(new IngestedRecord("topic", 0, 9L, 0L, null, letter, null, null, 0)).getDeadLetter()).isEqualTo(letter);
        assertThat(value.remaining()).isEqualTo(3);
    }

    /** Bytes that version 1 wrote. They must be readable for ever; a new version adds its own. */
    @Test
    void readsWhatVersionOneWrote() throws IOException {
        String written = "01" + "03" + "0174" + "00000002" + "0000000000000003" + "0000000000000004" + "00000000"
                + "0006004f" + "0000000000000005" + "0165" + "0175" + "07" + "026931" + "0000000000000063"
                + "01" + "3f800000" + "01" + "016b" + "02c3bc";
        BehaviorEvent event = new BehaviorEvent();
        event.setEventId("e");
        event.setUserId("u");
        event.setEventTime(5);
        event.setType(EventType.ORDER);
        event.setItemId("i1");
        event.setAmountMinor(99L);
        event.setEmbedding(List.of(1f));
        event.setAttributes(Map.of("k", "ü"));
        IngestedRecord record = new IngestedRecord("t", 2, 3L, 4L, event, null, null, null, 0);
        assertThat(HexFormat.of().formatHex(bytes(record))).isEqualTo(written);
        assertThat(IngestedRecordSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(HexFormat.of().parseHex(written)))).isEqualTo(record);
    }

    /** A type is written as its position: new ones are appended, none moves. */
    @Test
    void versionOneKnowsTheTypesByPosition() {
        assertThat(EventType.values()).startsWith(
                EventType.UNKNOWN, EventType.VIEW, EventType.CLICK, EventType.SEARCH, EventType.FAVORITE,
                EventType.CART_ADD, EventType.CART_REMOVE, EventType.ORDER, EventType.PAYMENT, EventType.PAYMENT_FAILED,
                EventType.REFUND, EventType.REVIEW, EventType.LOGIN, EventType.LOGIN_FAILED, EventType.INQUIRY);
    }

    @Test
    void rejectsAVersionItDoesNotKnow() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> IngestedRecordSerializer.INSTANCE.deserialize(
                        new DataInputDeserializer(new byte[] {2, 0, 0})))
                .withMessageStartingWith("IngestedRecord of version 2 cannot be read; known are 1 to 1");
    }

    private static IngestedRecord copied(IngestedRecord record) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes(record));
        IngestedRecord read = IngestedRecordSerializer.INSTANCE.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    private static byte[] bytes(IngestedRecord record) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        IngestedRecordSerializer.INSTANCE.serialize(record, out);
        return out.getCopyOfBuffer();
    }

    /** Sets each field with the given probability; a primitive that is left out is 0. */
    private static void fill(SpecificRecord record, Random random, double probability) {
        for (Field field : record.getSchema().getFields()) {
            if (random.nextDouble() < probability) {
                record.put(field.pos(), value(field.schema(), random, probability));
            }
        }
    }

    /** A value that is no default. */
    private static Object value(Schema schema, Random random, double probability) {
        return switch (schema.getType()) {
            case UNION -> value(schema.getTypes().get(1), random, probability);
            case STRING -> TEXTS[1 + random.nextInt(TEXTS.length - 1)];
            case INT -> random.nextInt() | 1;
            case LONG -> random.nextLong() | 1;
            case FLOAT -> 1 - random.nextFloat();
            case DOUBLE -> 1 - random.nextDouble();
            case BOOLEAN -> true;
            case ENUM -> EventType.values()[1 + random.nextInt(EventType.values().length - 1)];
            case BYTES -> {
                byte[] bytes = new byte[1 + random.nextInt(300)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (int i = 1 + random.nextInt(200); i > 0; i--) {
                    items.add(value(schema.getElementType(), random, probability));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int i = 1 + random.nextInt(20); i > 0; i--) {
                    entries.put("key " + i, value(schema.getValueType(), random, probability));
                }
                yield entries;
            }
            case RECORD -> {
                SpecificRecord record = (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
                fill(record, random, probability);
                yield record;
            }
            default -> throw new IllegalStateException("No value of type " + schema);
        };
    }
}
