package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.MappingFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;

/**
 * Cuts a file into rows and keeps their bytes as they are. A row ends with its line, or, where a quoted CSV field holds
 * line ends, with the line on which the quote closes; the last line needs no end. A byte order mark is passed over.
 *
 * <p>Memory is bounded: of a line above the limit only its beginning is kept, and a quote that does not close within
 * {@link #MOST_QUOTED_BYTES} ends the row. The caller then takes the first line for broken and goes on behind it
 * ({@link #keepFirstLine}), so that one stray quote costs one line.
 */
final class RowReader {
    static final int MOST_QUOTED_BYTES = 1 << 16;

    /** Reasons that a stray quote may give, which joins lines that are rows by themselves. */
    static final Set<String> BROKEN_SHAPE =
            Set.of("bad-csv", "wrong-column-count", "not-utf8", "row-too-long", "record-too-large");

    private final InputStream in;
    private final byte separator;
    private final byte quote;
    private final boolean hasQuotes;
    private final int mostBytes;

    private byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private boolean isBegun;

    private byte[] row = new byte[256];
    private int length;
    private long line = 1;
    private long firstLine;

    // Where the row stands between two bytes.
    private boolean isFieldStart;
    private boolean isQuoted;
    private boolean hasJustClosed;

    /** Separator and quote are ASCII; a {@code quote} of 0 means that quotes have no meaning, as in JSON lines. */
    RowReader(InputStream in, char separator, char quote, int mostBytes) {
        this.in = in;
        this.separator = (byte) separator;
        this.quote = (byte) quote;
        this.hasQuotes = quote != 0;
        this.mostBytes = mostBytes;
    }

    /** Of a file whose rows a mapping of that format is to read. */
    static RowReader of(InputStream in, MappingFormat format) {
        return new RowReader(in, format.separator(), format.quote(), Mapping.MOST_ROW_BYTES);
    }

    /**
     * Reads the header line where the mapping says that there is one, before any row.
     *
     * @return the mapping with its columns where this file has them
     * @throws ConfigException when the header is missing or lacks a column
     */
    Mapping readHeader(Mapping mapping, String file) throws IOException {
        if (!mapping.format().hasHeader()) {
            return mapping;
        }
        byte[] header = next();
        if (header == null) {
            throw new ConfigException(
                    file + ": is empty; the first line must name the columns of mapping " + mapping.name());
        }
        return mapping.withHeader(header, file);
    }

    /** The next row with its line end, or null after the last. */
    byte[] next() throws IOException {
        skipByteOrderMark();
        length = 0;
        firstLine = line;
        isFieldStart = true;
        isQuoted = false;
        hasJustClosed = false;
        while (position < limit || fill()) {
            int from = position;
            boolean isComplete = toRowEnd();
            append(from, position);
            if (isComplete || line > firstLine && length > MOST_QUOTED_BYTES) {
                return taken();
            }
            if (line == firstLine && length > mostBytes) {
                skipLine();
                return taken();
            }
        }
        if (length == 0) {
            return null;
        }
        if (row[length - 1] != '\n') {
            line++; // the last line needs no end
        }
        return taken();
    }

    /** Line on which the row last returned begins, from 1. */
    long firstLine() {
        return firstLine;
    }

    /** Line on which the next row begins. */
    long nextLine() {
        return line;
    }

    /** Goes on to the row that begins on that line, which lies ahead; stops early where the file ends. */
    void skipToLine(long wanted) throws IOException {
        skipByteOrderMark();
        while (line < wanted && (position < limit || fill())) {
            skipLine();
        }
    }

    /** Shortens the row last returned to its first line; the next row begins on the line after it. */
    byte[] keepFirstLine() {
        int end = 0;
        while (end < length && row[end++] != '\n') {
            // to behind the first line end
        }
        int again = length - end;
        if (again > 0) {
            byte[] joined = new byte[Math.max(again + limit - position, buffer.length)];
            System.arraycopy(row, end, joined, 0, again);
            System.arraycopy(buffer, position, joined, again, limit - position);
            limit = again + limit - position;
            position = 0;
            buffer = joined;
            line = firstLine + 1;
            length = end;
        }
        return taken();
    }

    /** Moves to behind the row's end, or to the end of the buffer; true when the row has ended. */
    private boolean toRowEnd() {
        while (position < limit) {
            byte b = buffer[position++];
            if (b == '\n') {
                line++;
                if (!isQuoted) {
                    return true;
                }
            }
            if (hasQuotes) {
                step(b);
            }
        }
        return false;
    }

    private void step(byte b) {
        if (b == quote) {
            boolean opens = !isQuoted && (isFieldStart || hasJustClosed); // a doubled quote closes and opens again
            hasJustClosed = isQuoted;
            isQuoted = opens;
            isFieldStart = false;
        } else {
            hasJustClosed = false;
            isFieldStart = !isQuoted && b == separator;
        }
    }

    private void skipByteOrderMark() throws IOException {
        if (isBegun) {
            return;
        }
        isBegun = true;
        while (limit < 3) {
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read <= 0) {
                break;
            }
            limit += read;
        }
        if (limit >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) {
            position = 3;
        }
    }

    private void skipLine() throws IOException {
        while (position < limit || fill()) {
            if (buffer[position++] == '\n') {
                break;
            }
        }
        line++;
    }

    private byte[] taken() {
        return Arrays.copyOf(row, length);
    }

    private void append(int from, int to) {
        int needed = length + to - from;
        if (needed > row.length) {
            row = Arrays.copyOf(row, Math.max(needed, 2 * row.length));
        }
        System.arraycopy(buffer, from, row, length, to - from);
        length = needed;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(in.read(buffer, 0, buffer.length), 0);
        return limit > 0;
    }
}
