package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays of numbers as bytes of a snapshot: a length and as many floats, big-endian. */
final class Weights {
    private Weights() {}

    static void write(float[] values, DataOutput out) throws IOException {
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }

    static float[] read(DataInput in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = new byte[values.length * Float.BYTES];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
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
