package io.liveprofile.simulation;

import java.time.Duration;

/**
 * How much of what goes wrong on the way to a topic {@link NoisyEvents} adds.
 *
 * @param seed decides which events are hit
 * @param duplicates share of events sent twice, 0 to 1
 * @param delayed share of events held back, 0 to 1
 * @param late extra late events, as a share of the events, 0 to 1
 * @param malformed extra unreadable messages, as a share of the events, 0 to 1
 * @param maxDelay how long an event or its duplicate is held back at most, in event time; 2 ms or more. To have all of them
 *     counted keep it below what the pipeline allows as lateness
 * @param lateBy how far a late event lies behind its user's newest; above {@code maxDelay}. To have all of them refused
 *     keep it above what the pipeline allows
 */
public record NoiseMix(
        long seed, double duplicates, double delayed, double late, double malformed, Duration maxDelay, Duration lateBy) {

    public NoiseMix {
        requireShare("noise.duplicates", duplicates);
        requireShare("noise.delayed", delayed);
        requireShare("noise.late", late);
        requireShare("noise.malformed", malformed);
        if (maxDelay.toMillis() < 2) {
            throw new IllegalArgumentException("noise.maxDelay: " + maxDelay + ", allowed: 2 ms or more");
        }
        if (lateBy.compareTo(maxDelay) <= 0) {
            throw new IllegalArgumentException(
                    "noise.lateBy: " + lateBy + ", allowed: more than noise.maxDelay (" + maxDelay + ")");
        }
    }

    /** 2 % duplicates, 5 % delayed by up to 30 s, 1 % late by 2 days, 1 % malformed. */
    public static NoiseMix defaults() {
        return new NoiseMix(1, 0.02, 0.05, 0.01, 0.01, Duration.ofSeconds(30), Duration.ofDays(2));
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(key + ": " + value + ", allowed: 0 to 1");
        }
    }
}
