package io.liveprofile.ingest;

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

    public String reason() {
        return reason;
    }

    public String detail() {
        return getMessage();
    }
}
