package io.liveprofile.feature;

/**
 * Natural logarithm of one plus the value, for a negative value minus that of its amount; NaN stays NaN, -0 stays -0.
 *
 * <p>The float is always that of {@link Math#log1p}, which is a call into native code: most values are small counts, read
 * from a table, and for most others {@link Math#log}, which the JVM compiles in line, decides the float. Both are within
 * one unit in the last place of a double (their Javadoc), and one plus a value of at least 1 rounds its logarithm off by
 * less than two more, so the true result lies within {@link #MARGIN} of it; when all of that rounds to one float, that is
 * the float of log1p too. Otherwise, once in some million values, log1p is asked.
 */
final class SignedLog1p {
    private static final int TABLE_SIZE = 1_024;
    private static final float[] TABLE = new float[TABLE_SIZE];
    /** Relative, 16 units in the last place of a double. */
    private static final double MARGIN = 0x1p-48;

    static {
        for (int i = 0; i < TABLE_SIZE; i++) {
            TABLE[i] = (float) Math.log1p(i);
        }
    }

    private SignedLog1p() {}

    static float of(double value) {
        if (value > 0) {
            return ofPositive(value);
        }
        return value < 0 ? -ofPositive(-value) : (float) value;
    }

    private static float ofPositive(double value) {
        int whole = (int) value;
        if (whole == value && whole < TABLE_SIZE) {
            return TABLE[whole];
        }
        if (value >= 1) {
            double log = Math.log(1 + value);
            float least = (float) (log * (1 - MARGIN));
            if (least == (float) (log * (1 + MARGIN))) {
                return least;
            }
        }
        return (float) Math.log1p(value);
    }
}
