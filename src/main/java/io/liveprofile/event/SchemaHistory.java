package io.liveprofile.event;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Schemas of earlier releases, so that what they wrote stays readable: {@code schemas/history/NAME.1.avsc} and on, complete
 * in themselves, oldest first. A file is added whenever a released schema changes, and never taken away.
 */
public final class SchemaHistory {
    private SchemaHistory() {}

    /** Earlier schemas of a record, oldest first; none for a record that never changed. */
    public static List<Schema> of(Class<?> type) {
        List<Schema> schemas = new ArrayList<>();
        while (true) {
            String name = "/schemas/history/" + type.getSimpleName() + "." + (schemas.size() + 1) + ".avsc";
            try (InputStream file = SchemaHistory.class.getResourceAsStream(name)) {
                if (file == null) {
                    return schemas;
                }
                schemas.add(new Schema.Parser().parse(file));
            } catch (IOException e) {
                throw new IllegalStateException(name + " cannot be read", e);
            }
        }
    }
}
