package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class DistinctOperationTest {
    private static final int K = 16;
    private static final long NOW = 0;
    private static final long ALWAYS = Long.MIN_VALUE;

    private final DistinctOperation distinct = new DistinctOperation(BehaviorEvent::getItemId, K);

    /** Estimates depend on what was seen alone: not on order, on what was forgotten, or on a trip through state. */
    @Property(tries = 100)
    void theOrderOfEventsDoesNotShow(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int values)
            throws IOException {
        Random random = new Random(seed);
        Map<String, Long> lastSeen = new HashMap<>();
        DistinctOperation.LastSeen seen = distinct.create();
        for (int i = 0; i < 800; i++) {
            long time = i * 10L - random.nextInt(2_000);
            String value = "v" + random.nextInt(values);
            lastSeen.merge(value, time, Math::max);
            distinct.add(seen, event(value, time), ALWAYS);
            if (random.nextInt(100) == 0) {
                seen = throughState(seen);
            }
        }
        DistinctOperation.LastSeen sorted = distinct.create();
        lastSeen.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> distinct.add(sorted, event(entry.getKey(), entry.getValue()), ALWAYS));
        for (long since : new long[] {ALWAYS, 1_000, 4_000, 7_000, 7_900, 8_000}) {
            double estimate = distinct.number(seen, since, NOW);
            assertThat(estimate).isEqualTo(Double.valueOf(distinct.number(sorted, since, NOW)));
            long exact = lastSeen.values().stream().filter(time -> time >= since).count();
            if (exact < K) {
                assertThat(estimate).isEqualTo(exact == 0 ? Double.valueOf(Double.NaN) : Double.valueOf(exact));
            }
            assertThat(distinct.number(seen, since, NOW)).as("asked again").isEqualTo(Double.valueOf(estimate));
        }
    }

    @Test
    void everyWindowStaysWithinTheErrorBound() {
        DistinctOperation large = new DistinctOperation(BehaviorEvent::getItemId, DistinctOperation.DEFAULT_K);
        DistinctOperation.LastSeen seen = large.create();
        int values = 200_000;
        for (int i = 0; i < values; i++) {
            large.add(seen, event("item-" + i, i), ALWAYS);
            if (i % 1_000 == 0) {
                large.number(seen, i - 100_000, NOW);
            }
        }
        double error = 3 / Math.sqrt(DistinctOperation.DEFAULT_K - 2);
        for (int window : new int[] {2_000, 20_000, 200_000}) {
            assertThat(large.number(seen, values - window, NOW)).isCloseTo(window, within(error * window));
        }
        assertThat(large.number(seen, values - 1_023, NOW)).isEqualTo(1_023);
        assertThat(large.memoryBytes(seen)).as("twice 16 bytes for each of about k (1 + ln(n / k)) values").isLessThan(300_000);
    }

    private DistinctOperation.LastSeen throughState(DistinctOperation.LastSeen seen) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        distinct.write(seen, ALWAYS, EncoderFactory.get().directBinaryEncoder(bytes, null));
        return distinct.read(1, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }

    private static BehaviorEvent event(String item, long time) {
        BehaviorEvent event = TestingEvents.event("e", EventType.VIEW, time);
        event.setItemId(item);
        return event;
    }
}
