package io.liveprofile.job.types;

import io.liveprofile.inference.ScoredUpdate;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: update (with its own version), releaseId, heads, probabilities, embedding. */
public final class ScoredUpdateSerializer extends RecordSerializer<ScoredUpdate> {
    private static final long serialVersionUID = 1L;

    public static final ScoredUpdateSerializer INSTANCE = new ScoredUpdateSerializer();

    private ScoredUpdateSerializer() {
        super(ScoredUpdate.class, 1);
    }

    @Override
    void write(ScoredUpdate scored, DataOutputView out) throws IOException {
        UserUpdateSerializer.INSTANCE.serialize(scored.update(), out);
        FieldCoding.writeText(scored.releaseId(), out);
        FieldCoding.writeTexts(scored.heads(), out);
        FieldCoding.writeFloats(scored.probabilities(), out);
        FieldCoding.writeFloats(scored.embedding(), out);
    }

    @Override
    ScoredUpdate read(int version, DataInputView in) throws IOException {
        return new ScoredUpdate(
                UserUpdateSerializer.INSTANCE.deserialize(in),
                FieldCoding.readText(in),
                FieldCoding.readTexts(in),
                FieldCoding.readFloats(in),
                FieldCoding.readFloats(in));
    }

    @Override
    public TypeSerializerSnapshot<ScoredUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ScoredUpdate> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
