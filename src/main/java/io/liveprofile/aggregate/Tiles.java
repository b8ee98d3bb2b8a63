package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;

/**
 * One user's tiles of all hops: a row a tile, all in one array, so that an event touches the few cells it changes and
 * nothing else. Only tiles that hold events exist.
 *
 * <p>What a window says is the merge of its tiles. Each window keeps that merge in a row of its own, its whole, and an
 * event is added to it as it is to its tile, a late one too; it is made anew from the tiles only when the window's oldest
 * tile has left. So an event costs one addition for the tile and one for each window of the hop, however long they are
 * and however many events they hold, and a tile that leaves costs at most length / hop merges. The wholes are derived and
 * never written to state.
 *
 * <p>The array: all wholes, so that reading every window is reading on; then for each hop a region of rows, in order of
 * layouts. Of a region, the rows from {@code first} on are in use; their starts ascend strictly. Bounded: length / hop + 1
 * rows of each hop's longest window.
 */
final class Tiles {
    private static final long NO_TILE = Long.MAX_VALUE;
    private static final int FIRST_CAPACITY = 2;
    private static final int OBJECT_BYTES = 96;

    /** Fields of a region. */
    private static final int BEGIN = 0;
    private static final int FIRST = 1;
    private static final int SIZE = 2;
    private static final int FIELDS = 3;

    private final List<TileLayout> layouts;
    /** By layout: where its region begins, how many of its rows left at the front, how many are in use. */
    private final int[] regions;

    private long[] cells;

    Tiles(List<TileLayout> layouts) {
        this.layouts = layouts;
        this.regions = new int[layouts.size() * FIELDS];
        int wholes = 0;
        for (TileLayout layout : layouts) {
            wholes += layout.wholesCells();
        }
        this.cells = new long[wholes];
        for (TileLayout layout : layouts) {
            regions[layout.number * FIELDS + BEGIN] = wholes;
            for (int window = 0; window < layout.readers.length; window++) {
                cells[whole(layout, window)] = NO_TILE;
            }
        }
    }

    /** Adds an event; {@code nowMillis} is the user's largest event time, this event's included. */
    void add(BehaviorEvent event, long nowMillis, Conditions.Passed passed) {
        for (int i = 0; i < layouts.size(); i++) {
            TileLayout layout = layouts.get(i);
            int[] columns = layout.fedBy(event.getType());
            if (columns.length > 0) {
                add(layout, columns, event, nowMillis, passed);
            }
        }
    }

    /** Puts what each window says at {@code nowMillis}, which never goes back, at its positions; none where it is empty. */
    void read(long nowMillis, double[] statistics) {
        for (int i = 0; i < layouts.size(); i++) {
            TileLayout layout = layouts.get(i);
            for (int window = 0; window < layout.readers.length; window++) {
                TileLayout.Reader reader = layout.readers[window];
                int oldest = indexFrom(layout, reader.window().oldestTile(nowMillis));
                if (oldest < size(layout)) {
                    read(layout, reader, merged(layout, window, oldest), nowMillis, statistics);
                }
            }
        }
    }

    /** Writes the tiles by hop and column, each standing by itself, so that a reader may skip it. */
    void write(ByteArrayEncoder out, long nowMillis) throws IOException {
        int hops = 0;
        for (TileLayout layout : layouts) {
            evictBefore(layout, layout.longest.oldestTile(nowMillis));
            hops += size(layout) == 0 ? 0 : 1;
        }
        out.writeInt(hops);
        ByteArrayEncoder block = new ByteArrayEncoder();
        for (TileLayout layout : layouts) {
            if (size(layout) > 0) {
                write(layout, block, out);
            }
        }
    }

    /** Reads what {@link #write} wrote into these tiles, which are empty; hops and columns of other plans are left out. */
    void read(Decoder in) throws IOException {
        int hops = in.readInt();
        for (int i = 0; i < hops; i++) {
            long hopMillis = in.readLong();
            TileLayout layout = layoutOf(hopMillis);
            int rows = in.readInt();
            long start = 0;
            if (layout != null) {
                grow(layout, rows);
            }
            for (int row = 0; row < rows; row++) {
                start += in.readLong();
                if (layout != null) {
                    insert(layout, row, start);
                }
            }
            int columns = in.readInt();
            for (int j = 0; j < columns; j++) {
                int id = StateId.read(in);
                int column = layout == null ? -1 : layout.columnOf(id);
                int format = in.readInt();
                int bytes = (int) in.readLong();
                if (column < 0) {
                    in.skipFixed(bytes);
                } else {
                    readColumn(layout, column, UserAggregates.known(format, layout.definition(column)), in);
                }
            }
        }
    }

