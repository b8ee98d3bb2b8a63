package io.liveprofile.ingest;

import io.liveprofile.config.ConfigException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * What an event may hold to enter.
 *
 * @param earliest smallest event time, inclusive
 * @param maxAhead how far an event time may lie after the broker's time of its record
 * @param maxTextLength most characters in {@code text}
 * @param maxIdLength most characters in an id or another short text
 * @param maxAttributes most attributes, and most numbers in an embedding
 */
public record EventLimits(Instant earliest, Duration maxAhead, int maxTextLength, int maxIdLength, int maxAttributes)
        implements Serializable {

    public EventLimits {
        if (maxAhead.isNegative()) {
            throw new ConfigException("ingest.max-ahead = '" + maxAhead + "': must not be negative");
        }
        positive("ingest.max-text-length", maxTextLength);
        positive("ingest.max-id-length", maxIdLength);
        positive("ingest.max-attributes", maxAttributes);
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new ConfigException(key + " = '" + value + "': must be at least 1");
        }
    }
}
