package io.liveprofile.aggregate;

import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * A sum of doubles with twice a double's precision ({@link DoubleDouble}) in two cells, so that the order in which values
 * are added does not show: whole numbers, such as amounts in minor units and their squares, sum exactly up to 2^106.
 * Without it a user read back from state would differ in the last digit from one that stayed in memory.
 */
final class ExactSum {
    /** Cells of a sum: the bits of high, the bits of low. Both 0 = the sum of nothing. */
    static final int CELLS = 2;

    private ExactSum() {}

    static void clear(long[] cells, int at) {
        cells[at] = 0;
        cells[at + 1] = 0;
    }

    static void add(long[] cells, int at, double value) {
        add(cells, at, DoubleDouble.of(value));
    }

    static void add(long[] cells, int at, DoubleDouble value) {
        put(cells, at, get(cells, at).plus(value));
    }

    static void merge(long[] cells, int at, long[] other, int otherAt) {
        add(cells, at, get(other, otherAt));
    }

    static double value(long[] cells, int at) {
        return get(cells, at).high();
    }

    static DoubleDouble get(long[] cells, int at) {
        return new DoubleDouble(Double.longBitsToDouble(cells[at]), Double.longBitsToDouble(cells[at + 1]));
    }

    static void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeDouble(Double.longBitsToDouble(cells[at]));
        out.writeDouble(Double.longBitsToDouble(cells[at + 1]));
    }

    static void read(long[] cells, int at, Decoder in) throws IOException {
        put(cells, at, new DoubleDouble(in.readDouble(), in.readDouble()));
    }

    private static void put(long[] cells, int at, DoubleDouble value) {
        cells[at] = Double.doubleToRawLongBits(value.high());
        cells[at + 1] = Double.doubleToRawLongBits(value.low());
    }
}
