package io.liveprofile.job.types;

import io.liveprofile.aggregate.TextList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** How field types are written: a four-byte count before what repeats, Flink's string form (null allowed) for text. */
final class FieldCoding {
    private static final float[] NO_FLOATS = {};

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
}
