package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * A statistic of the shape of a field's distribution. Partial: count and the sums of the first {@code order} powers. The
 * sums have twice a double's precision and so has the arithmetic on them, so the subtractions behind a central moment do
 * not cancel ({@link ExactSum}, {@link DoubleDouble}).
 */
abstract class MomentOperation extends NumericOperation {
    private static final int SUMS = 1;
    private static final double EXACT_BELOW = 0x1p106;
    /** Share of a sum that adding one more number to it may get wrong. */
    private static final double ROUNDING = 0x1p-104;

    private final int order;

    MomentOperation(ToDoubleFunction<BehaviorEvent> field, int order) {
        super(field);
        this.order = order;
    }

    /** Sample variance, with n - 1 in the denominator; missing below two values. */
    static final class Variance extends MomentOperation {
        Variance(ToDoubleFunction<BehaviorEvent> field) {
            super(field, 2);
        }

        @Override
        double number(long[] cells, int at, long nowMillis) {
            double count = cells[at];
            return count < 2 ? Double.NaN : secondMoment(cells, at).high() / (count * (count - 1));
        }
    }

    /** Sample standard deviation, with n - 1 in the denominator; missing below two values. */
    static final class StandardDeviation extends MomentOperation {
        StandardDeviation(ToDoubleFunction<BehaviorEvent> field) {
            super(field, 2);
        }

        @Override
        double number(long[] cells, int at, long nowMillis) {
            double count = cells[at];
            return count < 2 ? Double.NaN : Math.sqrt(secondMoment(cells, at).high() / (count * (count - 1)));
        }
    }

    /**
     * Skewness {@code m3 / m2^1.5}, m being central moments (g1 of Joanes, Gill, "Comparing measures of sample skewness and
     * kurtosis", The Statistician 47, 1998, sec. 1); missing when all values are equal.
     */
    static final class Skewness extends MomentOperation {
        Skewness(ToDoubleFunction<BehaviorEvent> field) {
            super(field, 3);
        }

        @Override
        double number(long[] cells, int at, long nowMillis) {
            double second = secondMoment(cells, at).high();
            return second == 0 ? Double.NaN : thirdMoment(cells, at).high() / (second * Math.sqrt(second));
        }
    }

    /** Excess kurtosis {@code m4 / m2² - 3} (g2, as above), 0 for a normal distribution; missing when all values are equal. */
    static final class Kurtosis extends MomentOperation {
        Kurtosis(ToDoubleFunction<BehaviorEvent> field) {
            super(field, 4);
        }

        @Override
        double number(long[] cells, int at, long nowMillis) {
            double second = secondMoment(cells, at).high();
            return second == 0 ? Double.NaN : fourthMoment(cells, at).high() / (second * second) - 3;
        }
    }

    @Override
    final int cells() {
        return SUMS + order * ExactSum.CELLS;
    }

    @Override
    final void clear(long[] cells, int at) {
        cells[at] = 0;
        for (int power = 1; power <= order; power++) {
            ExactSum.clear(cells, sum(at, power));
        }
    }

    @Override
    final void add(long[] cells, int at, double value) {
        cells[at]++;
        DoubleDouble product = DoubleDouble.of(value);
        for (int power = 1; power <= order; power++) {
            ExactSum.add(cells, sum(at, power), product);
            product = power < order ? product.times(value) : product;
        }
    }

    @Override
    final void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] += other[otherAt];
        for (int power = 1; power <= order; power++) {
            ExactSum.merge(cells, sum(at, power), other, sum(otherAt, power));
        }
    }

    @Override
    final void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeLong(cells[at]);
        for (int power = 1; power <= order; power++) {
            ExactSum.write(cells, sum(at, power), out);
        }
    }

    @Override
    final void read(int format, long[] cells, int at, Decoder in) throws IOException {
        cells[at] = in.readLong();
        for (int power = 1; power <= order; power++) {
            ExactSum.read(cells, sum(at, power), in);
        }
    }

    /**
     * {@code n² m2 = n S2 - S1²}, S being the sums of powers; 0 where it is no more than the sums' own rounding, as of equal
     * values. Sums of whole numbers below 2^106 have none.
     */
    final DoubleDouble secondMoment(long[] cells, int at) {
        DoubleDouble first = power(cells, at, 1);
        DoubleDouble second = power(cells, at, 2);
        DoubleDouble squares = second.times(cells[at]);
        DoubleDouble moment = squares.minus(first.times(first));
        boolean isExact = isWhole(first) && isWhole(second) && squares.high() < EXACT_BELOW;
        double rounding = isExact ? 0 : cells[at] * ROUNDING * squares.high();
        return moment.high() > rounding ? moment : DoubleDouble.of(0);
    }

    /** {@code n³ m3 = n² S3 - 3 n S1 S2 + 2 S1³}. */
    final DoubleDouble thirdMoment(long[] cells, int at) {
        double n = cells[at];
        DoubleDouble first = power(cells, at, 1);
        return power(cells, at, 3).times(n).times(n)
                .minus(first.times(power(cells, at, 2)).times(3 * n))
                .plus(first.times(first).times(first).times(2));
    }

    /** {@code n⁴ m4 = n³ S4 - 4 n² S1 S3 + 6 n S1² S2 - 3 S1⁴}. */
    final DoubleDouble fourthMoment(long[] cells, int at) {
        double n = cells[at];
        DoubleDouble first = power(cells, at, 1);
        DoubleDouble squared = first.times(first);
        return power(cells, at, 4).times(n).times(n).times(n)
                .minus(first.times(power(cells, at, 3)).times(n).times(4 * n))
                .plus(squared.times(power(cells, at, 2)).times(6 * n))
                .minus(squared.times(squared).times(3));
    }

    private static boolean isWhole(DoubleDouble number) {
        return number.high() == Math.rint(number.high()) && number.low() == Math.rint(number.low());
    }

    private static DoubleDouble power(long[] cells, int at, int power) {
        return ExactSum.get(cells, sum(at, power));
    }

    private static int sum(int at, int power) {
        return at + SUMS + (power - 1) * ExactSum.CELLS;
    }
}
