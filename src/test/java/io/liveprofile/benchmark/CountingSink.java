package io.liveprofile.benchmark;

import io.liveprofile.event.EncodedRecord;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Counts the profiles, which come as the broker would get them, and lets them go. */
final class CountingSink implements Sink<EncodedRecord> {
    private static final long serialVersionUID = 1L;

    static final LongAdder PROFILES = new LongAdder();
    static final LongAdder PROFILE_BYTES = new LongAdder();

    @Override
    public SinkWriter<EncodedRecord> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(EncodedRecord record, Context context) {
                PROFILES.increment();
                PROFILE_BYTES.add(record.value().length);
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
