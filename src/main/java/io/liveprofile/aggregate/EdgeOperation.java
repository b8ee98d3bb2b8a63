package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Number that the oldest or the newest event carries; of two events at one time the smaller number is the older. Partial:
 * that event's time and number. Exact.
 */
final class EdgeOperation extends TiledOperation {
    private static final int VALUE = 1;

    private final ToDoubleFunction<BehaviorEvent> field;
    private final boolean isLast;

    private EdgeOperation(ToDoubleFunction<BehaviorEvent> field, boolean isLast) {
        this.field = field;
        this.isLast = isLast;
    }

    static EdgeOperation first(ToDoubleFunction<BehaviorEvent> field) {
        return new EdgeOperation(field, false);
    }

    static EdgeOperation last(ToDoubleFunction<BehaviorEvent> field) {
        return new EdgeOperation(field, true);
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    int cells() {
        return 2;
    }

    @Override
    void clear(long[] cells, int at) {
        put(cells, at, isLast ? Long.MIN_VALUE : Long.MAX_VALUE, isLast ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }

    @Override
    void add(long[] cells, int at, BehaviorEvent event) {
        choose(cells, at, event.getEventTime(), field.applyAsDouble(event));
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        choose(cells, at, other[otherAt], value(other, otherAt));
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return value(cells, at);
    }

    @Override
    void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeLong(cells[at]);
        out.writeDouble(value(cells, at));
    }

    @Override
    void read(int format, long[] cells, int at, Decoder in) throws IOException {
        put(cells, at, in.readLong(), in.readDouble());
    }

    private void choose(long[] cells, int at, long time, double value) {
        int order = time == cells[at] ? Double.compare(value, value(cells, at)) : Long.compare(time, cells[at]);
        if (isLast ? order > 0 : order < 0) {
            put(cells, at, time, value);
        }
    }

    private static double value(long[] cells, int at) {
        return Double.longBitsToDouble(cells[at + VALUE]);
    }

    private static void put(long[] cells, int at, long time, double value) {
        cells[at] = time;
        cells[at + VALUE] = Double.doubleToRawLongBits(value);
    }
}
