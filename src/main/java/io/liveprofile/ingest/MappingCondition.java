package io.liveprofile.ingest;

/** Whether a rule applies to a row. Immutable and thread-safe. */
@FunctionalInterface
interface MappingCondition {
    MappingCondition ALWAYS = row -> true;

    /**
     * @throws RejectedRecordException {@code condition-failed} when the expression has no value for this row, such as
     *     {@code int(row.n)} of a text that is no number
     */
    boolean holds(MappingRow row) throws RejectedRecordException;
}
