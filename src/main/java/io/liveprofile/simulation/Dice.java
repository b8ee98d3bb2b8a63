package io.liveprofile.simulation;

/**
 * Random numbers that are a function of the key alone. Eight bytes of state, a few nanoseconds a draw: SplitMix64
 * (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Not thread-safe.
 */
final class Dice {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    Dice(long key) {
        this.state = key;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    static long hash(long a, long b) {
        return mix(mix(a + GOLDEN) + b * GOLDEN + GOLDEN);
    }

    static long hash(long a, long b, long c) {
        return mix(hash(a, b) + c * GOLDEN + GOLDEN);
    }

    /** The hash as a number in [0, 1). */
    static double uniform(long hash) {
        return (hash >>> 11) * UNIT;
    }

    long bits() {
        return mix(state += GOLDEN);
    }

    /** In [0, 1). */
    double uniform() {
        return uniform(bits());
    }

    /** In [low, high). */
    double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** In 0 to bound - 1. */
    int below(int bound) {
        return (int) (((bits() >>> 32) * bound) >>> 32);
    }

    /** In low to high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    double exponential(double mean) {
        return -mean * Math.log(1 - uniform());
    }

    /** Close to standard normal, within ±3.5: the sum of four uniforms of 16 bits taken from one draw. */
    double gaussian() {
        long b = bits();
        long sum = (b & 0xFFFF) + ((b >>> 16) & 0xFFFF) + ((b >>> 32) & 0xFFFF) + (b >>> 48);
        return (sum - 2 * 65_535.0) * (1.7320508 / 65_536.0);
    }

    /** Log-normal; half of the draws are below the median. */
    double logNormal(double median, double sigma) {
        return median * Math.exp(sigma * gaussian());
    }
}
