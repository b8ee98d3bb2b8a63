package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * One user's tiles of one hop: a row a tile, all in one array, so that an event touches the few cells it changes and
 * nothing else. Only tiles that hold events exist.
 *
 * <p>What a window says is the merge of its tiles. Each window keeps that merge in a row of its own, its whole, and an
 * event is added to it as it is to its tile, a late one too; it is made anew from the tiles only when the window's oldest
 * tile has left. So an event costs one addition for the tile and one for each window of this hop, however long they are
 * and however many events they hold, and a tile that leaves costs at most length / hop merges. The wholes are derived and
 * never written to state.
 *
 * <p>Invariant: starts ascend strictly. Bounded: length / hop + 1 rows of the longest window.
 */
final class Tiles {
    private static final long NO_TILE = Long.MAX_VALUE;
    private static final int FIRST_CAPACITY = 2;
    private static final int OBJECT_BYTES = 48;

    private final TileLayout layout;
    /** First the windows' wholes, then rows of tiles, of which those from {@code first} on are in use. */
    private long[] cells;

    private int first;
    private int size;

    Tiles(TileLayout layout) {
        this.layout = layout;
        this.cells = new long[(layout.readers.length + FIRST_CAPACITY) * layout.rowCells];
        for (int window = 0; window < layout.readers.length; window++) {
            cells[whole(window)] = NO_TILE;
        }
    }

    int size() {
        return size;
    }

    /** Adds an event; {@code nowMillis} is the user's largest event time, this event's included. */
    void add(BehaviorEvent event, long nowMillis) {
        long oldest = layout.longest.oldestTile(nowMillis);
        evictBefore(oldest);
        long tile = layout.longest.tileOf(event.getEventTime());
        if (tile < oldest) {
            return;
        }
        int row = -1;
        for (int column : layout.fedBy(event.getType())) {
            if (!layout.operations[column].accepts(event)) {
                continue;
            }
            if (row < 0) {
                row = rowOf(tile);
            }
            add(row, column, event);
            for (int window = 0; window < layout.readers.length; window++) {
                int whole = whole(window);
                if (cells[whole] <= tile) {
                    add(whole, column, event);
                }
            }
        }
    }

    /** Puts what each window says at {@code nowMillis}, which never goes back, at its positions; none where it is empty. */
    void read(long nowMillis, double[] statistics) {
        for (int window = 0; window < layout.readers.length; window++) {
            TileLayout.Reader reader = layout.readers[window];
            int oldest = indexFrom(reader.window().oldestTile(nowMillis));
            if (oldest == size) {
                continue;
            }
            int row = merged(window, oldest);
            for (int i = 0; i < reader.columns().length; i++) {
                int column = reader.columns()[i];
                if (holds(row, column)) {
                    statistics[reader.positions()[i]] =
                            layout.operations[column].number(cells, row + layout.offsets[column], nowMillis);
                }
            }
        }
    }

    /** Writes the tiles column by column, each standing by itself, so that a reader may skip it. */
    void write(Encoder out, long nowMillis) throws IOException {
        evictBefore(layout.longest.oldestTile(nowMillis));
        out.writeInt(size);
        long previous = 0;
        for (int i = 0; i < size; i++) {
            out.writeLong(cells[row(i)] - previous);
            previous = cells[row(i)];
        }
        int fed = 0;
        for (int column = 0; column < layout.operations.length; column++) {
            fed += count(column) == 0 ? 0 : 1;
        }
        out.writeInt(fed);
        ByteArrayOutputStream block = new ByteArrayOutputStream(256);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(block, null);
        for (int column = 0; column < layout.operations.length; column++) {
            int count = count(column);
            if (count == 0) {
                continue;
            }
            block.reset();
            encoder.writeInt(count);
            int last = 0;
            for (int i = 0; i < size; i++) {
                if (holds(row(i), column)) {
                    encoder.writeInt(i - last);
                    last = i;
                    layout.operations[column].write(cells, row(i) + layout.offsets[column], encoder);
                }
            }
            StateId.write(layout.id(column), out);
            out.writeBytes(block.toByteArray());
        }
    }

