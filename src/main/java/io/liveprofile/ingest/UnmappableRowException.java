package io.liveprofile.ingest;

/**
 * A row that cannot become an event: a stable kebab-case reason to count by, and one sentence that holds nothing of the
 * row itself, so that it may be logged.
 */
public final class UnmappableRowException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reasonCode;

    public UnmappableRowException(String reasonCode, String detail) {
        super(detail, null, false, false); // broken rows can be many: no stack trace
        this.reasonCode = reasonCode;
    }

    public String reasonCode() {
        return reasonCode;
    }

    public String detail() {
        return getMessage();
    }
}
