package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.OutcomeDecoder;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Shell around {@link OutcomeDecoder}: each record of labeled-outcomes becomes one ingested record, none is lost. */
final class KafkaOutcomeReader implements KafkaRecordDeserializationSchema<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private final EventLimits limits;
    private final String keyset;

    private transient OutcomeDecoder decoder;

    KafkaOutcomeReader(EventLimits limits, String keyset) {
        this.limits = limits;
        this.keyset = keyset;
    }

    @Override
    public void open(InitializationContext context) {
        decoder = new OutcomeDecoder(limits, Pseudonymizer.ofKeyset(keyset));
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<IngestedRecord> out) {
        out.collect(decoder.decode(
                record.topic(), record.partition(), record.offset(), record.timestamp(), record.key(), record.value()));
    }

    @Override
    public TypeInformation<IngestedRecord> getProducedType() {
        return IngestedRecordTypeInfo.INSTANCE;
    }
}
