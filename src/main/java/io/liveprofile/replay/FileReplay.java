package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.ingest.MappedRow;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.RejectedRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A data file as events and outcomes. Each row ends as events and outcomes, skipped by a named rule, or unmappable with a
 * reason: {@code rows() = mapped() + sum of skipped() + sum of unmappable()} once the file is read.
 *
 * <p>Events come in file order, or by time where the mapping says {@code order: time} (then the whole file is held in
 * memory before the first item). An outcome comes after the event of its row and before the first event that is later
 * than it; those later than every event come at the end.
 *
 * <p>Not thread-safe, save for {@link #progress}.
 */
public final class FileReplay implements Iterator<ReplayItem>, AutoCloseable {
    private final DataFile file;
    private final Mapping mapping;
    private final RowReader rows;
    private final Queue<ReplayItem> ready = new ArrayDeque<>();
    private final PriorityQueue<Known> pending =
            new PriorityQueue<>(Comparator.comparingLong(Known::time).thenComparingLong(Known::sequence));
    private final Map<String, Long> skipped = new LinkedHashMap<>();
    private final Map<String, Long> unmappable = new LinkedHashMap<>();

    private Iterator<BehaviorEvent> sorted;
    private long rowCount;
    private long mapped;
    private long outcomes;
    private long latestMillis = Long.MIN_VALUE;
    private boolean isDrained;
    private volatile long sortedTotal;
    private volatile long sortedGiven;

    /** An outcome waiting for its time; the sequence keeps equal times in file order. */
    private record Known(LabeledOutcome outcome, long sequence) {
        long time() {
            return outcome.getOutcomeTime();
        }
    }

    private FileReplay(DataFile file, Mapping mapping) throws IOException {
        this.file = file;
        this.rows = RowReader.of(file.content(), mapping.format());
        this.mapping = rows.readHeader(mapping, file.path().toString());
    }

    /**
     * Opens a data file, plain or gzip.
     *
     * @throws ConfigException when it is missing, cannot be read, or its header lacks a column of the mapping
     */
    public static FileReplay open(Path path, Mapping mapping) {
        DataFile file = DataFile.open(path);
        try {
            return new FileReplay(file, mapping);
        } catch (IOException e) {
            file.close();
            throw new ConfigException(path + ": cannot be read: " + e.getMessage(), e);
        } catch (ConfigException e) {
            file.close();
            throw e;
        }
    }

    /** @throws UncheckedIOException naming file and line, when the file breaks off (such as a truncated gzip) */
    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && !isDrained) {
            advance();
        }
        return !ready.isEmpty();
    }

    @Override
    public ReplayItem next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the file has been replayed");
        }
        return ready.remove();
    }

    /** How much was replayed, from 0 to 1; from the bytes read of the file, or the events given where they are sorted. */
    public double progress() {
        if (mapping.isTimeOrdered()) {
            return sortedTotal == 0 ? (isDrained ? 1 : 0) : (double) sortedGiven / sortedTotal;
        }
        return file.size() == 0 ? 1 : Math.min(1, (double) file.bytesRead() / file.size());
    }

    /** Rows read so far, without the header. */
    public long rows() {
        return rowCount;
    }

    /** Rows that gave at least one event or outcome. */
    public long mapped() {
        return mapped;
    }

    /** Rows skipped so far, by the rule's name. */
    public Map<String, Long> skipped() {
        return Map.copyOf(skipped);
    }

    /** Rows that could not be mapped so far, by reason. */
    public Map<String, Long> unmappable() {
        return Map.copyOf(unmappable);
    }

    @Override
    public void close() {
        file.close();
    }

    private void advance() {
        if (!mapping.isTimeOrdered()) {
            List<BehaviorEvent> events = new ArrayList<>(1);
            boolean hasRow = readRow(events);
            events.forEach(this::give);
            giveKnownBy(hasRow ? latestMillis : Long.MAX_VALUE);
            isDrained = !hasRow;
            return;
        }
        if (sorted == null) {
            sorted = allByTime().iterator();
        }
        if (sorted.hasNext()) {
            give(sorted.next());
            sortedGiven++;
        } else {
            giveKnownBy(Long.MAX_VALUE);
            isDrained = true;
        }
    }

    private List<BehaviorEvent> allByTime() {
        List<BehaviorEvent> events = new ArrayList<>();
        while (readRow(events)) {
            // reads on
        }
        events.sort(Comparator.comparingLong(BehaviorEvent::getEventTime));
        sortedTotal = events.size();
        return events;
    }

    /** Reads one row: its events to {@code events}, its outcomes to those pending; false after the last. */
    private boolean readRow(List<BehaviorEvent> events) {
        byte[] row;
        try {
            row = rows.next();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file.path() + ": breaks off after line " + rows.firstLine() + ": " + e.getMessage(), e);
        }
        if (row == null) {
            return false;
        }
        rowCount++;
        try {
            MappedRow result = mapping.mapLine(row, rows.firstLine());
            if (result.skippedBy() != null) {
                skipped.merge(result.skippedBy(), 1L, Long::sum);
                return true;
            }
            mapped++;
            events.addAll(result.events());
            result.outcomes().forEach(outcome -> pending.add(new Known(outcome, outcomes++)));
        } catch (RejectedRecordException e) {
            unmappable.merge(e.reason(), 1L, Long::sum);
            byte[] raw = RowReader.BROKEN_SHAPE.contains(e.reason()) ? rows.keepFirstLine() : row;
            ready.add(new ReplayItem.Unmappable(rows.firstLine(), e.reason(), e.detail(), raw));
        }
        return true;
    }

    private void give(BehaviorEvent event) {
        giveKnownBy(event.getEventTime() - 1);
        latestMillis = Math.max(latestMillis, event.getEventTime());
        ready.add(new ReplayItem.ReplayEvent(event));
    }

    private void giveKnownBy(long millis) {
        while (!pending.isEmpty() && pending.peek().time() <= millis) {
            ready.add(new ReplayItem.ReplayOutcome(pending.remove().outcome()));
        }
    }
}
