package io.liveprofile.aggregate;

import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How the tiles of one hop lie in memory: which aggregates share a tile, each a column, how many cells its partial takes,
 * and which windows read them. Part of the plan, shared by all users; {@link Tiles} are one user's.
 */
final class TileLayout {
    private static final int BITS = 64;

    /** One window over these tiles, the columns it reads and where in the statistics each goes. */
    record Reader(Window window, int[] columns, int[] positions) {}

    /** Number of the layout in the plan. */
    final int number;
    final long hopMillis;
    /** The window that decides how long tiles are kept. */
    final Window longest;
    final Reader[] readers;
    final TiledOperation[] operations;
    /** Cells of each column's partial. */
    final int[] widths;
    /** Cells that take one bit for each column. */
    final int maskCells;
    /** First cell of each column's partial in a window's whole, where every column has its place. */
    final int[] offsets;
    /** Cells of a whole: start of its first tile, the mask, all columns. */
    final int wholeCells;

    /** Cell of a user's tiles at which the wholes begin. */
    private final int wholes;
    private final AggregateDefinition[] definitions;
    private final Map<EventType, int[]> fedBy = new EnumMap<>(EventType.class);
    /** By cell of the mask: the columns of one cell each. */
    private final long[] narrow;

    /**
     * @param before the layout that stands before this one in the plan; null = this is the first
     * @param definitions the aggregates that have a window of this hop, one a column
     * @param statistics names of all statistics, in order of position
     */
    TileLayout(TileLayout before, long hopMillis, List<AggregateDefinition> definitions, List<String> statistics) {
        this.number = before == null ? 0 : before.number + 1;
        this.wholes = before == null ? 0 : before.wholes + before.wholesCells();
        this.hopMillis = hopMillis;
        this.definitions = definitions.toArray(AggregateDefinition[]::new);
        this.operations = definitions.stream()
                .map(definition -> (TiledOperation) definition.operation())
                .toArray(TiledOperation[]::new);
        this.maskCells = (operations.length + BITS - 1) / BITS;
        this.widths = new int[operations.length];
        this.offsets = new int[operations.length];
        this.narrow = new long[maskCells];
        int next = 1 + maskCells;
        for (int column = 0; column < operations.length; column++) {
            widths[column] = operations[column].cells();
            narrow[column / BITS] |= widths[column] == 1 ? bit(column) : 0;
            offsets[column] = next;
            next += widths[column];
        }
        this.wholeCells = next;
        this.readers = readers(definitions, statistics);
        Window longest = readers[0].window();
        for (Reader reader : readers) {
            longest = reader.window().lengthMillis() > longest.lengthMillis() ? reader.window() : longest;
        }
        this.longest = longest;
        for (EventType type : EventType.values()) {
            fedBy.put(type, IntStream.range(0, operations.length)
                    .filter(column -> definitions.get(column).types().contains(type))
                    .toArray());
        }
    }

    /** Cells that the wholes of all windows take. */
    int wholesCells() {
        return readers.length * wholeCells;
    }

    /** Cell of a user's tiles at which a window's whole begins. */
    int whole(int window) {
        return wholes + window * wholeCells;
    }

    int[] fedBy(EventType type) {
        return fedBy.get(type);
    }

    AggregateDefinition definition(int column) {
        return definitions[column];
    }

    /** Column of the aggregate that has this id in state, or -1. */
    int columnOf(int id) {
        for (int column = 0; column < definitions.length; column++) {
            if (definitions[column].id() == id) {
                return column;
            }
        }
        return -1;
    }

    /** Whether the mask that begins at a cell has the column's bit. */
    boolean holds(long[] cells, int mask, int column) {
        return (cells[mask + column / BITS] & bit(column)) != 0;
    }

    void mark(long[] cells, int mask, int column) {
        cells[mask + column / BITS] |= bit(column);
    }

    /** The first column from {@code column} on in the mask that begins at a cell, or -1. */
    int nextColumn(long[] cells, int mask, int column) {
        for (int word = column / BITS; word < maskCells; word++) {
            long bits = cells[mask + word];
            bits = word == column / BITS ? bits & -bit(column) : bits;
            if (bits != 0) {
                return word * BITS + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }

    /** Cells of the columns {@code from} to {@code to}, the latter not included, that are in the mask that begins at a cell. */
    int cellsBetween(long[] cells, int mask, int from, int to) {
        int between = 0;
        for (int word = from / BITS; word <= to / BITS && word < maskCells; word++) {
            long bits = cells[mask + word];
            bits = word == from / BITS ? bits & -bit(from) : bits;
            bits = word == to / BITS ? bits & (bit(to) - 1) : bits;
            between += cellsOf(word, bits);
        }
        return between;
    }

    /** Cells of all columns in the mask that begins at a cell. */
    int cellsOfAll(long[] cells, int mask) {
        return cellsBetween(cells, mask, 0, operations.length);
    }

    private int cellsOf(int word, long columns) {
        int count = Long.bitCount(columns & narrow[word]);
        for (long bits = columns & ~narrow[word]; bits != 0; bits &= bits - 1) {
            count += widths[word * BITS + Long.numberOfTrailingZeros(bits)];
        }
        return count;
    }

    /** The column's bit in its cell. */
    private static long bit(int column) {
        return 1L << column; // Java takes the shift modulo 64
    }

    private Reader[] readers(List<AggregateDefinition> definitions, List<String> statistics) {
        List<Window> windows = definitions.stream()
                .flatMap(definition -> definition.windows().stream())
                .filter(window -> window.hopMillis() == hopMillis)
                .distinct()
                .toList();
        List<Reader> readers = new ArrayList<>();
        for (Window window : windows) {
            int[] columns = IntStream.range(0, definitions.size())
                    .filter(column -> definitions.get(column).windows().contains(window))
                    .toArray();
            int[] positions = IntStream.of(columns)
                    .map(column -> statistics.indexOf(definitions.get(column).statistic(window)))
                    .toArray();
            readers.add(new Reader(window, columns, positions));
        }
        return readers.toArray(Reader[]::new);
    }
}
