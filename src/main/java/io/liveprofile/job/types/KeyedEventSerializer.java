package io.liveprofile.job.types;

import io.liveprofile.feature.KeyedEvent;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: plan, partition, version, event ({@link BehaviorEventCoding}). */
public final class KeyedEventSerializer extends RecordSerializer<KeyedEvent> {
    private static final long serialVersionUID = 1L;

    public static final KeyedEventSerializer INSTANCE = new KeyedEventSerializer();

    private KeyedEventSerializer() {
        super(KeyedEvent.class, 1);
    }

    @Override
    void write(KeyedEvent keyed, DataOutputView out) throws IOException {
        out.writeByte(keyed.plan());
        FieldCoding.writeUtf8(keyed.partition(), out);
        out.writeLong(keyed.version());
        BehaviorEventCoding.write(keyed.event(), out);
    }

    @Override
    KeyedEvent read(int version, DataInputView in) throws IOException {
        return new KeyedEvent(in.readByte(), FieldCoding.readUtf8(in), in.readLong(), BehaviorEventCoding.read(in));
    }

    @Override
    public TypeSerializerSnapshot<KeyedEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyedEvent> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
