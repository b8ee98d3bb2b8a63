package io.liveprofile.job.types;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.Shares;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.feature.UserUpdate;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: userId, version, eventId, eventTime, ingestedAt, firstSeenAt, updatedAt, events, quarantined, statistics,
 * lists, affinities, vector.
 */
public final class UserUpdateSerializer extends RecordSerializer<UserUpdate> {
    private static final long serialVersionUID = 1L;

    public static final UserUpdateSerializer INSTANCE = new UserUpdateSerializer();

    private UserUpdateSerializer() {
        super(UserUpdate.class, 1);
    }

    @Override
    void write(UserUpdate update, DataOutputView out) throws IOException {
        FieldCoding.writeText(update.userId(), out);
        out.writeLong(update.version());
        FieldCoding.writeText(update.eventId(), out);
        out.writeLong(update.eventTime());
        out.writeLong(update.ingestedAt());
        out.writeLong(update.firstSeenAt());
        out.writeLong(update.updatedAt());
        out.writeLong(update.events());
        out.writeLong(update.quarantined());
        writeValues(update.values(), out);
        FieldCoding.writeFloats(update.vector(), out);
    }

    @Override
    UserUpdate read(int version, DataInputView in) throws IOException {
        return new UserUpdate(
                FieldCoding.readText(in),
                in.readLong(),
                FieldCoding.readText(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readValues(in),
                FieldCoding.readFloats(in));
    }

    @Override
    public TypeSerializerSnapshot<UserUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    private static void writeValues(AggregateValues values, DataOutputView out) throws IOException {
        FieldCoding.writeDoubles(values.statistics(), out);
        out.writeInt(values.lists().length);
        for (TextList list : values.lists()) {
            FieldCoding.writeTextList(list, out);
        }
        out.writeInt(values.affinities().length);
        for (Shares shares : values.affinities()) {
            FieldCoding.writeTextList(shares.keys(), out);
            FieldCoding.writeDoubles(shares.values(), out);
        }
    }

    private static AggregateValues readValues(DataInputView in) throws IOException {
        double[] statistics = FieldCoding.readDoubles(in);
        TextList[] lists = new TextList[in.readInt()];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = FieldCoding.readTextList(in);
        }
        Shares[] affinities = new Shares[in.readInt()];
        for (int i = 0; i < affinities.length; i++) {
            affinities[i] = new Shares(FieldCoding.readTextList(in), FieldCoding.readDoubles(in));
        }
        return new AggregateValues(statistics, lists, affinities);
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<UserUpdate> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
