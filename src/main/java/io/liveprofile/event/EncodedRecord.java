package io.liveprofile.event;

import java.nio.charset.StandardCharsets;

/**
 * A record as the broker keeps it.
 *
 * @param key UTF-8
 * @param value an Avro record in single-object encoding ({@link SingleObject})
 */
public record EncodedRecord(byte[] key, byte[] value) {
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }
}
