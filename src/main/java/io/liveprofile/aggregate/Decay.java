package io.liveprofile.aggregate;

/**
 * Exponential decay by half-life, by growth instead: a weight is kept relative to a landmark in time, as
 * {@code weight × 2^((time - landmark) / half-life)}, so that an event costs one addition and nothing decays until it is
 * read (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay: A Practical Time Decay Model for Streaming
 * Systems", ICDE 2009, sec. 3).
 */
final class Decay {
    /** A landmark that no event has set. */
    static final long NONE = Long.MIN_VALUE;

    /** Half-lives an event may lie after the landmark before it moves: far below where 2^x leaves the range of a double. */
    private static final double MAX_HALF_LIVES = 200;

    private final double halfLifeMillis;

    Decay(long halfLifeMillis) {
        this.halfLifeMillis = halfLifeMillis;
    }

    /** Growth of a weight over so many milliseconds; below 1 for negative ones. */
    double growth(long millis) {
        return millis == 0 ? 1 : Math.pow(2, millis / halfLifeMillis);
    }

    /** Whether the landmark lies too far before {@code time} to go on with. */
    boolean isFar(long landmark, long time) {
        return (time - landmark) / halfLifeMillis > MAX_HALF_LIVES;
    }
}
