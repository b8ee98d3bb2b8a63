package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;

/**
 * One user's tiles of all hops: a row a tile, all in one array, so that an event touches the few cells it changes and
 * nothing else, and a user is few pieces of memory. Only tiles that hold events exist, and a row has cells only for the
 * columns that hold some: most users' tiles hold an event or two, so they take a fifth of what full rows would.
 *
 * <p>What a window says is the merge of its tiles. Each window keeps that merge, its whole, and an event is added to it as
 * it is to its tile, a late one too; it is made anew from the tiles only when the window's oldest tile has left. So an event
 * costs one addition for the tile and one for each window of the hop, however long they are and however many events they
 * hold, and a tile that leaves costs at most length / hop merges. The wholes are derived and never written to state.
 *
 * <p>The array: the wholes, each the start of its first tile, a mask and a place for every column; then the rows by layout
 * and start, each a mask (one bit for each column that holds events, 64 a cell) and the partials of those columns. Rows come
 * and go by moving those behind them, which are few: layouts stand in descending order of hop. Bounded: length / hop + 1
 * rows of each hop's longest window.
 */
final class Tiles {
    private static final long NO_TILE = Long.MAX_VALUE;
    private static final int FIRST_CAPACITY = 4;
    private static final int OBJECT_BYTES = 120;
    /** Cells given beyond those needed. */
    private static final int ROOM = 8;

    private final List<TileLayout> layouts;
    /** By layout: number of its first row; behind the last one the number of all rows. */
    private final int[] firsts;
    /** Starts of the rows, strictly ascending within a layout. */
    private long[] starts = new long[FIRST_CAPACITY];
    /** Cell at which each row begins. */
    private int[] begins = new int[FIRST_CAPACITY];
    private long[] cells;
    /** Cell behind the last row. */
    private int end;

