package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * A history file as the records that the job takes: its rows in file order, decoded as a topic's are, or, where the mapping
 * says {@code order: time}, all of its records by event time (then the whole file is held in memory). Plain or
 * gzip-compressed, which its first bytes tell.
 *
 * <p>What is read after {@link #skipTo} of an earlier {@link #position} is exactly what was not read before it. Not
 * thread-safe.
 */
public final class HistoryFile implements AutoCloseable {
    private static final int NO_PARTITION = -1;

    private final String name;
    private final InputStream stored;
    private final RowReader rows;
    private final EventDecoder decoder;
    private final boolean isTimeOrdered;
    private final long brokerTimeMillis;

    /** All records by time, once they were read; null in file order. */
    private List<IngestedRecord> sorted;
    private long rank;

    private HistoryFile(
            String name, InputStream stored, Mapping mapping, Function<Mapping, EventDecoder> decoders, long brokerTimeMillis)
            throws IOException {
        this.name = name;
        this.stored = stored;
        this.rows = RowReader.of(DataFile.content(stored), mapping.format());
        this.decoder = decoders.apply(rows.readHeader(mapping, name));
        this.isTimeOrdered = mapping.isTimeOrdered();
        this.brokerTimeMillis = brokerTimeMillis;
    }

    /**
     * Takes over an opened file.
     *
     * @param name of the file, as records and errors carry it
     * @param stored its bytes from the first one on; closed with this, also when this cannot be opened
     * @param decoders makes the decoder of a mapping whose columns stand as in this file
     * @param brokerTimeMillis the broker's time of every record, which no broker has seen
     * @throws ConfigException when the header lacks a column of the mapping
     */
    public static HistoryFile open(
            String name, InputStream stored, Mapping mapping, Function<Mapping, EventDecoder> decoders, long brokerTimeMillis)
            throws IOException {
        try {
            return new HistoryFile(name, stored, mapping, decoders, brokerTimeMillis);
        } catch (IOException | RuntimeException e) {
            try (stored) {
                throw e;
            }
        }
    }

    /** Whether a record comes from a history file and not from the topic. */
    public static boolean isOrigin(IngestedRecord record) {
        return record.getPartition() == NO_PARTITION;
    }

    /**
     * The next row's records, at least one; in order of time the next record. Null at the end.
     *
     * @throws IOException naming file and line, when the file breaks off (such as a truncated gzip)
     */
    public List<IngestedRecord> next() throws IOException {
        if (!isTimeOrdered) {
            return nextRow();
        }
        sort();
        return rank < sorted.size() ? List.of(sorted.get((int) rank++)) : null;
    }

    /** Where the next row begins: its line, or its rank in order of time. */
    public long position() {
        return isTimeOrdered ? rank : rows.nextLine();
    }

    /** Goes on to a position that lies ahead. */
    public void skipTo(long position) throws IOException {
        if (isTimeOrdered) {
            rank = position;
            return;
        }
        try {
            rows.skipToLine(position);
        } catch (IOException e) {
            throw brokenOff(rows.nextLine(), e);
        }
    }

    @Override
    public void close() throws IOException {
        sorted = null;
        stored.close();
    }

    private List<IngestedRecord> nextRow() throws IOException {
        byte[] row;
        try {
            row = rows.next();
        } catch (IOException e) {
            throw brokenOff(rows.firstLine(), e);
        }
        if (row == null) {
            return null;
        }
        List<IngestedRecord> records = decoder.decode(name, NO_PARTITION, rows.firstLine(), brokerTimeMillis, null, row);
        DeadLetter letter = records.get(0).getDeadLetter();
        if (letter != null && RowReader.BROKEN_SHAPE.contains(letter.getReason())) {
            byte[] first = rows.keepFirstLine();
            if (first.length < letter.getValue().remaining()) {
                letter.setValue(ByteBuffer.wrap(first));
            }
        }
        return records;
    }

    private void sort() throws IOException {
        if (sorted != null) {
            return;
        }
        sorted = new ArrayList<>();
        for (List<IngestedRecord> row = nextRow(); row != null; row = nextRow()) {
            sorted.addAll(row);
        }
        // What is no event has no order among users; it comes first, as it stands in the file.
        sorted.sort(Comparator.comparingLong(
                record -> record.getEvent() == null ? Long.MIN_VALUE : record.getEvent().getEventTime()));
    }

    private IOException brokenOff(long line, IOException cause) {
        return new IOException(name + ": breaks off after line " + line + ": " + cause.getMessage(), cause);
    }
}
