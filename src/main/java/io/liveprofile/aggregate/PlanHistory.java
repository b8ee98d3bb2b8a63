package io.liveprofile.aggregate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * What every plan that a job ever had kept, so that a user written under an older one can say which of his aggregates are
 * younger. A user carries no more than his plan's {@link AggregatePlan#fingerprint}.
 */
public final class PlanHistory {

    /**
     * What of an aggregate is kept in state.
     *
     * @param id of the aggregate
     * @param hopMillis width of its tiles; 0 for a history
     */
    record Kept(int id, long hopMillis) {}

    private final Map<Integer, Map<Kept, Long>> lengths = new HashMap<>();

    public void add(AggregatePlan plan) {
        lengths.put(plan.fingerprint(), plan.kept());
    }

    /** Milliseconds of event time that the plan of that fingerprint kept of each aggregate; null = there was no such plan. */
    Map<Kept, Long> lengths(int fingerprint) {
        return lengths.get(fingerprint);
    }

    public byte[] toBytes() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
            out.writeInt(lengths.size());
            for (Map.Entry<Integer, Map<Kept, Long>> plan : lengths.entrySet()) {
                out.writeInt(plan.getKey());
                out.writeInt(plan.getValue().size());
                for (Map.Entry<Kept, Long> kept : plan.getValue().entrySet()) {
                    StateId.write(kept.getKey().id(), out);
                    out.writeLong(kept.getKey().hopMillis());
                    out.writeLong(kept.getValue());
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
    }

    /** Adds the plans that {@link #toBytes} wrote. */
    public void addAll(byte[] bytes) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
            int plans = in.readInt();
            for (int i = 0; i < plans; i++) {
                Map<Kept, Long> kept = lengths.computeIfAbsent(in.readInt(), none -> new HashMap<>());
                int size = in.readInt();
                for (int j = 0; j < size; j++) {
                    kept.put(new Kept(StateId.read(in), in.readLong()), in.readLong());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("Plans in state cannot be read", e);
        }
    }
}