    Tiles(List<TileLayout> layouts) {
        this.layouts = layouts;
        this.firsts = new int[layouts.size() + 1];
        for (TileLayout layout : layouts) {
            end += layout.wholesCells();
        }
        this.cells = new long[end];
        for (TileLayout layout : layouts) {
            for (int window = 0; window < layout.readers.length; window++) {
                cells[layout.whole(window)] = NO_TILE;
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
                int oldest = rowFrom(layout, layout.readers[window].window().oldestTile(nowMillis));
                if (oldest < behind(layout)) {
                    read(layout, window, oldest, nowMillis, statistics);
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
            TileLayout layout = layoutOf(in.readLong());
            long[] starts = new long[in.readInt()];
            long start = 0;
            for (int row = 0; row < starts.length; row++) {
                start += in.readLong();
                starts[row] = start;
            }
            // as wholes at first, as columns come one by one
            long[] full = layout == null ? null : new long[starts.length * layout.wholeCells];
            int columns = in.readInt();
            for (int j = 0; j < columns; j++) {
                int id = StateId.read(in);
                int column = layout == null ? -1 : layout.columnOf(id);
                int format = in.readInt();
                int bytes = (int) in.readLong();
                if (column < 0) {
                    in.skipFixed(bytes);
                } else {
                    readColumn(layout, column, UserAggregates.known(format, layout.definition(column)), full, in);
                }
            }
            if (layout != null) {
                addPacked(layout, starts, full);
            }
        }
    }

    int memoryBytes() {
        return OBJECT_BYTES + firsts.length * Integer.BYTES + starts.length * (Long.BYTES + Integer.BYTES)
                + cells.length * Long.BYTES;
    }

    private TileLayout layoutOf(long hopMillis) {
        for (int i = 0; i < layouts.size(); i++) {
            if (layouts.get(i).hopMillis == hopMillis) {
                return layouts.get(i);
            }
        }
        return null;
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
        int next = 0; // columns ascend, and so do their cells
        int cell = 0;
        for (int column : columns) {
            if (!passed.by(layout.definition(column)) || !layout.operations[column].accepts(event)) {
                continue;
            }
            if (row < 0) {
                row = rowOf(layout, tile);
                cell = begins[row] + layout.maskCells;
            }
            cell += layout.cellsBetween(cells, begins[row], next, column);
            hold(layout, row, column, cell); // may need a larger array
            layout.operations[column].add(cells, cell, event);
            cell += layout.widths[column];
            next = column + 1;
            for (int window = 0; window < layout.readers.length; window++) {
                int whole = layout.whole(window);
                if (cells[whole] <= tile) {
                    addToWhole(layout, whole, column, event);
                }
            }
        }
    }

    private void addToWhole(TileLayout layout, int whole, int column, BehaviorEvent event) {
        TiledOperation operation = layout.operations[column];
        int at = whole + layout.offsets[column];
        if (!layout.holds(cells, whole + 1, column)) {
            layout.mark(cells, whole + 1, column);
            operation.clear(cells, at);
        }
        operation.add(cells, at, event);
    }

    private void read(TileLayout layout, int window, int oldest, long nowMillis, double[] statistics) {
        int whole = layout.whole(window);
        if (cells[whole] != starts[oldest]) {
            merge(layout, oldest, whole);
        }
        TileLayout.Reader reader = layout.readers[window];
        int[] columns = reader.columns();
        for (int i = 0; i < columns.length; i++) {
            int column = columns[i];
            if (layout.holds(cells, whole + 1, column)) {
                layout.operations[column].numbers(
                        cells, whole + layout.offsets[column], nowMillis, statistics, reader.positions()[i]);
            }
        }
    }

    /** Makes a window's whole of the tiles from row {@code oldest} on. */
    private void merge(TileLayout layout, int oldest, int whole) {
        cells[whole] = starts[oldest];
        Arrays.fill(cells, whole + 1, whole + 1 + layout.maskCells, 0);
        int behind = behind(layout);
        for (int row = oldest; row < behind; row++) {
            int mask = begins[row];
            int at = mask + layout.maskCells;
            for (int column = layout.nextColumn(cells, mask, 0); column >= 0;
                    column = layout.nextColumn(cells, mask, column + 1)) {
                int into = whole + layout.offsets[column];
                if (layout.holds(cells, whole + 1, column)) {
                    layout.operations[column].merge(cells, into, cells, at);
                } else {
                    layout.mark(cells, whole + 1, column);
                    copy(cells, at, cells, into, layout.widths[column]);
                }
                at += layout.widths[column];
            }
        }
    }

    private void write(TileLayout layout, ByteArrayEncoder block, ByteArrayEncoder out) throws IOException {
        int first = first(layout);
        int size = size(layout);
        out.writeLong(layout.hopMillis);
        out.writeInt(size);
        long previous = 0;
        long[] fed = new long[layout.maskCells];
        int[] next = new int[size]; // cell of each row's next partial, as columns ascend
        for (int i = 0; i < size; i++) {
            out.writeLong(starts[first + i] - previous);
            previous = starts[first + i];
            next[i] = begins[first + i] + layout.maskCells;
            for (int word = 0; word < fed.length; word++) {
                fed[word] |= cells[begins[first + i] + word];
            }
        }
        int columns = 0;
        for (long word : fed) {
            columns += Long.bitCount(word);
        }
        out.writeInt(columns);
        for (int column = layout.nextColumn(fed, 0, 0); column >= 0; column = layout.nextColumn(fed, 0, column + 1)) {
            block.reset();
            block.writeInt(rowsWith(layout, column));
            int last = 0;
            for (int i = 0; i < size; i++) {
                if (layout.holds(cells, begins[first + i], column)) {
                    block.writeInt(i - last);
                    last = i;
                    layout.operations[column].write(cells, next[i], block);
                    next[i] += layout.widths[column];
                }
            }
            StateId.write(layout.definition(column).id(), out);
            out.writeInt(layout.operations[column].format());
            block.writeTo(out);
        }
    }

    private static void readColumn(TileLayout layout, int column, int format, long[] full, Decoder in) throws IOException {
        int count = in.readInt();
        int index = 0;
        for (int i = 0; i < count; i++) {
            index += in.readInt();
            int row = index * layout.wholeCells;
            layout.mark(full, row + 1, column);
            layout.operations[column].read(format, full, row + layout.offsets[column], in);
        }
    }

    /** Adds rows to a layout that has none; those that hold nothing are left out. */
    private void addPacked(TileLayout layout, long[] rowStarts, long[] full) {
        for (int i = 0; i < rowStarts.length; i++) {
            int mask = i * layout.wholeCells + 1;
            int width = layout.cellsOfAll(full, mask);
            if (width == 0) {
                continue;
            }
            int row = behind(layout);
            insert(layout, row, rowStarts[i], layout.maskCells + width);
            int at = copy(full, mask, cells, begins[row], layout.maskCells);
            for (int column = layout.nextColumn(full, mask, 0); column >= 0;
                    column = layout.nextColumn(full, mask, column + 1)) {
                at = copy(full, mask - 1 + layout.offsets[column], cells, at, layout.widths[column]);
            }
        }
    }

    private int rowsWith(TileLayout layout, int column) {
        int count = 0;
        for (int row = first(layout); row < behind(layout); row++) {
            count += layout.holds(cells, begins[row], column) ? 1 : 0;
        }
        return count;
    }

    /** The row of the tile that starts at {@code start}, a new one if there is none. */
    private int rowOf(TileLayout layout, long start) {
        int behind = behind(layout);
        int row = size(layout) > 0 && starts[behind - 1] < start ? behind : rowFrom(layout, start);
        if (row < behind && starts[row] == start) {
            return row;
        }
        insert(layout, row, start, layout.maskCells);
        Arrays.fill(cells, begins[row], begins[row] + layout.maskCells, 0);
        return row;
    }

    /** The first row whose tile starts at {@code start} or later. */
    private int rowFrom(TileLayout layout, long start) {
        int first = first(layout);
        int behind = behind(layout);
        if (first == behind || starts[first] >= start) {
            return first;
        }
        int row = Arrays.binarySearch(starts, first, behind, start);
        return row >= 0 ? row : -1 - row;
    }

    /** Sees to it that a row has a column's partial, whose place is {@code cell}. */
    private void hold(TileLayout layout, int row, int column, int cell) {
        if (!layout.holds(cells, begins[row], column)) {
            move(row + 1, cell, layout.widths[column]);
            layout.mark(cells, begins[row], column);
            layout.operations[column].clear(cells, cell);
        }
    }

    /** Makes a row of so many cells, which hold anything. */
    private void insert(TileLayout layout, int row, long start, int width) {
        int rows = rows();
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, rows + rows / 4 + FIRST_CAPACITY);
            begins = Arrays.copyOf(begins, starts.length);
        }
        int begin = row < rows ? begins[row] : end;
        move(row, begin, width);
        System.arraycopy(starts, row, starts, row + 1, rows - row);
        System.arraycopy(begins, row, begins, row + 1, rows - row);
        starts[row] = start;
        begins[row] = begin;
        countRows(layout, 1);
    }

