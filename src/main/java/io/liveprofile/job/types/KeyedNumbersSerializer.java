package io.liveprofile.job.types;

import io.liveprofile.feature.KeyedNumbers;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: plan, userId, version, numbers. */
public final class KeyedNumbersSerializer extends RecordSerializer<KeyedNumbers> {
    private static final long serialVersionUID = 1L;

    public static final KeyedNumbersSerializer INSTANCE = new KeyedNumbersSerializer();

    private KeyedNumbersSerializer() {
        super(KeyedNumbers.class, 1);
    }

    @Override
    void write(KeyedNumbers keyed, DataOutputView out) throws IOException {
        out.writeByte(keyed.plan());
        FieldCoding.writeText(keyed.userId(), out);
        out.writeLong(keyed.version());
        FieldCoding.writeDoubles(keyed.numbers(), out);
    }

    @Override
    KeyedNumbers read(int version, DataInputView in) throws IOException {
        return new KeyedNumbers(in.readByte(), FieldCoding.readText(in), in.readLong(), FieldCoding.readDoubles(in));
    }

    @Override
    public TypeSerializerSnapshot<KeyedNumbers> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyedNumbers> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
