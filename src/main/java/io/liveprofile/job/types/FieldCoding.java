package io.liveprofile.job.types;

import io.liveprofile.aggregate.TextList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** How field types are written: a four-byte count before what repeats, Flink's string form (null allowed) for text. */
final class FieldCoding {
    private static final float[] NO_FLOATS = {};
    private static final int LENGTH_BITS = 7;

    private FieldCoding() {}

    static void writeText(String text, DataOutputView out) throws IOException {
        StringValue.writeString(text, out);
    }

    static String readText(DataInputView in) throws IOException {
        return StringValue.readString(in);
    }

    static void writeTexts(List<String> texts, DataOutputView out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            writeText(text, out);
        }
    }

    static List<String> readTexts(DataInputView in) throws IOException {
        int size = in.readInt();
        if (size == 0) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(readText(in));
        }
        return texts;
    }

    static void writeFloats(float[] values, DataOutputView out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static float[] readFloats(DataInputView in) throws IOException {
        int size = in.readInt();
        if (size == 0) {
            return NO_FLOATS;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    static void writeDoubles(double[] values, DataOutputView out) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    static double[] readDoubles(DataInputView in) throws IOException {
        double[] values = new double[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputView in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void writeTextList(TextList texts, DataOutputView out) throws IOException {
        out.writeInt(texts.size());
        writeBytes(texts.encoded(), out);
    }

    static TextList readTextList(DataInputView in) throws IOException {
        int size = in.readInt();
        return TextList.ofEncoded(readBytes(in), size);
    }

    /** Not null. UTF-8, since the JDK takes texts of ASCII, the most by far, to and from it by one copy. */
    static void writeUtf8(String text, DataOutputView out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeLength(utf8.length, out);
        out.write(utf8, 0, utf8.length);
    }

    static String readUtf8(DataInputView in) throws IOException {
        byte[] utf8 = new byte[readLength(in)];
        in.readFully(utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** What lies between position and limit, which stay. */
    static void writeBuffer(ByteBuffer bytes, DataOutputView out) throws IOException {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        writeLength(array.length, out);
        out.write(array, 0, array.length);
    }

    static ByteBuffer readBuffer(DataInputView in) throws IOException {
        byte[] bytes = new byte[readLength(in)];
        in.readFully(bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }

    static void writeFloatList(List<Float> values, DataOutputView out) throws IOException {
        writeLength(values.size(), out);
        for (Float value : values) {
            out.writeFloat(value);
        }
    }

    static List<Float> readFloatList(DataInputView in) throws IOException {
        int size = readLength(in);
        if (size == 0) {
            return List.of();
        }
        List<Float> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(in.readFloat());
        }
        return values;
    }

    static void writeTextMap(Map<String, String> texts, DataOutputView out) throws IOException {
        writeLength(texts.size(), out);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            writeUtf8(text.getKey(), out);
            writeUtf8(text.getValue(), out);
        }
    }

    static Map<String, String> readTextMap(DataInputView in) throws IOException {
        int size = readLength(in);
        if (size == 0) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>(size * 2);
        for (int i = 0; i < size; i++) {
            texts.put(readUtf8(in), readUtf8(in));
        }
        return texts;
    }

    /** One byte up to 127, each further one for seven bits more. */
    private static void writeLength(int length, DataOutputView out) throws IOException {
        int rest = length;
        for (; rest > 0x7F; rest >>>= LENGTH_BITS) {
            out.writeByte(rest | 0x80);
        }
        out.writeByte(rest);
    }

    private static int readLength(DataInputView in) throws IOException {
        int part = in.readByte();
        int length = part & 0x7F;
        for (int shift = LENGTH_BITS; part < 0; shift += LENGTH_BITS) {
            part = in.readByte();
            length |= (part & 0x7F) << shift;
        }
        return length;
    }
}
