package io.liveprofile.aggregate;

/**
 * A number with twice a double's precision (about 106 bits), for differences of large sums that would cancel in doubles.
 * Sum and product after Hida, Li, Bailey, "Algorithms for Quad-Double Precision Floating Point Arithmetic", ARITH 2001,
 * sec. 2 (error-free transformations TwoSum, and TwoProduct with fused multiply-add).
 *
 * @param high the number rounded to a double
 * @param low what is left, at most half a unit in the last place of high
 */
record DoubleDouble(double high, double low) {

    static DoubleDouble of(double value) {
        return new DoubleDouble(value, 0);
    }

    DoubleDouble plus(DoubleDouble other) {
        double sum = high + other.high;
        double part = sum - high;
        double error = (high - (sum - part)) + (other.high - part) + low + other.low;
        return normalized(sum, error);
    }

    DoubleDouble minus(DoubleDouble other) {
        return plus(new DoubleDouble(-other.high, -other.low));
    }

    DoubleDouble times(DoubleDouble other) {
        double product = high * other.high;
        double error = Math.fma(high, other.high, -product) + high * other.low + low * other.high;
        return normalized(product, error);
    }

    DoubleDouble times(double factor) {
        return times(of(factor));
    }

    private static DoubleDouble normalized(double high, double low) {
        double sum = high + low;
        return new DoubleDouble(sum, low - (sum - high));
    }
}
