package io.liveprofile.inference;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a batch is scored: as soon as it is full or its first row has waited long enough.
 *
 * @param maxRows rows a batch at most, 1 to 65,536
 * @param maxWait longest wait of a row, 1 ms to 10 s
 */
public record MicroBatching(int maxRows, Duration maxWait) implements Serializable {
    /** At 256 rows a row costs a quarter of a microsecond or so; 10 ms are invisible in a profile's latency. */
    public static final MicroBatching DEFAULT = new MicroBatching(256, Duration.ofMillis(10));

    public MicroBatching {
        if (maxRows < 1 || maxRows > 65_536) {
            throw new IllegalArgumentException("score.max-rows = " + maxRows + ": must be from 1 to 65536");
        }
        if (maxWait.compareTo(Duration.ofMillis(1)) < 0 || maxWait.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "score.max-wait = " + maxWait.toMillis() + " ms: must be from 1 ms to 10 s");
        }
    }
}
