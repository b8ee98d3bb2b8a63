package io.liveprofile.job.types;

import io.liveprofile.event.Reason;
import io.liveprofile.inference.ScoredUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 2: update (with its own version), releaseId, heads, probabilities, embedding, reasons. Version 1 had no reasons.
 */
public final class ScoredUpdateSerializer extends RecordSerializer<ScoredUpdate> {
    private static final long serialVersionUID = 1L;

    public static final ScoredUpdateSerializer INSTANCE = new ScoredUpdateSerializer();

    private ScoredUpdateSerializer() {
        super(ScoredUpdate.class, 2);
    }

    @Override
    void write(ScoredUpdate scored, DataOutputView out) throws IOException {
        UserUpdateSerializer.INSTANCE.serialize(scored.update(), out);
        FieldCoding.writeText(scored.releaseId(), out);
        FieldCoding.writeTexts(scored.heads(), out);
        FieldCoding.writeFloats(scored.probabilities(), out);
        FieldCoding.writeFloats(scored.embedding(), out);
        writeReasons(scored.reasons(), out);
    }

    @Override
    ScoredUpdate read(int version, DataInputView in) throws IOException {
        return new ScoredUpdate(
                UserUpdateSerializer.INSTANCE.deserialize(in),
                FieldCoding.readText(in),
                FieldCoding.readTexts(in),
                FieldCoding.readFloats(in),
                FieldCoding.readFloats(in),
                version == 1 ? List.of() : readReasons(in));
    }

    private static void writeReasons(List<List<Reason>> reasons, DataOutputView out) throws IOException {
        out.writeInt(reasons.size());
        for (List<Reason> ofHead : reasons) {
            out.writeInt(ofHead.size());
            for (Reason reason : ofHead) {
                FieldCoding.writeText(reason.getCode(), out);
                FieldCoding.writeText(reason.getField(), out);
                out.writeDouble(reason.getValue());
                out.writeDouble(reason.getLimit());
                FieldCoding.writeText(reason.getText(), out);
            }
        }
    }

    private static List<List<Reason>> readReasons(DataInputView in) throws IOException {
        int heads = in.readInt();
        if (heads == 0) {
            return List.of();
        }
        List<List<Reason>> reasons = new ArrayList<>(heads);
        for (int head = 0; head < heads; head++) {
            int size = in.readInt();
            List<Reason> ofHead = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                ofHead.add(new Reason(FieldCoding.readText(in), FieldCoding.readText(in), in.readDouble(), in.readDouble(),
                        FieldCoding.readText(in)));
            }
            reasons.add(ofHead);
        }
        return reasons;
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