    private TileLayout layoutOf(long hopMillis) {
        for (int i = 0; i < layouts.size(); i++) {
            if (layouts.get(i).hopMillis == hopMillis) {
                return layouts.get(i);
            }
        }
        return null;
    }

    int memoryBytes() {
        return OBJECT_BYTES + regions.length * Integer.BYTES + cells.length * Long.BYTES;
    }

    private void add(
            TileLayout layout, int[] columns, BehaviorEvent event, long nowMillis, Conditions.Passed passed) {
        long oldest = layout.longest.oldestTile(nowMillis);
        evictBefore(layout, oldest);
        long tile = layout.longest.tileOf(event.getEventTime());
        if (tile < oldest) {
            return;
        }
        int row = -1;
        for (int column : columns) {
            if (!passed.by(layout.definition(column)) || !layout.operations[column].accepts(event)) {
                continue;
            }
            if (row < 0) {
                row = rowOf(layout, tile);
            }
            add(layout, row, column, event);
            for (int window = 0; window < layout.readers.length; window++) {
                int whole = whole(layout, window);
                if (cells[whole] <= tile) {
                    add(layout, whole, column, event);
                }
            }
        }
    }

    private void add(TileLayout layout, int row, int column, BehaviorEvent event) {
        TiledOperation operation = layout.operations[column];
        int at = row + layout.offsets[column];
        if (!holds(row, column)) {
            mark(row, column);
            operation.clear(cells, at);
        }
        operation.add(cells, at, event);
    }

    private void read(TileLayout layout, TileLayout.Reader reader, int row, long nowMillis, double[] statistics) {
        int[] columns = reader.columns();
        for (int i = 0; i < columns.length; i++) {
            int column = columns[i];
            if (holds(row, column)) {
                layout.operations[column].numbers(
                        cells, row + layout.offsets[column], nowMillis, statistics, reader.positions()[i]);
            }
        }
    }

    /** Row that says what the window over the tiles from number {@code oldest} on says. */
    private int merged(TileLayout layout, int window, int oldest) {
        int whole = whole(layout, window);
        int size = size(layout);
        if (oldest == size - 1) {
            cells[whole] = NO_TILE;
            return row(layout, oldest);
        }
        if (cells[whole] != cells[row(layout, oldest)]) {
            System.arraycopy(cells, row(layout, oldest), cells, whole, layout.rowCells);
            for (int i = oldest + 1; i < size; i++) {
                merge(layout, whole, row(layout, i));
            }
        }
        return whole;
    }

    private void merge(TileLayout layout, int into, int row) {
        for (int column = 0; column < layout.operations.length; column++) {
            if (holds(row, column)) {
                int at = into + layout.offsets[column];
                if (!holds(into, column)) {
                    mark(into, column);
                    layout.operations[column].clear(cells, at);
                }
                layout.operations[column].merge(cells, at, cells, row + layout.offsets[column]);
            }
        }
    }

    private void write(TileLayout layout, ByteArrayEncoder block, ByteArrayEncoder out) throws IOException {
        int size = size(layout);
        out.writeLong(layout.hopMillis);
        out.writeInt(size);
        long previous = 0;
        for (int i = 0; i < size; i++) {
            out.writeLong(cells[row(layout, i)] - previous);
            previous = cells[row(layout, i)];
        }
        int[] counts = counts(layout);
        int fed = 0;
        for (int count : counts) {
            fed += count == 0 ? 0 : 1;
        }
        out.writeInt(fed);
        for (int column = 0; column < counts.length; column++) {
            if (counts[column] == 0) {
                continue;
            }
            block.reset();
            block.writeInt(counts[column]);
            int last = 0;
            for (int i = 0; i < size; i++) {
                if (holds(row(layout, i), column)) {
                    block.writeInt(i - last);
                    last = i;
                    layout.operations[column].write(cells, row(layout, i) + layout.offsets[column], block);
                }
            }
            StateId.write(layout.definition(column).id(), out);
            out.writeInt(layout.operations[column].format());
            block.writeTo(out);
        }
    }

