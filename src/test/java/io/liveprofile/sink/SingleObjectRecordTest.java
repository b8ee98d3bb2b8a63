package io.liveprofile.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.Topic;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.Test;

class SingleObjectRecordTest {
    private final Counter tooLarge = new SimpleCounter();

    /** The producer would refuse it again after each restart. */
    @Test
    void whatItsTopicCannotHoldIsCountedAndLeftOut() {
        SingleObjectRecord<DeadLetter> records =
                new SingleObjectRecord<>(Topic.DEAD_LETTERS, DeadLetter.class, letter -> "place");
        records.open(new TestingContext(), null);
        int around = records.serialize(letter(Topic.MAX_MESSAGE_BYTES / 2), null, null).value().length + "place".length()
                - Topic.MAX_MESSAGE_BYTES / 2;
        assertThat(records.serialize(letter(Topic.MAX_RECORD_BYTES - around), null, null).value()).as("just fits")
                .hasSize(Topic.MAX_RECORD_BYTES - "place".length());
        assertThat(tooLarge.getCount()).isZero();
        assertThat(records.serialize(letter(Topic.MAX_RECORD_BYTES - around + 1), null, null)).isNull();
        assertThat(tooLarge.getCount()).isEqualTo(1);
    }

    private static DeadLetter letter(int bytes) {
        return new DeadLetter("t", 0, 0L, "broken-value", "detail", null, ByteBuffer.allocate(bytes));
    }

    private final class TestingContext implements InitializationContext {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup() {
                @Override
                public MetricGroup addGroup(String name) {
                    return this;
                }

                @Override
                public <C extends Counter> C counter(String name, C counter) {
                    return counter;
                }

                @Override
                public Counter counter(String name) {
                    assertThat(name).isEqualTo("records-too-large");
                    return tooLarge;
                }
            };
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            throw new IllegalStateException("nobody asks for it");
        }
    }
}
