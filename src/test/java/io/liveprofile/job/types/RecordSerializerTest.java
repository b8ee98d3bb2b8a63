package io.liveprofile.job.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.Reason;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.inference.TestingUpdates;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordSerializerTest {

    static Stream<UserUpdate> updates() {
        return Stream.of(TestingUpdates.full(), TestingUpdates.of(1), TestingUpdates.of(2, 1, Float.NaN));
    }

    static Stream<ScoredUpdate> scoredUpdates() {
        return updates().flatMap(update -> Stream.of(
                ScoredUpdate.unscored(update),
                new ScoredUpdate(update, "r000001", List.of("purchase_24h", "fraud"), new float[] {0.25f, Float.NaN},
                        new float[] {1, -2, 0}),
                new ScoredUpdate(update, "r000001", List.of("purchase_24h", "fraud"), new float[] {0.25f, 1}, new float[0],
                        List.of(List.of(), List.of(
                                new Reason("raises-log-odds", "views", 3.0, -0.0, "3 views"),
                                new Reason("lowers-log-odds", "ü", Double.NaN, 1.0, ""))))));
    }

    @ParameterizedTest
    @MethodSource("updates")
    void updatesComeBackAsTheyWere(UserUpdate update) throws IOException {
        assertRoundTrip(UserUpdateTypeInfo.INSTANCE, update);
    }

    @ParameterizedTest
    @MethodSource("scoredUpdates")
    void scoredUpdatesComeBackAsTheyWere(ScoredUpdate scored) throws IOException {
        assertRoundTrip(ScoredUpdateTypeInfo.INSTANCE, scored);
    }

    @Test
    void encodedRecordsComeBackAsTheyWere() throws IOException {
        EncodedRecord record = new EncodedRecord(new byte[] {1}, new byte[] {2, 3, -1});
        DataOutputSerializer out = new DataOutputSerializer(16);
        EncodedRecordSerializer.INSTANCE.serialize(record, out);
        EncodedRecord read =
                EncodedRecordSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertThat(read.key()).isEqualTo(record.key());
        assertThat(read.value()).isEqualTo(record.value());
    }

    @Test
    void recordsFollowEachOtherWithoutAGap() throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(16);
        List<ScoredUpdate> all = scoredUpdates().toList();
        for (ScoredUpdate scored : all) {
            ScoredUpdateSerializer.INSTANCE.serialize(scored, out);
        }
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        DataOutputSerializer copied = new DataOutputSerializer(16);
        for (int i = 0; i < all.size(); i++) {
            ScoredUpdateSerializer.INSTANCE.copy(in, copied);
        }
        assertThat(in.available()).isZero();
        assertThat(copied.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
    }

    /** Bytes that version 1 wrote. They must be readable for ever; a new version adds its own. */
    @Test
    void readsWhatVersionOneWrote() throws IOException {
        String written = "01" + "01" + "07757365722d31" + "0000000000000001" + "086576656e742d31" + "00000000000003e9"
                + "00000000000007d1" + "00000000000001f4" + "00000000000003e9" + "0000000000000001" + "0000000000000000"
                + "00000000" + "00000000" + "00000000" + "00000001" + "3f800000"
                + "087230303030303100000001" + "0666726175640000" + "00013e80000000000000";
        ScoredUpdate scored = new ScoredUpdate(
                TestingUpdates.of(1, 1f), "r000001", List.of("fraud"), new float[] {0.25f}, new float[0]);
        ScoredUpdate read = ScoredUpdateSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(HexFormat.of().parseHex(written)));
        assertThat(read.update().eventType()).isEqualTo(EventType.UNKNOWN);
        assertThat(read).usingRecursiveComparison().ignoringFields("update.eventType").isEqualTo(scored);
    }

    private static final String BEFORE_TYPE = "00" + "07757365722d31" + "0000000000000001" + "086576656e742d31";
    private static final String AFTER_TYPE = "00000000000003e9"
            + "00000000000007d1" + "00000000000001f4" + "00000000000003e9" + "0000000000000001" + "0000000000000000"
            + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "00000001"
            + "3f800000";

    /** The same of version 2 of an update, which had no type of its event. */
    @Test
    void readsVersionTwo() throws IOException {
        byte[] written = HexFormat.of().parseHex("02" + BEFORE_TYPE + AFTER_TYPE);
        UserUpdate read = UserUpdateSerializer.INSTANCE.deserialize(new DataInputDeserializer(written));
        assertThat(read.eventType()).isEqualTo(EventType.UNKNOWN);
        assertThat(read.vector()).containsExactly(1f);
    }

    /** Version 3, which is written now. */
    @Test
    void writesVersionThree() throws IOException {
        String written = "03" + BEFORE_TYPE + "01" + AFTER_TYPE;
        DataOutputSerializer out = new DataOutputSerializer(16);
        UserUpdateSerializer.INSTANCE.serialize(TestingUpdates.of(1, 1f), out);
        assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(written);
        assertSame(UserUpdateSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())),
                TestingUpdates.of(1, 1f));
    }

    /** Version 2 of a scored update, which is written now; version 1 had no reasons. */
    @Test
    void writesReasonsSinceVersionTwo() throws IOException {
        ScoredUpdate scored = new ScoredUpdate(TestingUpdates.of(1, 1f), "r1", List.of("f"), new float[] {0.25f}, new float[0],
                List.of(List.of(new Reason("c", "f", 1.0, 2.0, "t"))));
        String reasons = "00000001" + "00000001" + "0263" + "0266" + "3ff0000000000000" + "4000000000000000" + "0274";
        String written = "02" + "03" + BEFORE_TYPE + "01" + AFTER_TYPE + "037231" + "00000001" + "0266" + "00000001" + "3e800000"
                + "00000000" + reasons;
        DataOutputSerializer out = new DataOutputSerializer(16);
        ScoredUpdateSerializer.INSTANCE.serialize(scored, out);
        assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer())).isEqualTo(written);
    }

    @Test
    void rejectsAVersionItDoesNotKnow() {
        for (byte version : new byte[] {0, 4, -1}) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> UserUpdateSerializer.INSTANCE.deserialize(
                            new DataInputDeserializer(new byte[] {version, 0, 0})))
                    .withMessageStartingWith("UserUpdate of version " + version + " cannot be read; known are 1 to 3");
        }
    }

    @Test
    void snapshotsRestoreTheSerializer() throws Exception {
        for (TypeSerializer<?> serializer :
                List.of(UserUpdateSerializer.INSTANCE, ScoredUpdateSerializer.INSTANCE, IngestedRecordSerializer.INSTANCE)) {
            DataOutputSerializer out = new DataOutputSerializer(16);
            TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
            TypeSerializerSnapshot<?> read = TypeSerializerSnapshot.readVersionedSnapshot(
                    new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
            assertThat(read.restoreSerializer()).isEqualTo(serializer);
            TypeSerializer<?> shipped = InstantiationUtil.clone(serializer);
            assertThat(shipped).isEqualTo(serializer);
        }
    }

    /** Bit for bit: NaN is NaN and -0 is not 0. */
    private static void assertSame(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison()
                .withEqualsForType(Double::equals, Double.class)
                .withEqualsForType(Float::equals, Float.class)
                .isEqualTo(expected);
    }

    private static <T> void assertRoundTrip(TypeInformation<T> type, T record) throws IOException {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(record, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertSame(serializer.deserialize(in), record);
        assertThat(in.available()).isZero();
        assertThat(serializer.copy(record)).isSameAs(record);
    }
}
