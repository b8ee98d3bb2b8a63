package io.liveprofile.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
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
    static {
        // A length that bytes merely claim must not be allocated; Avro reads these once, and a value set elsewhere stands.
        limit("string", 4 << 20);
        limit("bytes", 16 << 20);
        limit("collectionItems", 100_000);
    }

    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final int TYPICAL_BYTES = 2_048;

    private final byte[] header;
    private final SpecificDatumWriter<T> writer;
    private final BinaryMessageDecoder<T> decoder;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(TYPICAL_BYTES);
    private BinaryEncoder encoder;

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
        // Generated code writes the fields; through reflection-like access a profile costs twice as much.
        data.setCustomCoders(true);
        this.header = header(schema);
        this.writer = new SpecificDatumWriter<>(schema, data);
        this.decoder = new BinaryMessageDecoder<>(data, schema, known);
    }

    /** Reads whatever an earlier release wrote, see {@link SchemaHistory}: state and topics outlive a schema. */
    public SingleObject(Class<T> type) {
        this(type, SchemaHistory.of(type));
    }

    public byte[] encode(T record) {
        try {
            message.reset();
            message.write(header, 0, header.length);
            encoder = EncoderFactory.get().binaryEncoder(message, encoder);
            writer.write(record, encoder);
            encoder.flush();
            return message.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Encoding to memory failed", e);
        }
    }

    public T decode(byte[] message) throws IOException {
        return decoder.decode(message, null);
    }

    private static void limit(String what, int most) {
        String property = "org.apache.avro.limits." + what + ".maxLength";
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(most));
        }
    }

    /** The bytes that stand before every record of {@code schema}. */
    public static byte[] header(Schema schema) {
        return ByteBuffer.allocate(MARKER.length + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }
}
