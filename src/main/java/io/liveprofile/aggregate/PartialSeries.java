package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * One user's tiles of one aggregate and hop, each a partial of a {@link PartialOperation}. Only tiles that hold events
 * exist; their starts ascend strictly. Bounded: length / hop + 1 tiles of the longest window, twice that where values
 * compare with the window before.
 *
 * <p>What a window says is the merge of its tiles in order of time. Each window keeps the merge of its closed tiles, all
 * but the newest one: a tile that closes is merged into it, it is made anew only when the window's oldest tile left or a
 * late event changed one of them. So an event costs one addition and one merge a window, and none for an aggregate it does
 * not touch, as values are kept until something changes. The merges are derived and never written to state; as they follow
 * from the tiles alone, a user read back from state says what one in memory does, also where merges approximate.
 */
final class PartialSeries<P> {
    private static final long NO_TILE = Long.MAX_VALUE;
    private static final int OBJECT_BYTES = 96;
    private static final int MERGED_BYTES = 120;

    /**
     * What all users' series of one aggregate and hop have in common.
     *
     * @param longest the window that decides how long tiles are kept
     * @param readers its windows of this hop
     */
    record Layout(AggregateDefinition definition, long hopMillis, Window longest, List<Reader> readers) {

        @SuppressWarnings("unchecked")
        PartialOperation<Object> operation() {
            return (PartialOperation<Object>) definition.operation();
        }
    }

    /** One window, and where what it says stands among the names of its kind. */
    record Reader(Window window, int position) {}

    /** What one window says, and of which tiles. */
    private static final class Merged<P> {
        /** Merge of the tiles that start at {@code from} to {@code until}, both inside; null = there is none yet. */
        private P closed;
        private long from = NO_TILE;
        private long until;

        /** The value last read; holds while no tile changes and the window's start is the same. */
        private Object value;
        private long valueSince;
    }

    private final Layout layout;
    private final PartialOperation<P> operation;
    private final Merged<P>[] merged;
    private long[] starts = new long[2];
    private Object[] tiles = new Object[2];
    private int size;

