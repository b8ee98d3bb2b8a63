package io.liveprofile.aggregate;

import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * A sum of doubles with twice a double's precision (about 106 bits), so that the order in which values are added does not
 * show: whole numbers, such as amounts in minor units and their squares, sum exactly up to 2^106. Without it a user read
 * back from state would differ in the last digit from one that stayed in memory.
 *
 * <p>The sum is {@code high + low} with |low| at most half a unit in the last place of high. Error-free transformations
 * TwoSum (Knuth, "The Art of Computer Programming" vol. 2, sec. 4.2.2, theorem B) and TwoProduct with fused
 * multiply-add; double-double addition and product as in Hida, Li, Bailey, "Algorithms for Quad-Double Precision
 * Floating Point Arithmetic", ARITH 2001, sec. 2.
 */
final class ExactSum {
    private double high;
    private double low;

    void add(double value) {
        add(value, 0);
    }

    void addSquare(double value) {
        double product = value * value;
        add(product, Math.fma(value, value, -product));
    }

    void add(ExactSum other) {
        add(other.high, other.low);
    }

    double value() {
        return high + low;
    }

    /** {@code count × squares - sum²}, which is count × (count - 1) times the sample variance; never below 0. */
    static double scaledVariance(long count, ExactSum sum, ExactSum squares) {
        ExactSum difference = new ExactSum();
        difference.addProduct(squares, count);
        double product = sum.high * sum.high;
        difference.add(-product, -(Math.fma(sum.high, sum.high, -product) + 2 * sum.high * sum.low));
        return Math.max(0, difference.value());
    }

    void write(Encoder out) throws IOException {
        out.writeDouble(high);
        out.writeDouble(low);
    }

    static ExactSum read(Decoder in) throws IOException {
        ExactSum sum = new ExactSum();
        sum.high = in.readDouble();
        sum.low = in.readDouble();
        return sum;
    }

    private void addProduct(ExactSum factor, double other) {
        double product = factor.high * other;
        add(product, Math.fma(factor.high, other, -product) + factor.low * other);
    }

    private void add(double otherHigh, double otherLow) {
        double sum = high + otherHigh;
        double part = sum - high;
        double error = (high - (sum - part)) + (otherHigh - part) + low + otherLow;
        high = sum + error;
        low = error - (high - sum);
    }
}
