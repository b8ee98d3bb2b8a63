package io.liveprofile.job.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serialises a record as one version byte and the fields of that version. Versions are never reused: a new
 * field gets a new version, and {@link #read} goes on reading all earlier ones. As the version travels with each record,
 * old state and old in-flight records need no migration.
 *
 * @param <T> a type that is immutable or that no stage changes, so that copies are the object itself
 */
abstract class RecordSerializer<T> extends TypeSerializerSingleton<T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final int version;

    /** @param version that is written, 1 to 127 */
    RecordSerializer(Class<T> type, int version) {
        this.type = type;
        this.version = version;
    }

    /** Writes the fields of the newest version. */
    abstract void write(T record, DataOutputView out) throws IOException;

    /** Reads the fields of any version from 1 to the newest. */
    abstract T read(int version, DataInputView in) throws IOException;

    @Override
    public final void serialize(T record, DataOutputView out) throws IOException {
        out.writeByte(version);
        write(record, out);
    }

    @Override
    public final T deserialize(DataInputView in) throws IOException {
        int found = in.readByte();
        if (found < 1 || found > version) {
            throw new IOException(type.getSimpleName() + " of version " + found + " cannot be read; known are 1 to "
                    + version + ". Was it written by a newer Liveprofile?");
        }
        return read(found, in);
    }

    @Override
    public final T deserialize(T reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public final void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    /** There is no empty record of these types; Flink never calls this for immutable ones but to fill a buffer. */
    @Override
    public final T createInstance() {
        return null;
    }

    @Override
    public final int getLength() {
        return -1;
    }
}
