package io.liveprofile.local;

/**
 * Messages in the order they are sent. Used by one thread; only {@link #progress} and the counts are read by others
 * meanwhile.
 */
public interface Traffic extends AutoCloseable {
    /** The next message, or null at the end. */
    Message next() throws Exception;

    /** What this traffic is, as a few words for the first line of a run. */
    String description();

    /** Share that was handed out, 0 to 1; NaN when it has no end. */
    default double progress() {
        return Double.NaN;
    }

    /** What became of the rows read so far, exact once no message is being taken; null when there is no file. */
    default FileRows rows() {
        return null;
    }

    @Override
    default void close() throws Exception {}

    /**
     * Rows of a file and what became of them.
     *
     * @param rows data rows read; a header is none
     * @param mapped rows that gave events or outcomes
     * @param skipped rows left out as the mapping asks
     * @param unmappable rows that could not become an event: they are sent as dead letters
     */
    record FileRows(long rows, long mapped, long skipped, long unmappable) {}
}
