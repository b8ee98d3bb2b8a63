package io.liveprofile.job;

import io.liveprofile.config.ConfigText;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Shell around {@link EventDecoder}: each broker record becomes at least one ingested record, none is lost. */
final class KafkaRecordReader implements KafkaRecordDeserializationSchema<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private final EventLimits limits;
    private final String keyset;
    /** Null: values are Avro. */
    private final ConfigText mapping;
    private final EventSpan span;

    private transient EventDecoder decoder;

    /** @param span what is counted; the rest is skipped as outside of it */
    KafkaRecordReader(EventLimits limits, String keyset, ConfigText mapping, EventSpan span) {
        this.limits = limits;
        this.keyset = keyset;
        this.mapping = mapping;
        this.span = span;
    }

    @Override
    public void open(InitializationContext context) {
        Pseudonymizer pseudonymizer = Pseudonymizer.ofKeyset(keyset);
        EventDecoder all = mapping == null
                ? EventDecoder.avro(limits, pseudonymizer)
                : EventDecoder.mapped(limits, pseudonymizer, Mapping.parse(mapping.file(), mapping.text()));
        decoder = all.within(span);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<IngestedRecord> out) {
        decoder.decode(record.topic(), record.partition(), record.offset(), record.timestamp(), record.key(), record.value())
                .forEach(out::collect);
    }

    @Override
    public TypeInformation<IngestedRecord> getProducedType() {
        return IngestedRecordTypeInfo.INSTANCE;
    }
}
