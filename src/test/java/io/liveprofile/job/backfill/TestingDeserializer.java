package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Never asked to deserialize anything. */
final class TestingDeserializer implements KafkaRecordDeserializationSchema<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<IngestedRecord> out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TypeInformation<IngestedRecord> getProducedType() {
        return IngestedRecordTypeInfo.INSTANCE;
    }
}
