package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.Topic;
import io.liveprofile.job.types.EncodedRecordTypeInfo;
import io.liveprofile.sink.KafkaSinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under exactly-once, around the moment between a complete checkpoint and the commit of what was written before it. */
class RecoveredCommitITCase {
    private static final int RECORDS = 100;

    @TempDir
    Path directory;

    private TestingKafka kafka;
    private TestingCluster cluster;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
        CrashingSink.CRASHES.set(0);
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    /** The sources are behind these records by then: nobody would write them again. */
    @Test
    void whatWasNotCommittedWhenItsTaskDiedIsCommittedByTheNext() throws Exception {
        CrashingSink.CRASHES.set(1);
        cluster.submit(job());
        cluster.await("all records", () -> committed().size() >= RECORDS);
        cluster.awaitCheckpoint();
        assertThat(CrashingSink.CRASHES).as("planned crashes that are left").hasValue(0);
        assertThat(committed()).containsExactlyInAnyOrderElementsOf(all());
    }

    /** The next task commits that once more, and its broker refuses it. */
    @Test
    void whatWasCommittedWhenItsTaskDiedIsThereOnce() throws Exception {
        cluster.submit(job());
        cluster.await("all records", () -> committed().size() >= RECORDS);
        cluster.killTaskManager();
        cluster.awaitCheckpoint();
        cluster.awaitCheckpoint();
        assertThat(committed()).containsExactlyInAnyOrderElementsOf(all());
    }

    private static List<String> all() {
        return IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList();
    }

    private List<String> committed() {
        return kafka.records(Topic.USER_PROFILES).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Writes numbers up to {@link #RECORDS}, then none. */
    private StreamExecutionEnvironment job() {
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.configure(env);
        KafkaSinks sinks = new KafkaSinks(kafka.servers(), DeliveryGuarantee.EXACTLY_ONCE, "test", Duration.ofMinutes(15));
        env.fromSource(new DataGeneratorSource<>(number -> number, Long.MAX_VALUE, RateLimiterStrategy.perSecond(500), Types.LONG),
                        WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .filter(number -> number < RECORDS)
                .uid("first")
                .map(number -> new EncodedRecord(bytes(number), bytes(number)))
                .returns(EncodedRecordTypeInfo.INSTANCE)
                .uid("encode")
                .sinkTo(new CrashingSink<>(sinks.profileSinks().profiles()))
                .uid("write");
        return env;
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    /** As the sink it passes everything on to; fails the task instead of committing, as often as is planned. One in a JVM. */
    private static final class CrashingSink<T, C, S> implements Sink<T>, SupportsCommitter<C>, SupportsWriterState<T, S> {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger CRASHES = new AtomicInteger();

        private final Sink<T> sink;

        CrashingSink(Sink<T> sink) {
            this.sink = sink;
        }

        @SuppressWarnings("unchecked")
        private SupportsCommitter<C> committing() {
            return (SupportsCommitter<C>) sink;
        }

        @SuppressWarnings("unchecked")
        private SupportsWriterState<T, S> stateful() {
            return (SupportsWriterState<T, S>) sink;
        }

        @Override
        public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
            return sink.createWriter(context);
        }

        @Override
        public StatefulSinkWriter<T, S> restoreWriter(WriterInitContext context, Collection<S> state) throws IOException {
            return stateful().restoreWriter(context, state);
        }

        @Override
        public SimpleVersionedSerializer<S> getWriterStateSerializer() {
            return stateful().getWriterStateSerializer();
        }

        @Override
        public SimpleVersionedSerializer<C> getCommittableSerializer() {
            return committing().getCommittableSerializer();
        }

        @Override
        public Committer<C> createCommitter(CommitterInitContext context) throws IOException {
            Committer<C> committer = committing().createCommitter(context);
            return new Committer<>() {
                @Override
                public void commit(Collection<CommitRequest<C>> requests) throws IOException, InterruptedException {
                    if (!requests.isEmpty() && CRASHES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new IllegalStateException("failed as planned");
                    }
                    committer.commit(requests);
                }

                @Override
                public void close() throws Exception {
                    committer.close();
                }
            };
        }
    }
}