    private void readColumn(TileLayout layout, int column, int format, Decoder in) throws IOException {
        int count = in.readInt();
        int index = 0;
        for (int i = 0; i < count; i++) {
            index += in.readInt();
            int row = row(layout, index);
            mark(row, column);
            layout.operations[column].read(format, cells, row + layout.offsets[column], in);
        }
    }

    /** In how many rows each column holds events. */
    private int[] counts(TileLayout layout) {
        int[] counts = new int[layout.operations.length];
        for (int i = 0; i < size(layout); i++) {
            int row = row(layout, i);
            for (int cell = TileLayout.MASK; cell < layout.offsets[0]; cell++) {
                for (long bits = cells[row + cell]; bits != 0; bits &= bits - 1) {
                    counts[(cell - TileLayout.MASK) * Long.SIZE + Long.numberOfTrailingZeros(bits)]++;
                }
            }
        }
        return counts;
    }

    private boolean holds(int row, int column) {
        return (cells[row + TileLayout.maskCell(column)] & TileLayout.maskBit(column)) != 0;
    }

    private void mark(int row, int column) {
        cells[row + TileLayout.maskCell(column)] |= TileLayout.maskBit(column);
    }

    private void evictBefore(TileLayout layout, long oldestStart) {
        int evicted = indexFrom(layout, oldestStart);
        regions[layout.number * FIELDS + FIRST] += evicted;
        regions[layout.number * FIELDS + SIZE] -= evicted;
    }

    /** Row of the tile that starts at {@code start}, a new one if there is none. */
    private int rowOf(TileLayout layout, long start) {
        int size = size(layout);
        int index = size > 0 && cells[row(layout, size - 1)] < start ? size : indexFrom(layout, start);
        if (index == size || cells[row(layout, index)] != start) {
            insert(layout, index, start);
        }
        return row(layout, index);
    }

    /** Number of the first tile that starts at {@code start} or later. */
    private int indexFrom(TileLayout layout, long start) {
        int size = size(layout);
        if (size == 0 || cells[row(layout, 0)] >= start) {
            return 0;
        }
        int low = 1;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cells[row(layout, middle)] < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(TileLayout layout, int index, long start) {
        int size = size(layout);
        if (row(layout, size) == end(layout)) {
            makeRoom(layout);
        }
        int row = row(layout, index);
        System.arraycopy(cells, row, cells, row + layout.rowCells, (size - index) * layout.rowCells);
        Arrays.fill(cells, row, row + layout.rowCells, 0);
        cells[row] = start;
        regions[layout.number * FIELDS + SIZE]++;
    }

    /** Takes the place of rows that left, or gives the region twice the room when less than a quarter of it is theirs. */
    private void makeRoom(TileLayout layout) {
        int from = row(layout, 0);
        int capacity = (end(layout) - begin(layout)) / layout.rowCells;
        if (regions[layout.number * FIELDS + FIRST] * 4 <= capacity) {
            grow(layout, Math.max(FIRST_CAPACITY, capacity));
        }
        regions[layout.number * FIELDS + FIRST] = 0;
        System.arraycopy(cells, from, cells, begin(layout), size(layout) * layout.rowCells);
    }

    private void grow(TileLayout layout, int rows) {
        int end = end(layout);
        int added = rows * layout.rowCells;
        long[] larger = Arrays.copyOf(cells, cells.length + added);
        System.arraycopy(cells, end, larger, end + added, cells.length - end);
        cells = larger;
        for (int later = layout.number + 1; later < layouts.size(); later++) {
            regions[later * FIELDS + BEGIN] += added;
        }
    }

    private int whole(TileLayout layout, int window) {
        return layout.wholes + window * layout.rowCells;
    }

    private int size(TileLayout layout) {
        return regions[layout.number * FIELDS + SIZE];
    }

    private int begin(TileLayout layout) {
        return regions[layout.number * FIELDS + BEGIN];
    }

    private int end(TileLayout layout) {
        int next = (layout.number + 1) * FIELDS + BEGIN;
        return next < regions.length ? regions[next] : cells.length;
    }

    private int row(TileLayout layout, int index) {
        return begin(layout) + (regions[layout.number * FIELDS + FIRST] + index) * layout.rowCells;
    }
}
