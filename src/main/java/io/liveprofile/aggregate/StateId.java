package io.liveprofile.aggregate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** The four bytes that name an aggregate in state. */
final class StateId {
    private StateId() {}

    static void write(int id, Encoder out) throws IOException {
        out.writeFixed(new byte[] {(byte) (id >>> 24), (byte) (id >>> 16), (byte) (id >>> 8), (byte) id});
    }

    static int read(Decoder in) throws IOException {
        byte[] id = new byte[Integer.BYTES];
        in.readFixed(id);
        return ByteBuffer.wrap(id).getInt();
    }
}
