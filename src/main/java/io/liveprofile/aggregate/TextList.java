package io.liveprofile.aggregate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * An immutable list of texts in one array: each its length in bytes and its UTF-8 bytes, as Avro writes a string (Avro
 * specification 1.12, "Binary encoding"). A list costs one object and one piece of memory however many texts it has, and
 * goes to the wire as it is.
 */
public final class TextList {
    public static final TextList EMPTY = new TextList(new byte[0], 0);

    /** Most bytes that {@link #encodeShortened} makes. */
    static final int MAX_TEXT_BYTES = 256 * 3 + 2;

    private static final int MAX_TEXT_LENGTH = 256;
    private static final int LENGTH_BITS = 7;

    private final byte[] encoded;
    private final int size;

    private TextList(byte[] encoded, int size) {
        this.encoded = encoded;
        this.size = size;
    }

    public static TextList of(List<String> texts) {
        TextList list = EMPTY;
        for (int i = texts.size() - 1; i >= 0; i--) {
            list = list.with(0, encode(texts.get(i)), texts.size());
        }
        return list;
    }

    /** A text as a list holds it. */
    public static byte[] encode(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length << 1; // zig-zag of what is not negative
        int lengthBytes = 1;
        for (int rest = length >>> LENGTH_BITS; rest != 0; rest >>>= LENGTH_BITS) {
            lengthBytes++;
        }
        byte[] encoded = new byte[lengthBytes + utf8.length];
        int at = 0;
        for (; length > 0x7F; length >>>= LENGTH_BITS) {
            encoded[at++] = (byte) (length | 0x80);
        }
        encoded[at++] = (byte) length;
        System.arraycopy(utf8, 0, encoded, at, utf8.length);
        return encoded;
    }

    /** A text as a list holds it, without what goes beyond 256 characters. */
    public static byte[] encodeShortened(String text) {
        return encode(shortened(text));
    }

    /** The first 256 characters; one less where they would end in half a surrogate pair, which has no UTF-8. */
    static String shortened(String text) {
        if (text.length() <= MAX_TEXT_LENGTH) {
            return text;
        }
        boolean cutsPair = Character.isHighSurrogate(text.charAt(MAX_TEXT_LENGTH - 1))
                && Character.isLowSurrogate(text.charAt(MAX_TEXT_LENGTH));
        return text.substring(0, cutsPair ? MAX_TEXT_LENGTH - 1 : MAX_TEXT_LENGTH);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** All texts as Avro writes them one after another. The caller must not change the array. */
    public byte[] encoded() {
        return encoded;
    }

    /** Where text number {@code index} begins in {@link #encoded}; its end for {@code index} = size. */
    public int offset(int index) {
        int at = 0;
        for (int i = 0; i < index; i++) {
            at = end(at);
        }
        return at;
    }

    /** Where the text that begins at {@code offset} of {@link #encoded} ends. */
    public int end(int offset) {
        int at = offset;
        int length = 0;
        int shift = 0;
        int part;
        do {
            part = encoded[at++];
            length |= (part & 0x7F) << shift;
            shift += LENGTH_BITS;
        } while (part < 0);
        return at + (length >>> 1);
    }

    /** Position of an {@link #encode encoded} text, or -1. */
    int indexOf(byte[] text) {
        int at = 0;
        for (int i = 0; i < size; i++) {
            int end = end(at);
            if (end - at == text.length && Arrays.equals(encoded, at, end, text, 0, text.length)) {
                return i;
            }
            at = end;
        }
        return -1;
    }

    /** This list with an {@link #encode encoded} text put in at {@code index}, cut to the first {@code most} texts. */
    TextList with(int index, byte[] text, int most) {
        int at = offset(index);
        int end = size < most ? encoded.length : offset(most - 1);
        byte[] longer = new byte[end + text.length];
        System.arraycopy(encoded, 0, longer, 0, at);
        System.arraycopy(text, 0, longer, at, text.length);
        System.arraycopy(encoded, at, longer, at + text.length, end - at);
        return new TextList(longer, Math.min(size + 1, most));
    }

    /** This list without text number {@code index}. */
    TextList without(int index) {
        int start = offset(index);
        int end = end(start);
        byte[] shorter = new byte[encoded.length - (end - start)];
        System.arraycopy(encoded, 0, shorter, 0, start);
        System.arraycopy(encoded, end, shorter, start, encoded.length - end);
        return new TextList(shorter, size - 1);
    }

    /** The first {@code most} texts. */
    TextList first(int most) {
        return size <= most ? this : new TextList(Arrays.copyOf(encoded, offset(most)), most);
    }

    /** This list with the text at {@code from} moved up to {@code to}, which lies before it. */
    TextList moved(int from, int to) {
        int before = offset(to);
        int start = offset(from);
        int end = end(start);
        byte[] moved = encoded.clone();
        System.arraycopy(encoded, start, moved, before, end - start);
        System.arraycopy(encoded, before, moved, before + end - start, start - before);
        return new TextList(moved, size);
    }

    public List<String> toList() {
        List<String> texts = new ArrayList<>(size);
        int at = 0;
        for (int i = 0; i < size; i++) {
            int end = end(at);
            int start = at;
            while (encoded[start++] < 0) {
                // the bytes of the length
            }
            texts.add(new String(encoded, start, end - start, StandardCharsets.UTF_8));
            at = end;
        }
        return texts;
    }

    void write(Encoder out) throws IOException {
        out.writeInt(size);
        out.writeInt(encoded.length);
        out.writeFixed(encoded);
    }

    static TextList read(Decoder in) throws IOException {
        int size = in.readInt();
        byte[] encoded = new byte[in.readInt()];
        in.readFixed(encoded);
        return new TextList(encoded, size);
    }

    /** What {@link #encoded} and {@link #size} gave. */
    public static TextList ofEncoded(byte[] encoded, int size) {
        return size == 0 ? EMPTY : new TextList(encoded, size);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextList list && Arrays.equals(list.encoded, encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return toList().toString();
    }
}
