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
 * @param maxOutcomeAhead the same for the time of an outcome, which may rightly become known later
 * @param maxTextLength most characters in {@code text}
 * @param maxIdLength most characters in an id or another short text
 * @param maxAttributes most attributes, and most numbers in an embedding
 * @param maxRecordBytes most bytes of a record's value, 1,024 to 4 MiB
 */
public record EventLimits(Instant earliest, Duration maxAhead, Duration maxOutcomeAhead, int maxTextLength, int maxIdLength,
        int maxAttributes, int maxRecordBytes)
        implements Serializable {

    private static final Instant EPOCH = Instant.EPOCH;
    private static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");
    private static final int MOST_RECORD_BYTES = 4 << 20;

    public EventLimits {
        if (earliest.isBefore(EPOCH) || earliest.isAfter(FAR)) {
            throw new ConfigException("ingest.earliest = '" + earliest + "': must be from " + EPOCH + " to " + FAR);
        }
        if (maxRecordBytes < 1_024 || maxRecordBytes > MOST_RECORD_BYTES) {
            throw new ConfigException("ingest.max-record-bytes = '" + maxRecordBytes + "': must be from 1024 to "
                    + MOST_RECORD_BYTES);
        }
        if (maxAhead.isNegative()) {
            throw new ConfigException("ingest.max-ahead = '" + maxAhead + "': must not be negative");
        }
        if (maxOutcomeAhead.isNegative()) {
            throw new ConfigException("outcomes.max-ahead = '" + maxOutcomeAhead + "': must not be negative");
        }
        positive("ingest.max-text-length", maxTextLength);
        positive("ingest.max-id-length", maxIdLength);
        positive("ingest.max-attributes", maxAttributes);
    }

    /** For rows of files, which no broker has dated: no time is too far ahead. */
    public EventLimits undated() {
        Duration any = Duration.between(EPOCH, FAR);
        return new EventLimits(
                earliest, any, any, maxTextLength, maxIdLength, maxAttributes, maxRecordBytes);
    }

    private static void positive(String key, int value) {
        if (value < 1) {
            throw new ConfigException(key + " = '" + value + "': must be at least 1");
        }
    }
}
