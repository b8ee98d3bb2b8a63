package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Stands in for the profile job: counts events per user, publishes each count as a profile, counts undecodable bytes as
 * dead letters and writes them to their topic. Its counters are restored with its state, as the real job's are.
 */
final class TestingJob implements LiveJob {
    /** A record whose first byte this is fails the job, every time. */
    static final byte POISON = 66;

    private final boolean losesOne;

    /** @param losesOne whether one event is read and then forgotten */
    TestingJob(boolean losesOne) {
        this.losesOne = losesOne;
    }

    @Override
    public void define(StreamExecutionEnvironment env, String bootstrapServers) {
        TypeInformation<byte[]> bytes = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        var source = KafkaSource.<byte[]>builder()
                .setBootstrapServers(bootstrapServers)
                .setTopics("behavior-events")
                .setGroupId("testing-job")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setValueOnlyDeserializer(new RawBytes())
                .build();
        var decoded = env.fromSource(source, WatermarkStrategy.noWatermarks(), "events")
                .uid("events-read")
                .process(new Decode(losesOne))
                .uid("events-decode")
                .returns(Types.TUPLE(Types.STRING, Types.STRING, bytes));
        decoded.filter(each -> each.f0.equals("user-profiles"))
                .uid("events-filter")
                .keyBy(each -> each.f1)
                .process(new Publish())
                .uid("profiles-count")
                .returns(Types.TUPLE(Types.STRING, Types.STRING, bytes))
                .union(decoded.filter(each -> each.f0.equals("dead-letters")).uid("letters-filter"))
                .sinkTo(KafkaSink.<Tuple3<String, String, byte[]>>builder()
                        .setBootstrapServers(bootstrapServers)
                        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .setRecordSerializer((KafkaRecordSerializationSchema<
                                        Tuple3<String, String, byte[]>>)
                                (each, context, timestamp) -> new ProducerRecord<>(
                                        each.f0, each.f1.getBytes(StandardCharsets.UTF_8), each.f2))
                        .build())
                .uid("outputs-write");
    }

    static UserProfile profile(String user, long version, long eventTime) {
        return UserProfile.newBuilder()
                .setUserId(user)
                .setVersion(version)
                .setFirstSeenAt(eventTime)
                .setUpdatedAt(eventTime)
                .setIngestedAt(eventTime)
                .setLastEventId("e" + version)
                .setEvents(version)
                .setStatistics(Map.of("views_1h", (double) version))
                .build();
    }

    private static final class RawBytes extends AbstractDeserializationSchema<byte[]> {
        private static final long serialVersionUID = 1L;

        RawBytes() {
            super(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        }

        @Override
        public byte[] deserialize(byte[] message) {
            return message;
        }
    }

    private static final class Decode
            extends ProcessFunction<byte[], Tuple3<String, String, byte[]>>
            implements CheckpointedFunction {
        private static final long serialVersionUID = 1L;
        private final boolean losesOne;
        private transient SingleObject<BehaviorEvent> codec;
        private transient KeptCounter read;
        private transient KeptCounter deadLetters;

        Decode(boolean losesOne) {
            this.losesOne = losesOne;
        }

        @Override
        public void open(OpenContext context) {
            codec = new SingleObject<>(BehaviorEvent.class);
            getRuntimeContext().getMetricGroup().addGroup("liveprofile").gauge("release", (Gauge<String>) () -> "r-0007");
        }

        @Override
        public void processElement(
                byte[] value, Context context, Collector<Tuple3<String, String, byte[]>> out) {
            if (value.length > 0 && value[0] == POISON) {
                throw new IllegalStateException("poison at the stub");
            }
            read.inc();
            if (losesOne && read.counter.getCount() == 1) {
                return;
            }
            try {
                out.collect(new Tuple3<>(
                        "user-profiles", codec.decode(value).getUserId(), value));
            } catch (IOException | AvroRuntimeException e) {
                deadLetters.inc();
                out.collect(new Tuple3<>("dead-letters", "none", value));
            }
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("liveprofile");
            read = new KeptCounter("read", group, context);
            deadLetters = new KeptCounter("dead-letters", group, context);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            read.snapshot();
            deadLetters.snapshot();
        }
    }

    private static final class Publish
            extends KeyedProcessFunction<
                    String,
                    Tuple3<String, String, byte[]>,
                    Tuple3<String, String, byte[]>>
            implements CheckpointedFunction {
        private static final long serialVersionUID = 1L;
        private transient SingleObject<BehaviorEvent> events;
        private transient SingleObject<UserProfile> profiles;
        private transient ValueState<Long> version;
        private transient KeptCounter profiled;
        private transient KeptCounter published;
        private transient KeptCounter users;
        private transient Histogram latency;

        @Override
        public void open(OpenContext context) {
            events = new SingleObject<>(BehaviorEvent.class);
            profiles = new SingleObject<>(UserProfile.class);
            version = getRuntimeContext().getState(new ValueStateDescriptor<>("version", Types.LONG));
            latency = getRuntimeContext().getMetricGroup().addGroup("liveprofile")
                    .histogram("event-to-profile-millis", new DescriptiveStatisticsHistogram(1000));
        }

        @Override
        public void processElement(
                Tuple3<String, String, byte[]> in,
                Context context,
                Collector<Tuple3<String, String, byte[]>> out)
                throws Exception {
            long next = version.value() == null ? 1 : version.value() + 1;
            if (next == 1) {
                users.inc();
            }
            version.update(next);
            profiled.inc();
            long time = events.decode(in.f2).getEventTime();
            latency.update(Math.max(0, System.currentTimeMillis() - context.timestamp()));
            out.collect(new Tuple3<>(
                    "user-profiles", in.f1, profiles.encode(profile(in.f1, next, time))));
            published.inc();
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("liveprofile");
            profiled = new KeptCounter("profiled", group, context);
            published = new KeptCounter("profiles", group, context);
            users = new KeptCounter("users", group, context);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            profiled.snapshot();
            published.snapshot();
            users.snapshot();
        }
    }

    /** A counter that goes on where the restored state ends. */
    private static final class KeptCounter {
        private final Counter counter;
        private final ListState<Long> state;

        KeptCounter(String name, MetricGroup group, FunctionInitializationContext context) throws Exception {
            counter = group.counter(name);
            state = context.getOperatorStateStore().getListState(new ListStateDescriptor<>(name, Types.LONG));
            for (Long kept : state.get()) {
                counter.inc(kept);
            }
        }

        void inc() {
            counter.inc();
        }

        void snapshot() throws Exception {
            state.update(List.of(counter.getCount()));
        }
    }
}
