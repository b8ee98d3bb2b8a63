package io.liveprofile.ingest;

/** Bytes or an event that cannot enter; carries the reason code of the dead letter it becomes. */
public final class RejectedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason stable kebab-case code
     * @param detail one sentence for a person, without payload
     */
    public RejectedRecordException(String reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
