package io.liveprofile.job.types;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.UserUpdate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 3: cause, userId, version, eventId, eventType, eventTime, ingestedAt, firstSeenAt, updatedAt, events, quarantined,
 * countsSince, awaitedKeys, statistics, lists, affinities, breakdowns, vectors, vector. Version 2 had no eventType, version 1 no
 * cause, countsSince, awaitedKeys, breakdowns and vectors either.
 */
public final class UserUpdateSerializer extends RecordSerializer<UserUpdate> {
    private static final long serialVersionUID = 1L;

    private static final UserUpdate.Cause[] CAUSES = UserUpdate.Cause.values();
    private static final EventType[] TYPES = EventType.values();

    public static final UserUpdateSerializer INSTANCE = new UserUpdateSerializer();

    private UserUpdateSerializer() {
        super(UserUpdate.class, 3);
    }

    @Override
    void write(UserUpdate update, DataOutputView out) throws IOException {
        out.writeByte(update.cause().ordinal());
        FieldCoding.writeText(update.userId(), out);
        out.writeLong(update.version());
        FieldCoding.writeText(update.eventId(), out);
        out.writeByte(update.eventType().ordinal());
        out.writeLong(update.eventTime());
        out.writeLong(update.ingestedAt());
        out.writeLong(update.firstSeenAt());
        out.writeLong(update.updatedAt());
        out.writeLong(update.events());
        out.writeLong(update.quarantined());
        writeCountsSince(update.countsSince(), out);
        out.writeInt(update.awaitedKeys());
        writeValues(update.values(), out);
        FieldCoding.writeFloats(update.vector(), out);
    }

    @Override
    UserUpdate read(int version, DataInputView in) throws IOException {
        return new UserUpdate(
                version == 1 ? UserUpdate.Cause.EVENT : CAUSES[in.readByte()],
                FieldCoding.readText(in),
                in.readLong(),
                FieldCoding.readText(in),
                version < 3 ? EventType.UNKNOWN : TYPES[in.readByte()],
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                version == 1 ? Map.of() : readCountsSince(in),
                version == 1 ? 0 : in.readInt(),
                readValues(version, in),
                FieldCoding.readFloats(in));
    }

    @Override
    public TypeSerializerSnapshot<UserUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    private static void writeCountsSince(Map<String, Long> countsSince, DataOutputView out) throws IOException {
        out.writeInt(countsSince.size());
        for (Map.Entry<String, Long> entry : countsSince.entrySet()) {
            FieldCoding.writeText(entry.getKey(), out);
            out.writeLong(entry.getValue());
        }
    }

    private static Map<String, Long> readCountsSince(DataInputView in) throws IOException {
        int size = in.readInt();
        if (size == 0) {
            return Map.of();
        }
        Map<String, Long> countsSince = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            countsSince.put(FieldCoding.readText(in), in.readLong());
        }
        return countsSince;
    }

    private static void writeValues(AggregateValues values, DataOutputView out) throws IOException {
        FieldCoding.writeDoubles(values.statistics(), out);
        out.writeInt(values.lists().length);
        for (TextList list : values.lists()) {
            FieldCoding.writeTextList(list, out);
        }
        writeNumbers(values.affinities(), out);
        writeNumbers(values.breakdowns(), out);
        out.writeInt(values.vectors().length);
        for (float[] vector : values.vectors()) {
            FieldCoding.writeFloats(vector, out);
        }
    }

    private static void writeNumbers(NumbersByKey[] numbers, DataOutputView out) throws IOException {
        out.writeInt(numbers.length);
        for (NumbersByKey each : numbers) {
            FieldCoding.writeTextList(each.keys(), out);
            FieldCoding.writeDoubles(each.values(), out);
        }
    }

    private static AggregateValues readValues(int version, DataInputView in) throws IOException {
        double[] statistics = FieldCoding.readDoubles(in);
        TextList[] lists = new TextList[in.readInt()];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = FieldCoding.readTextList(in);
        }
        NumbersByKey[] affinities = readNumbers(in);
        if (version == 1) {
            return new AggregateValues(statistics, lists, affinities);
        }
        NumbersByKey[] breakdowns = readNumbers(in);
        float[][] vectors = new float[in.readInt()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = FieldCoding.readFloats(in);
        }
        return new AggregateValues(statistics, lists, affinities, breakdowns, vectors);
    }

    private static NumbersByKey[] readNumbers(DataInputView in) throws IOException {
        NumbersByKey[] numbers = new NumbersByKey[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = new NumbersByKey(FieldCoding.readTextList(in), FieldCoding.readDoubles(in));
        }
        return numbers;
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<UserUpdate> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
