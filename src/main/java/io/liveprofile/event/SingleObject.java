package io.liveprofile.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro single-object encoding (Avro specification 1.12, "Single-object encoding"): two marker bytes, the writer schema's
 * CRC-64-AVRO fingerprint, the body. A message written with any known compatible schema is read; an unknown fingerprint
 * is a {@link org.apache.avro.message.MissingSchemaException}, other broken bytes a
 * {@link org.apache.avro.message.BadHeaderException} or another {@link IOException}.
 *
 * <p>One instance a thread.
 *
 * @param <T> generated record type
 */
public final class SingleObject<T extends SpecificRecord> {
    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    /**
     * @param type the generated record type
     * @param olderSchemas schemas of earlier writers that must stay readable
     */
    public SingleObject(Class<T> type, List<Schema> olderSchemas) {
        SpecificData data = SpecificData.getForClass(type);
        Schema schema = data.getSchema(type);
        SchemaStore.Cache known = new SchemaStore.Cache();
        known.addSchema(schema);
        olderSchemas.forEach(known::addSchema);
        this.encoder = new BinaryMessageEncoder<>(data, schema);
        this.decoder = new BinaryMessageDecoder<>(data, schema, known);
    }

    public SingleObject(Class<T> type) {
        this(type, List.of());
    }

    public byte[] encode(T record) {
        try {
            ByteBuffer bytes = encoder.encode(record);
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (IOException e) {
            throw new IllegalStateException("Encoding to memory failed", e);
        }
    }

    public T decode(byte[] message) throws IOException {
        return decoder.decode(message, null);
    }
}
