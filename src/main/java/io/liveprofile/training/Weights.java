package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays of numbers as bytes of a snapshot: a length and as many floats, big-endian. */
final class Weights {
    /** Numbers that are turned into bytes, or back, at a time. */
    private static final int AT_ONCE = 16_384;

    private Weights() {}

    static void write(float[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(values.length, AT_ONCE) * Float.BYTES);
        for (int from = 0; from < values.length; from += AT_ONCE) {
            int length = Math.min(values.length - from, AT_ONCE);
            bytes.asFloatBuffer().put(values, from, length);
            out.write(bytes.array(), 0, length * Float.BYTES);
        }
    }

    static float[] read(DataInput in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = new byte[Math.min(values.length, AT_ONCE) * Float.BYTES];
        for (int from = 0; from < values.length; from += AT_ONCE) {
            int length = Math.min(values.length - from, AT_ONCE);
            in.readFully(bytes, 0, length * Float.BYTES);
            ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, length);
        }
        return values;
    }

    static void write(Map<String, float[]> variables, DataOutput out) throws IOException {
        out.writeInt(variables.size());
        for (Map.Entry<String, float[]> variable : variables.entrySet()) {
            out.writeUTF(variable.getKey());
            write(variable.getValue(), out);
        }
    }

    static Map<String, float[]> readAll(DataInput in) throws IOException {
        Map<String, float[]> variables = new LinkedHashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            variables.put(in.readUTF(), read(in));
        }
        return variables;
    }
}
