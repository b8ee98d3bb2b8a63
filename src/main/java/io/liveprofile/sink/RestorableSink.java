package io.liveprofile.sink;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink into Kafka that gets over the transactions of a savepoint which the brokers have forgotten: those are older than
 * transactional.id.expiration.ms, 7 days unless set, or were another cluster's. What they held is committed or lost for long, as
 * with those that are only too old; but on these Flink's own sink fails, and so does each start anew.
 */
final class RestorableSink<T> implements Sink<T>, SupportsWriterState<T, KafkaWriterState>, SupportsCommitter<KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RestorableSink.class);

    private final KafkaSink<T> sink;

    RestorableSink(KafkaSink<T> sink) {
        this.sink = sink;
    }

    /** What it passes everything on to; for tests. */
    KafkaSink<T> sink() {
        return sink;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        return sink.createWriter(context);
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(WriterInitContext context, Collection<KafkaWriterState> state)
            throws IOException {
        return sink.restoreWriter(context, state);
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return sink.getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
        sink.addPostCommitTopology(committables);
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) throws IOException {
        Committer<KafkaCommittable> committer = sink.createCommitter(context);
        return new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
                List<CommitRequest<KafkaCommittable>> wrapped = requests.stream()
                        .<CommitRequest<KafkaCommittable>>map(Request::new)
                        .toList();
                committer.commit(wrapped);
            }

            @Override
            public void close() throws Exception {
                committer.close();
            }
        };
    }

    /** Takes a transaction that is forgotten for one that is too old. */
    private record Request(Committer.CommitRequest<KafkaCommittable> request) implements Committer.CommitRequest<KafkaCommittable> {
        @Override
        public void signalFailedWithUnknownReason(Throwable thrown) {
            if (ExceptionUtils.findThrowable(thrown, InvalidPidMappingException.class).isPresent()) {
                LOG.error("The brokers do not know transaction {} any more: it is older than transactional.id.expiration.ms, or"
                        + " was another cluster's", getCommittable().getTransactionalId());
                request.signalFailedWithKnownReason(thrown);
            } else {
                request.signalFailedWithUnknownReason(thrown);
            }
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable thrown) {
            request.signalFailedWithKnownReason(thrown);
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