    @SuppressWarnings("unchecked")
    PartialSeries(Layout layout) {
        this.layout = layout;
        this.operation = (PartialOperation<P>) layout.operation();
        this.merged = new Merged[layout.readers().size()];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = new Merged<>();
        }
    }

    /** Adds an accepted event; {@code nowMillis} is the user's largest event time, this event's included. */
    void add(BehaviorEvent event, long nowMillis) {
        long oldest = oldestKept(nowMillis);
        evictBefore(oldest);
        long tile = layout.longest().tileOf(event.getEventTime());
        if (tile < oldest) {
            return;
        }
        int index = indexFrom(tile);
        if (index == size || starts[index] != tile) {
            insert(index, tile, operation.create());
        }
        operation.add(tile(index), event);
        for (Merged<P> each : merged) {
            each.value = null;
            if (each.from <= tile && tile <= each.until) {
                each.closed = null;
            }
        }
    }

    /** Puts what each window says at {@code nowMillis}, which never goes back, at its place in the values. */
    void read(long nowMillis, AggregateValues values) {
        for (int i = 0; i < merged.length; i++) {
            Reader reader = layout.readers().get(i);
            long since = reader.window().oldestTile(nowMillis);
            if (merged[i].value == null || merged[i].valueSince != since) {
                merged[i].value = value(merged[i], reader.window(), since, nowMillis);
                merged[i].valueSince = since;
            }
            put(merged[i].value, reader.position(), values);
        }
    }

    /** Writes the tiles that a window can still reach. */
    void write(Encoder out, long nowMillis) throws IOException {
        evictBefore(oldestKept(nowMillis));
        out.writeInt(size);
        long previous = 0;
        for (int i = 0; i < size; i++) {
            out.writeLong(starts[i] - previous);
            previous = starts[i];
            operation.write(tile(i), out);
        }
    }

    /** Reads what {@link #write} wrote, of tiles in the operation's {@code format}. */
    void read(int format, Decoder in) throws IOException {
        int written = in.readInt();
        long start = 0;
        for (int i = 0; i < written; i++) {
            start += in.readLong();
            insert(i, start, operation.read(format, in));
        }
    }

    int memoryBytes() {
        int bytes = OBJECT_BYTES + starts.length * (Long.BYTES + Integer.BYTES);
        for (int i = 0; i < size; i++) {
            bytes += operation.memoryBytes(tile(i));
        }
        for (Merged<P> each : merged) {
            bytes += MERGED_BYTES + (each.closed == null ? 0 : operation.memoryBytes(each.closed));
        }
        return bytes;
    }

    private Object value(Merged<P> merged, Window window, long since, long nowMillis) {
        int oldest = indexFrom(since);
        P before = operation.comparesWithBefore() ? mergeOf(indexFrom(window.oldestTileBefore(nowMillis)), oldest) : null;
        if (oldest == size && before == null) {
            return NothingRead.VALUE;
        }
        P whole = oldest == size ? operation.create() : whole(merged, oldest);
        return switch (operation.kind()) {
            case NUMBER -> {
                double[] numbers = new double[operation.outputs().size()];
                Arrays.fill(numbers, Double.NaN);
                operation.numbers(whole, before, nowMillis, numbers, 0);
                yield numbers;
            }
            case LIST -> operation.list(whole);
            case BREAKDOWN -> operation.breakdown(whole, nowMillis);
            case SHARES, VECTOR -> throw new IllegalStateException(operation.kind() + " of tiles");
        };
    }

    private void put(Object value, int position, AggregateValues values) {
        if (value == NothingRead.VALUE) {
            return;
        }
        switch (operation.kind()) {
            case NUMBER -> {
                double[] numbers = (double[]) value;
                System.arraycopy(numbers, 0, values.statistics(), position, numbers.length);
            }
            case LIST -> values.lists()[position] = (TextList) value;
            default -> values.breakdowns()[position] = (NumbersByKey) value;
        }
    }

    /** Merge of the tiles from number {@code oldest} on, of which there is at least one; not to be changed. */
    private P whole(Merged<P> merged, int oldest) {
        int newest = size - 1;
        if (oldest == newest) {
            merged.closed = null;
            merged.from = NO_TILE;
            return tile(newest);
        }
        int next;
        if (merged.closed == null || merged.from != starts[oldest]) {
            merged.closed = operation.create();
            merged.from = starts[oldest];
            next = oldest;
        } else {
            next = indexFrom(merged.until + 1);
        }
        for (; next < newest; next++) {
            operation.merge(merged.closed, tile(next));
        }
        merged.until = starts[newest - 1];
        P whole = operation.create();
        operation.merge(whole, merged.closed);
        operation.merge(whole, tile(newest));
        return whole;
    }

    private P mergeOf(int from, int to) {
        P whole = operation.create();
        for (int i = from; i < to; i++) {
            operation.merge(whole, tile(i));
        }
        return whole;
    }

    private long oldestKept(long nowMillis) {
        return operation.comparesWithBefore()
                ? layout.longest().oldestTileBefore(nowMillis)
                : layout.longest().oldestTile(nowMillis);
    }

    private void evictBefore(long oldestStart) {
        int evicted = indexFrom(oldestStart);
        if (evicted > 0) {
            size -= evicted;
            System.arraycopy(starts, evicted, starts, 0, size);
            System.arraycopy(tiles, evicted, tiles, 0, size);
            Arrays.fill(tiles, size, size + evicted, null);
        }
    }

    /** Number of the first tile that starts at {@code start} or later. */
    private int indexFrom(long start) {
        if (size == 0 || starts[0] >= start) {
            return 0;
        }
        if (starts[size - 1] < start) {
            return size;
        }
        int index = Arrays.binarySearch(starts, 0, size, start);
        return index >= 0 ? index : -1 - index;
    }

    private void insert(int index, long start, P tile) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            tiles = Arrays.copyOf(tiles, size * 2);
        }
        System.arraycopy(starts, index, starts, index + 1, size - index);
        System.arraycopy(tiles, index, tiles, index + 1, size - index);
        starts[index] = start;
        tiles[index] = tile;
        size++;
    }

    @SuppressWarnings("unchecked")
    private P tile(int index) {
        return (P) tiles[index];
    }

    /** Stands for the value of a window without events. */
    private enum NothingRead {
        VALUE
    }
}
