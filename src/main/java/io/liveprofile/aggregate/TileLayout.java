package io.liveprofile.aggregate;

import io.liveprofile.event.EventType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How the tiles of one hop lie in memory: which aggregates share a tile, at which cells of its row each has its partial,
 * and which windows read them. Part of the plan, shared by all users; {@link Tiles} are one user's.
 *
 * <p>A row: start of the tile, one bit for each column that holds events (64 a cell), the columns' partials.
 */
final class TileLayout {
    static final int START = 0;
    static final int MASK = 1;

    private static final int BITS = 64;

    /** One window over these tiles, the columns it reads and where in the statistics each goes. */
    record Reader(Window window, int[] columns, int[] positions) {}

    final long hopMillis;
    /** Number of the layout in the plan. */
    final int number;
    /** Cell of a user's tiles at which the windows' wholes begin. */
    final int wholes;
    /** The window that decides how long tiles are kept. */
    final Window longest;
    final Reader[] readers;
    final TiledOperation[] operations;
    /** First cell of each column's partial in a row. */
    final int[] offsets;
    final int rowCells;

    private final AggregateDefinition[] definitions;
    private final Map<EventType, int[]> fedBy = new EnumMap<>(EventType.class);

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
        this.offsets = new int[operations.length];
        int next = MASK + (operations.length + BITS - 1) / BITS;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = next;
            next += operations[i].cells();
        }
        this.rowCells = next;
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

    /** Cells that the wholes of this layout's windows take. */
    int wholesCells() {
        return readers.length * rowCells;
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

    /** Cell of a row that holds the column's bit. */
    static int maskCell(int column) {
        return MASK + column / BITS;
    }

    /** The column's bit in its cell. */
    static long maskBit(int column) {
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
