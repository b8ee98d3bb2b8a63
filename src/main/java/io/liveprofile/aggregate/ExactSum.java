package io.liveprofile.aggregate;

import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * A sum of doubles with twice a double's precision (about 106 bits) in two cells, so that the order in which values are
 * added does not show: whole numbers, such as amounts in minor units and their squares, sum exactly up to 2^106. Without
 * it a user read back from state would differ in the last digit from one that stayed in memory.
 *
 * <p>The sum is {@code high + low} with |low| at most half a unit in the last place of high. Error-free transformations
 * TwoSum (Knuth, "The Art of Computer Programming" vol. 2, sec. 4.2.2, theorem B) and TwoProduct with fused
 * multiply-add; double-double addition and product as in Hida, Li, Bailey, "Algorithms for Quad-Double Precision
 * Floating Point Arithmetic", ARITH 2001, sec. 2.
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
        add(cells, at, value, 0);
    }

    static void addSquare(long[] cells, int at, double value) {
        double product = value * value;
        add(cells, at, product, Math.fma(value, value, -product));
    }

    static void merge(long[] cells, int at, long[] other, int otherAt) {
        add(cells, at, high(other, otherAt), low(other, otherAt));
    }

    static double value(long[] cells, int at) {
        return high(cells, at) + low(cells, at);
    }

    /** {@code count × squares - sum²}, which is count × (count - 1) times the sample variance; never below 0. */
    static double scaledVariance(long count, long[] cells, int sum, int squares) {
        long[] difference = new long[CELLS];
        double scaled = high(cells, squares) * count;
        add(difference, 0, scaled, Math.fma(high(cells, squares), count, -scaled) + low(cells, squares) * count);
        double high = high(cells, sum);
        double square = high * high;
        add(difference, 0, -square, -(Math.fma(high, high, -square) + 2 * high * low(cells, sum)));
        return Math.max(0, value(difference, 0));
    }

    static void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeDouble(high(cells, at));
        out.writeDouble(low(cells, at));
    }

    static void read(long[] cells, int at, Decoder in) throws IOException {
        put(cells, at, in.readDouble(), in.readDouble());
    }

    private static void add(long[] cells, int at, double otherHigh, double otherLow) {
        double high = high(cells, at);
        double sum = high + otherHigh;
        double part = sum - high;
        double error = (high - (sum - part)) + (otherHigh - part) + low(cells, at) + otherLow;
        double newHigh = sum + error;
        put(cells, at, newHigh, error - (newHigh - sum));
    }

    private static double high(long[] cells, int at) {
        return Double.longBitsToDouble(cells[at]);
    }

    private static double low(long[] cells, int at) {
        return Double.longBitsToDouble(cells[at + 1]);
    }

    private static void put(long[] cells, int at, double high, double low) {
        cells[at] = Double.doubleToRawLongBits(high);
        cells[at + 1] = Double.doubleToRawLongBits(low);
    }
}
