package io.liveprofile.ingest;

/** Takes a text out of a row, or null where the row has none. Immutable and thread-safe. */
@FunctionalInterface
interface MappingText {
    String read(MappingRow row) throws RejectedRecordException;
}
