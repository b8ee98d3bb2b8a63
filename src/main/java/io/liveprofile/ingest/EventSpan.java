package io.liveprofile.ingest;

import java.io.Serializable;
import java.time.Instant;

/**
 * The event times that a source counts: from inclusive, until exclusive, ms UTC. What lies outside is for another source
 * to count; two sources whose spans meet count every event exactly once, whatever both of them hold.
 */
public record EventSpan(long fromMillis, long untilMillis) implements Serializable {
    /** In {@code skippedBy} of what lies outside; no skip rule of a mapping has this name. */
    public static final String OUTSIDE = "outside-backfill";

    public static final EventSpan ALWAYS = new EventSpan(Long.MIN_VALUE, Long.MAX_VALUE);

    /** All of history: everything before that instant. */
    public static EventSpan before(Instant until) {
        return new EventSpan(Long.MIN_VALUE, until.toEpochMilli());
    }

    /** That instant and everything after it. */
    public static EventSpan from(Instant from) {
        return new EventSpan(from.toEpochMilli(), Long.MAX_VALUE);
    }

    public boolean covers(long eventTimeMillis) {
        return fromMillis <= eventTimeMillis && eventTimeMillis < untilMillis;
    }
}
