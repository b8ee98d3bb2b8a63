package io.liveprofile.benchmark;

import java.util.SplittableRandom;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** The least any keyed job can do: one read and one write of a 512-byte value of state an event. */
final class Floor<T> extends KeyedProcessFunction<String, T, Void> {
    static final int BYTES = 512;

    private static final long serialVersionUID = 1L;

    /** Key: user. 512 bytes that do not compress. Never cleared. */
    private transient ValueState<byte[]> state;

    private Floor() {}

    static <T> void define(DataStream<T> stream, KeySelector<T, String> user) {
        stream.keyBy(user, Types.STRING)
                .process(new Floor<>(), Types.VOID)
                .uid("benchmark-floor")
                .name("floor")
                .sinkTo(new DiscardingSink<>())
                .uid("benchmark-discard");
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(
                new ValueStateDescriptor<>("floor", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void processElement(T element, Context context, Collector<Void> out) throws Exception {
        byte[] value = state.value();
        if (value == null) {
            value = new byte[BYTES];
            new SplittableRandom(context.getCurrentKey().hashCode()).nextBytes(value);
        }
        value[0]++;
        state.update(value);
        Processed.EVENTS.increment();
    }
}