    /** Reads what {@link #write} wrote; columns that the layout does not have are left out. */
    static Tiles read(TileLayout layout, Decoder in) throws IOException {
        Tiles tiles = new Tiles(layout);
        int rows = in.readInt();
        long start = 0;
        for (int i = 0; i < rows; i++) {
            start += in.readLong();
            tiles.insert(i, start);
        }
        int columns = in.readInt();
        BinaryDecoder decoder = null;
        for (int i = 0; i < columns; i++) {
            int column = layout.columnOf(StateId.read(in));
            ByteBuffer block = in.readBytes(null);
            if (column >= 0) {
                decoder = DecoderFactory.get().binaryDecoder(block.array(), block.position(), block.remaining(), decoder);
                tiles.readColumn(column, decoder);
            }
        }
        return tiles;
    }

    /** Reads over what {@link #write} wrote. */
    static void skip(Decoder in) throws IOException {
        int rows = in.readInt();
        for (int i = 0; i < rows; i++) {
            in.readLong();
        }
        int columns = in.readInt();
        for (int i = 0; i < columns; i++) {
            StateId.read(in);
            in.skipBytes();
        }
    }

    int memoryBytes() {
        return OBJECT_BYTES + cells.length * Long.BYTES;
    }

    private void readColumn(int column, Decoder in) throws IOException {
        int count = in.readInt();
        int index = 0;
        for (int i = 0; i < count; i++) {
            index += in.readInt();
            mark(row(index), column);
            layout.operations[column].read(cells, row(index) + layout.offsets[column], in);
        }
    }

    private int count(int column) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += holds(row(i), column) ? 1 : 0;
        }
        return count;
    }

    private void add(int row, int column, BehaviorEvent event) {
        TiledOperation operation = layout.operations[column];
        int at = row + layout.offsets[column];
        if (!holds(row, column)) {
            mark(row, column);
            operation.clear(cells, at);
        }
        operation.add(cells, at, event);
    }

    /** Row that says what the window over the tiles from number {@code oldest} on says. */
    private int merged(int window, int oldest) {
        int whole = whole(window);
        if (oldest == size - 1) {
            cells[whole] = NO_TILE;
            return row(oldest);
        }
        if (cells[whole] != cells[row(oldest)]) {
            System.arraycopy(cells, row(oldest), cells, whole, layout.rowCells);
            for (int i = oldest + 1; i < size; i++) {
                merge(whole, row(i));
            }
        }
        return whole;
    }

    private void merge(int into, int row) {
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

    private boolean holds(int row, int column) {
        return (cells[row + TileLayout.maskCell(column)] & TileLayout.maskBit(column)) != 0;
    }

    private void mark(int row, int column) {
        cells[row + TileLayout.maskCell(column)] |= TileLayout.maskBit(column);
    }

    private void evictBefore(long oldestStart) {
        int evicted = indexFrom(oldestStart);
        first += evicted;
        size -= evicted;
    }

    /** Row of the tile that starts at {@code start}, a new one if there is none. */
    private int rowOf(long start) {
        int index = size > 0 && cells[row(size - 1)] < start ? size : indexFrom(start);
        if (index == size || cells[row(index)] != start) {
            insert(index, start);
        }
        return row(index);
    }

    /** Number of the first tile that starts at {@code start} or later. */
    private int indexFrom(long start) {
        if (size == 0 || cells[row(0)] >= start) {
            return 0;
        }
        int low = 1;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cells[row(middle)] < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(int index, long start) {
        if (row(size) == cells.length) {
            makeRoom();
        }
        System.arraycopy(cells, row(index), cells, row(index + 1), (size - index) * layout.rowCells);
        int row = row(index);
        Arrays.fill(cells, row, row + layout.rowCells, 0);
        cells[row] = start;
        size++;
    }

    /** Takes the place of rows that left, or twice the room when less than a quarter of it is theirs. */
    private void makeRoom() {
        int from = row(0);
        int capacity = cells.length / layout.rowCells - layout.readers.length;
        long[] target = first * 4 < capacity ? Arrays.copyOf(cells, cells.length + capacity * layout.rowCells) : cells;
        first = 0;
        System.arraycopy(cells, from, target, row(0), size * layout.rowCells);
        cells = target;
    }

    private int whole(int window) {
        return window * layout.rowCells;
    }

    private int row(int index) {
        return (layout.readers.length + first + index) * layout.rowCells;
    }
}
