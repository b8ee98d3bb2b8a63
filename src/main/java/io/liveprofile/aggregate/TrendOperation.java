package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * How another operation's statistic of a window compares with that of the window of equal length before it:
 * {@code (this - before) / (|this| + |before|)}, from -1 (it fell to nothing) over 0 (as before) to 1 (there was nothing
 * before). The window before is {@code [floor(now - 2 length, hop), floor(now - length, hop))}. Partial: the other
 * operation's. As exact as it is.
 */
final class TrendOperation extends PartialOperation<long[]> {
    private static final int OBJECT_BYTES = 16;

    private final TiledOperation inner;

    TrendOperation(TiledOperation inner) {
        this.inner = inner;
    }

    @Override
    boolean comparesWithBefore() {
        return true;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return inner.accepts(event);
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    long[] create() {
        long[] cells = new long[inner.cells() + 1];
        inner.clear(cells, 0);
        return cells;
    }

    @Override
    void add(long[] cells, BehaviorEvent event) {
        cells[inner.cells()]++;
        inner.add(cells, 0, event);
    }

    @Override
    void merge(long[] cells, long[] later) {
        cells[inner.cells()] += later[inner.cells()];
        inner.merge(cells, 0, later, 0);
    }

    @Override
    void numbers(long[] cells, long[] before, long nowMillis, double[] numbers, int position) {
        double now = number(cells, nowMillis);
        double then = number(before, nowMillis);
        double whole = Math.abs(now) + Math.abs(then);
        numbers[position] = whole > 0 ? (now - then) / whole : Double.NaN;
    }

    @Override
    void write(long[] cells, Encoder out) throws IOException {
        out.writeLong(cells[inner.cells()]);
        inner.write(cells, 0, out);
    }

    @Override
    long[] read(int format, Decoder in) throws IOException {
        long[] cells = create();
        cells[inner.cells()] = in.readLong();
        inner.read(format, cells, 0, in);
        return cells;
    }

    @Override
    int maxBytes() {
        return inner.maxBytes() + 10;
    }

    @Override
    int memoryBytes(long[] cells) {
        return OBJECT_BYTES + cells.length * Long.BYTES;
    }

    private double number(long[] cells, long nowMillis) {
        boolean isEmpty = cells[inner.cells()] == 0;
        return isEmpty ? inner.whenEmpty() : inner.number(cells, 0, nowMillis);
    }
}
