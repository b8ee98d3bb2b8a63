package io.liveprofile.event;

import org.apache.avro.io.BinaryEncoder;

/**
 * Avro's binary encoding into one growing array ({@link AvroBytes}), for what writes to an {@code Encoder}. A user's state
 * takes a fifth of the time that Avro's unbuffered encoder takes.
 */
public final class ByteArrayEncoder extends BinaryEncoder {
    private final AvroBytes bytes = new AvroBytes();

    public void reset() {
        bytes.reset();
    }

    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** Everything written so far as one value of bytes: its length and itself. */
    public void writeTo(ByteArrayEncoder out) {
        out.bytes.writeLong(bytes.size());
        bytes.writeTo(out.bytes);
    }

    @Override
    public void writeBoolean(boolean value) {
        bytes.writeBoolean(value);
    }

    @Override
    public void writeInt(int value) {
        bytes.writeLong(value);
    }

    @Override
    public void writeLong(long value) {
        bytes.writeLong(value);
    }

    @Override
    public void writeFloat(float value) {
        bytes.writeFloat(value);
    }

    @Override
    public void writeDouble(double value) {
        bytes.writeDouble(value);
    }

    @Override
    public void writeFixed(byte[] value, int start, int length) {
        bytes.writeEncoded(value, start, start + length);
    }

    @Override
    protected void writeZero() {
        bytes.writeLong(0);
    }

    @Override
    public int bytesBuffered() {
        return 0;
    }

    @Override
    public void flush() {}
}
