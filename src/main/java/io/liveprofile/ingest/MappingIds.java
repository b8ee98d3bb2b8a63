package io.liveprofile.ingest;

import java.nio.charset.StandardCharsets;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Ids for events and outcomes whose source has none: the same for the same row at the same place on every run, different
 * for two rows that are alike (128-bit hash of mapping, rule, row number and row).
 */
final class MappingIds {
    private static final long SEED = 0x6c697665L;
    private static final char END = '\u001f';

    private MappingIds() {}

    static String of(String mapping, String rule, MappingRow row) {
        StringBuilder text = new StringBuilder(128);
        text.append(mapping).append(END).append(rule).append(END).append(row.number());
        for (String value : row.values()) {
            text.append(END).append(value);
        }
        long[] hash = MurmurHash3.hash(text.toString().getBytes(StandardCharsets.UTF_8), SEED);
        StringBuilder id = new StringBuilder(32);
        appendHex(id, hash[0]);
        appendHex(id, hash[1]);
        return id.toString();
    }

    private static void appendHex(StringBuilder id, long bits) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            id.append(Character.forDigit((int) (bits >>> shift) & 15, 16));
        }
    }
}
