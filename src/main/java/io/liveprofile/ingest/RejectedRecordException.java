package io.liveprofile.ingest;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import java.nio.ByteBuffer;

/**
 * A record, row or event that cannot enter: a stable kebab-case reason to count by, and one sentence that holds nothing of
 * the record itself, so that it may be logged.
 */
public final class RejectedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public RejectedRecordException(String reason, String detail) {
        super(detail, null, false, false); // broken records can be many: no stack trace
        this.reason = reason;
    }

    /** Of something that the code which let it in did not foresee, and would throw on again. */
    static RejectedRecordException unforeseen(RuntimeException e) {
        return new RejectedRecordException("processing-failed", "the job cannot take it: " + e.getClass().getSimpleName());
    }

    /**
     * What becomes of the record.
     *
     * @param key of the broker's record, null = none; kept as far as the limits let a record in
     * @param value as {@code key}
     */
    DeadLetter deadLetter(IngestedRecord record, byte[] key, byte[] value, EventLimits limits) {
        return new DeadLetter(record.getTopic(), record.getPartition(), record.getOffset(), reason, detail(), kept(key, limits),
                kept(value, limits));
    }

    private static ByteBuffer kept(byte[] bytes, EventLimits limits) {
        return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, limits.maxRecordBytes()));
    }

    public String reason() {
        return reason;
    }

    public String detail() {
        return getMessage();
    }
}
