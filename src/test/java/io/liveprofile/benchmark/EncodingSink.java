package io.liveprofile.benchmark;

import io.liveprofile.event.SingleObject;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Encodes each record as the Kafka sink does, and lets it go. */
final class EncodingSink<T extends SpecificRecord> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    EncodingSink(Class<T> type) {
        this.type = type;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        SingleObject<T> encoding = new SingleObject<>(type);
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context context) {
                encoding.encode(record);
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
