package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.Pseudonymizer;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Shell around {@link EventDecoder}: each broker record becomes an event or a dead letter, none is lost. */
final class KafkaRecordReader implements KafkaRecordDeserializationSchema<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private final EventLimits limits;
    private final String keyset;

    private transient EventDecoder decoder;

    KafkaRecordReader(EventLimits limits, String keyset) {
        this.limits = limits;
        this.keyset = keyset;
    }

    @Override
    public void open(InitializationContext context) {
        decoder = new EventDecoder(limits, Pseudonymizer.ofKeyset(keyset));
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<IngestedRecord> out) {
        out.collect(decoder.decode(
                record.topic(), record.partition(), record.offset(), record.timestamp(), record.key(), record.value()));
    }

    @Override
    public TypeInformation<IngestedRecord> getProducedType() {
        return new AvroTypeInfo<>(IngestedRecord.class);
    }
}
