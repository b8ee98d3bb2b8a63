package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The tiles of one aggregate of one user at one hop, oldest first, only those that hold events.
 *
 * <p>Invariant: starts ascend strictly. What a window says is the merge of its tiles; the merge of all but the newest one
 * (the closed part) is kept between reads and made anew only when its oldest or newest tile changes or a late event
 * repairs one of its tiles. So an event costs one addition, and a read one merge, however long the window; a roll-over
 * costs at most length / hop merges. The closed part is derived and never written to state.
 *
 * @param <P> partial aggregate
 */
final class TileSeries<P> {
    private final Operation<P> operation;
    private long[] starts = new long[4];
    private Object[] partials = new Object[4];
    private int size;

    /** Counts changes to the tiles, so that a reader knows when what it read last still holds. */
    private int revision;
    /** Counts changes to tiles other than the newest. */
    private int closedRevision;

    TileSeries(Operation<P> operation) {
        this.operation = operation;
    }

    /** What one window read last; kept by the caller, one a window. */
    static final class Reading {
        private Object closed;
        private long closedOldest;
        private long closedNewest;
        private int closedRevision = -1;
        private long wholeOldest;
        private int revision = -1;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long tileStart, BehaviorEvent event) {
        int index = size - 1;
        while (index >= 0 && starts[index] > tileStart) {
            index--;
        }
        if (index < 0 || starts[index] != tileStart) {
            insert(++index, tileStart);
        }
        if (index < size - 1) {
            closedRevision++;
        }
        operation.add(partial(index), event);
        revision++;
    }

    /** Forgets tiles that start before {@code oldestStart}. */
    void evictBefore(long oldestStart) {
        int evicted = 0;
        while (evicted < size && starts[evicted] < oldestStart) {
            evicted++;
        }
        if (evicted > 0) {
            System.arraycopy(starts, evicted, starts, 0, size - evicted);
            System.arraycopy(partials, evicted, partials, 0, size - evicted);
            Arrays.fill(partials, size - evicted, size, null);
            size -= evicted;
            // Readings notice by their oldest tile.
        }
    }

    /** True when a window that starts at {@code oldestStart} holds the same tiles with the same content as when read. */
    boolean isUnchanged(Reading reading, long oldestStart) {
        return reading.revision == revision && reading.wholeOldest == firstStart(oldestStart);
    }

    /** Merge of the tiles from {@code oldestStart} on; null = none. The caller must not change it. */
    P read(Reading reading, long oldestStart) {
        int first = firstIndex(oldestStart);
        reading.revision = revision;
        reading.wholeOldest = first < size ? starts[first] : Long.MAX_VALUE;
        if (first >= size) {
            return null;
        }
        if (first == size - 1) {
            return partial(first);
        }
        if (reading.closedRevision != closedRevision
                || reading.closedOldest != starts[first]
                || reading.closedNewest != starts[size - 2]) {
            closeInto(reading, first);
        }
        P whole = operation.create();
        operation.merge(whole, closed(reading));
        operation.merge(whole, partial(size - 1));
        return whole;
    }

    void write(Encoder out) throws IOException {
        out.writeInt(size);
        long previous = 0;
        for (int i = 0; i < size; i++) {
            out.writeLong(starts[i] - previous);
            previous = starts[i];
            operation.write(partial(i), out);
        }
    }

    static <P> TileSeries<P> read(Operation<P> operation, Decoder in) throws IOException {
        TileSeries<P> series = new TileSeries<>(operation);
        int size = in.readInt();
        long start = 0;
        for (int i = 0; i < size; i++) {
            start += in.readLong();
            series.insert(i, start, operation.read(in));
        }
        return series;
    }

    private void closeInto(Reading reading, int first) {
        // While the window's start and older tiles stand, the tile that just closed is all that is new.
        boolean grows = reading.closedRevision == closedRevision
                && reading.closedOldest == starts[first]
                && first < size - 2
                && reading.closedNewest == starts[size - 3];
        P closed = grows ? closed(reading) : operation.create();
        for (int i = grows ? size - 2 : first; i < size - 1; i++) {
            operation.merge(closed, partial(i));
        }
        reading.closed = closed;
        reading.closedOldest = starts[first];
        reading.closedNewest = starts[size - 2];
        reading.closedRevision = closedRevision;
    }

    private int firstIndex(long oldestStart) {
        int first = 0;
        while (first < size && starts[first] < oldestStart) {
            first++;
        }
        return first;
    }

    private long firstStart(long oldestStart) {
        int first = firstIndex(oldestStart);
        return first < size ? starts[first] : Long.MAX_VALUE;
    }

    private void insert(int index, long start) {
        insert(index, start, operation.create());
    }

    private void insert(int index, long start, P partial) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            partials = Arrays.copyOf(partials, size * 2);
        }
        System.arraycopy(starts, index, starts, index + 1, size - index);
        System.arraycopy(partials, index, partials, index + 1, size - index);
        starts[index] = start;
        partials[index] = partial;
        size++;
    }

    @SuppressWarnings("unchecked")
    private P partial(int index) {
        return (P) partials[index];
    }

    @SuppressWarnings("unchecked")
    private P closed(Reading reading) {
        return (P) reading.closed;
    }
}
