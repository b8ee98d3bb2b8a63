package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecentIdsTest {
    private static final long DEDUPE = 1_000;

    private RecentIds ids = new RecentIds();
    private long clock = RecentIds.NEVER;

    @Test
    void aRepeatIsToldWithinTheDedupeTimeAndNotAfter() {
        assertThat(add("a", 10_000)).isTrue();
        assertThat(add("b", 10_500)).isTrue();
        assertThat(add("a", 11_000)).as("1,000 ms later").isFalse();
        assertThat(add("a", 11_001)).as("1,001 ms later").isTrue();
    }

    @Test
    void beyondTheMostAllowedTheOldestIsForgotten() {
        for (int i = 0; i < 5; i++) {
            assertThat(ids.add("id" + i, 100, 100, DEDUPE, 5)).isTrue();
        }
        assertThat(ids.add("id5", 100, 100, DEDUPE, 5)).isTrue();
        assertThat(ids.size()).isEqualTo(5);
        assertThat(ids.add("id1", 100, 100, DEDUPE, 5)).isFalse();
        assertThat(ids.add("id0", 100, 100, DEDUPE, 5)).isTrue();
    }

    @Test
    void stateBringsAllBack() throws IOException {
        for (int i = 0; i < 20; i++) {
            add("id" + i, 1_000 + i * 7);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        ids.write(encoder);
        ids = RecentIds.read(DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        for (int i = 0; i < 20; i++) {
            assertThat(add("id" + i, 1_200)).isFalse();
        }
        assertThat(add("new", 1_200)).isTrue();
    }

    private boolean add(String id, long time) {
        long before = clock;
        clock = Math.max(clock, time);
        return ids.add(id, time, before, DEDUPE, 100);
    }
}
