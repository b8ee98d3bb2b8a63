package io.liveprofile.benchmark;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import java.util.concurrent.atomic.LongAdder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Encodes each record as the Kafka sink does, counts it if it is a profile, and lets it go. */
final class CountingSink<T extends SpecificRecord> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    static final LongAdder PROFILES = new LongAdder();
    static final LongAdder PROFILE_BYTES = new LongAdder();

    private final Class<T> type;

    CountingSink(Class<T> type) {
        this.type = type;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        SingleObject<T> encoding = new SingleObject<>(type);
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context context) {
                byte[] bytes = encoding.encode(record);
                if (type == UserProfile.class) {
                    PROFILES.increment();
                    PROFILE_BYTES.add(bytes.length);
                }
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
