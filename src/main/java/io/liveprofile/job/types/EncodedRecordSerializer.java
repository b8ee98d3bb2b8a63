package io.liveprofile.job.types;

import io.liveprofile.event.EncodedRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: key, value. */
public final class EncodedRecordSerializer extends RecordSerializer<EncodedRecord> {
    private static final long serialVersionUID = 1L;

    public static final EncodedRecordSerializer INSTANCE = new EncodedRecordSerializer();

    private EncodedRecordSerializer() {
        super(EncodedRecord.class, 1);
    }

    @Override
    void write(EncodedRecord record, DataOutputView out) throws IOException {
        FieldCoding.writeBytes(record.key(), out);
        FieldCoding.writeBytes(record.value(), out);
    }

    @Override
    EncodedRecord read(int version, DataInputView in) throws IOException {
        return new EncodedRecord(FieldCoding.readBytes(in), FieldCoding.readBytes(in));
    }

    @Override
    public TypeSerializerSnapshot<EncodedRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<EncodedRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
