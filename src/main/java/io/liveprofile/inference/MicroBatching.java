package io.liveprofile.inference;

import io.liveprofile.config.ConfigException;
import java.io.Serializable;
import java.time.Duration;

/**
 * When a batch is scored: as soon as it is full or its first row has waited long enough.
 *
 * @param maxRows rows a batch at most, 1 to 65,536
 * @param maxWait longest wait of a row, 1 ms to 10 s
 */
public record MicroBatching(int maxRows, Duration maxWait) implements Serializable {
    /** 128 rows cost a row less than a microsecond; 5 ms are invisible in a profile's latency. */
    public static final MicroBatching DEFAULT = new MicroBatching(128, Duration.ofMillis(5));

    public MicroBatching {
        if (maxRows < 1 || maxRows > 65_536) {
            throw new ConfigException("score.max-rows = '" + maxRows + "': must be from 1 to 65536");
        }
        if (maxWait.compareTo(Duration.ofMillis(1)) < 0 || maxWait.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new ConfigException(
                    "score.max-wait = '" + maxWait.toMillis() + " ms': must be from 1 ms to 10 s");
        }
    }
}
