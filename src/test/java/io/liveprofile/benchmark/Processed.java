package io.liveprofile.benchmark;

import io.liveprofile.event.EncodedRecord;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * What the jobs of this JVM have processed, and the sinks that count it. Of the product's jobs these are updates, those of silent
 * users too; their events are counted by the product.
 */
final class Processed {
    static final LongAdder EVENTS = new LongAdder();
    static final LongAdder LATE = new LongAdder();
    static final LongAdder PROFILE_BYTES = new LongAdder();

    private Processed() {}

    /** Counts the records and lets them go. */
    static <T> Sink<T> discard() {
        return new Discard<>(false);
    }

    /** Counts what came too late. */
    static <T> Sink<T> late() {
        return new Discard<>(true);
    }

    /** Counts the profiles, which come as the broker would get them, and lets them go. */
    static Sink<EncodedRecord> profiles() {
        return new Profiles();
    }

    private abstract static class Counter<T> implements SinkWriter<T> {
        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }

    private static final class Discard<T> implements Sink<T> {
        private static final long serialVersionUID = 1L;

        private final boolean isLate;

        private Discard(boolean isLate) {
            this.isLate = isLate;
        }

        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) {
            LongAdder counter = isLate ? LATE : EVENTS;
            return new Counter<>() {
                @Override
                public void write(T record, Context context) {
                    counter.increment();
                }
            };
        }
    }

    private static final class Profiles implements Sink<EncodedRecord> {
        private static final long serialVersionUID = 1L;

        @Override
        public SinkWriter<EncodedRecord> createWriter(WriterInitContext context) {
            return new Counter<>() {
                @Override
                public void write(EncodedRecord record, Context context) {
                    EVENTS.increment();
                    PROFILE_BYTES.add(record.value().length);
                }
            };
        }
    }
}
