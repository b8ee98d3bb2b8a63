package io.liveprofile.sink;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker record of one Avro record: its key as UTF-8, its value in single-object encoding, the broker's own time. */
final class SingleObjectRecord<T extends SpecificRecord> implements KafkaRecordSerializationSchema<T> {
    private static final long serialVersionUID = 1L;

    /** Key of a record; a lambda that can travel to the workers. */
    interface Key<T> extends Function<T, String>, Serializable {}

    private final String topic;
    private final Class<T> type;
    private final Key<T> key;

    private transient SingleObject<T> encoding;

    SingleObjectRecord(Topic topic, Class<T> type, Key<T> key) {
        this.topic = topic.topicName();
        this.type = type;
        this.key = key;
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sinkContext) {
        encoding = new SingleObject<>(type);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T record, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic, null, null, key.apply(record).getBytes(StandardCharsets.UTF_8), encoding.encode(record));
    }
}
