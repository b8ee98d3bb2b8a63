package io.liveprofile.sink;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.metrics.Ledger;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker record of one Avro record: its key as UTF-8, its value in single-object encoding, the broker's own time. One that is
 * larger than its topic takes is counted and left out: the producer would refuse it again after each restart.
 */
final class SingleObjectRecord<T extends SpecificRecord> implements KafkaRecordSerializationSchema<T> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SingleObjectRecord.class);

    /** Key of a record; a lambda that can travel to the workers. */
    interface Key<T> extends Function<T, String>, Serializable {}

    private final String topic;
    private final Class<T> type;
    private final Key<T> key;

    private transient SingleObject<T> encoding;
    private transient Counter tooLarge;

    SingleObjectRecord(Topic topic, Class<T> type, Key<T> key) {
        this.topic = topic.topicName();
        this.type = type;
        this.key = key;
    }

    @Override
    public void open(InitializationContext context, KafkaSinkContext sinkContext) {
        encoding = new SingleObject<>(type);
        tooLarge = context.getMetricGroup().addGroup(Ledger.GROUP).counter(KafkaSinks.TOO_LARGE);
    }

    /** Null, which the sink passes over, when it is too large. */
    @Override
    public ProducerRecord<byte[], byte[]> serialize(T record, KafkaSinkContext context, Long timestamp) {
        byte[] keyBytes = key.apply(record).getBytes(StandardCharsets.UTF_8);
        byte[] value = encoding.encode(record);
        if (keyBytes.length + value.length > Topic.MAX_RECORD_BYTES) {
            tooLarge.inc();
            LOG.warn("A {} of {} bytes is not written: {} takes {}", type.getSimpleName(), keyBytes.length + value.length, topic,
                    Topic.MAX_RECORD_BYTES);
            return null;
        }
        return new ProducerRecord<>(topic, null, null, keyBytes, value);
    }
}
