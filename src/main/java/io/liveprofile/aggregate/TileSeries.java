package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The tiles of one aggregate of one user at one hop, oldest first, only those that hold events.
 *
 * <p>Invariant: starts ascend strictly. What a window says is the merge of its tiles. Each window keeps that merge, and an
 * event is added to it as it is to its tile, a late one too; it is made anew from the tiles only when the window's oldest
 * tile has left. So an event costs one addition for the tile and one for each window of this hop, however long they are
 * and however many events they hold, and a tile that leaves costs at most length / hop merges. The merges are derived and
 * never written to state.
 *
 * @param <P> partial aggregate
 */
final class TileSeries<P> {
    private static final long NO_TILE = Long.MAX_VALUE;

    private final Operation<P> operation;
    private final Reading[] readings;
    private long[] starts = new long[2];
    private Object[] partials = new Object[2];
    private int size;
    /** Counts changes of content, so that a value that still holds is told from one that does not. */
    private int revision;

    /** What one window read last. */
    private static final class Reading {
        /** Start of the oldest tile in {@code whole}. */
        private long oldest = NO_TILE;
        /** Merge of the window's tiles; null while it has at most one, which then speaks for itself. */
        private Object whole;
        private int valueRevision = -1;
        private long valueOldest;
        private Object value;
    }

    /** @param windows how many windows read these tiles */
    TileSeries(Operation<P> operation, int windows) {
        this.operation = operation;
        this.readings = new Reading[windows];
    }

    int size() {
        return size;
    }

    void add(long tileStart, BehaviorEvent event) {
        int index = size - 1;
        while (index >= 0 && starts[index] > tileStart) {
            index--;
        }
        boolean isNew = index < 0 || starts[index] != tileStart;
        if (isNew) {
            insert(++index, tileStart, operation.create());
        }
        if (operation.add(partial(index), event)) {
            revision++;
            for (Reading reading : readings) {
                if (reading != null && reading.whole != null && tileStart >= reading.oldest) {
                    operation.add(whole(reading), event);
                }
            }
        }
    }

    /** Forgets tiles that start before {@code oldestStart}. */
    void evictBefore(long oldestStart) {
        int evicted = firstIndex(oldestStart);
        if (evicted > 0) {
            System.arraycopy(starts, evicted, starts, 0, size - evicted);
            System.arraycopy(partials, evicted, partials, 0, size - evicted);
            Arrays.fill(partials, size - evicted, size, null);
            size -= evicted;
        }
    }

    /** What window number {@code window}, beginning at {@code oldestStart}, says at {@code nowMillis}; null = no tile. */
    Object value(int window, long oldestStart, long nowMillis) {
        int first = firstIndex(oldestStart);
        if (first == size) {
            return null;
        }
        Reading reading = readings[window];
        if (reading == null) {
            reading = readings[window] = new Reading();
        }
        boolean holds = reading.valueRevision == revision
                && reading.valueOldest == starts[first]
                && !operation.changesWithTime();
        if (!holds) {
            reading.value = operation.value(merged(reading, first), nowMillis);
            reading.valueRevision = revision;
            reading.valueOldest = starts[first];
        }
        return reading.value;
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

    /** Reads what {@link #write} wrote into this series, which is empty. */
    void read(Decoder in) throws IOException {
        int written = in.readInt();
        long start = 0;
        for (int i = 0; i < written; i++) {
            start += in.readLong();
            insert(i, start, operation.read(in));
        }
    }

    /** Merge of the tiles from number {@code first} on; the caller must not change it. */
    private P merged(Reading reading, int first) {
        if (first == size - 1) {
            reading.whole = null;
            return partial(first);
        }
        if (reading.whole == null || reading.oldest != starts[first]) {
            reading.whole = operation.mergeAll(partials(first));
            reading.oldest = starts[first];
        }
        return whole(reading);
    }

    private int firstIndex(long oldestStart) {
        int first = 0;
        while (first < size && starts[first] < oldestStart) {
            first++;
        }
        return first;
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
    private List<P> partials(int first) {
        return (List<P>) Arrays.asList(partials).subList(first, size);
    }

    @SuppressWarnings("unchecked")
    private P whole(Reading reading) {
        return (P) reading.whole;
    }
}