    private void evictBefore(TileLayout layout, long oldestStart) {
        int first = first(layout);
        int kept = rowFrom(layout, oldestStart);
        if (kept == first) {
            return;
        }
        int rows = rows();
        int behind = kept < rows ? begins[kept] : end;
        move(kept, behind, begins[first] - behind);
        System.arraycopy(starts, kept, starts, first, rows - kept);
        System.arraycopy(begins, kept, begins, first, rows - kept);
        countRows(layout, first - kept);
    }

    /** Moves the cells from {@code at} on by {@code width}, which may be negative, and with them the rows from {@code row} on. */
    private void move(int row, int at, int width) {
        if (end + width > cells.length) {
            cells = Arrays.copyOf(cells, end + width + (end + width) / 8 + ROOM);
        }
        System.arraycopy(cells, at, cells, at + width, end - at);
        end += width;
        int rows = rows();
        for (int i = row; i < rows; i++) {
            begins[i] += width;
        }
    }

    private void countRows(TileLayout layout, int more) {
        for (int i = layout.number + 1; i < firsts.length; i++) {
            firsts[i] += more;
        }
    }

    private int rows() {
        return firsts[firsts.length - 1];
    }

    private int first(TileLayout layout) {
        return firsts[layout.number];
    }

    /** Number of the row behind the layout's last one. */
    private int behind(TileLayout layout) {
        return firsts[layout.number + 1];
    }

    private int size(TileLayout layout) {
        return behind(layout) - first(layout);
    }

    /** Copies a few cells; gives the cell behind the last one written. */
    private static int copy(long[] from, int at, long[] into, int to, int width) {
        for (int i = 0; i < width; i++) {
            into[to + i] = from[at + i];
        }
        return to + width;
    }
}
