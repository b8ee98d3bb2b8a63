package io.liveprofile.job;

import io.liveprofile.event.SingleObject;
import io.liveprofile.metrics.Ledger;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of a topic that only the jobs write. What cannot be read, as no job writes it, is counted and left out.
 *
 * @param <T> generated record type
 */
final class KafkaAvroReader<T extends SpecificRecordBase> implements KafkaRecordDeserializationSchema<T> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(KafkaAvroReader.class);

    private final Class<T> type;
    private final String brokenCount;

    private transient SingleObject<T> encoding;
    private transient Counter broken;

    /** @param brokenCount metric of what could not be read */
    KafkaAvroReader(Class<T> type, String brokenCount) {
        this.type = type;
        this.brokenCount = brokenCount;
    }

    @Override
    public void open(InitializationContext context) {
        encoding = new SingleObject<>(type);
        broken = context.getMetricGroup().addGroup(Ledger.GROUP).counter(brokenCount);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
        try {
            out.collect(encoding.decode(record.value()));
        } catch (IOException | RuntimeException e) {
            broken.inc();
            LOG.warn("{}-{} offset {} is no {}", record.topic(), record.partition(), record.offset(), type.getSimpleName());
        }
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return new AvroTypeInfo<>(type);
    }
}
