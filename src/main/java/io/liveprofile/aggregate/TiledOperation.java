package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * An operation whose partial aggregate is a fixed number of cells of 64 bits, so that the partials of all aggregates of a
 * tile lie in one row ({@link Tiles}). A partial is named by its array and the position of its first cell; a cell is a
 * long or a double's bits.
 *
 * <p>Law every implementation keeps: adding events one by one to one partial gives the same value as adding them to
 * several partials and merging those, in whatever order.
 */
abstract non-sealed class TiledOperation extends Operation {
    private static final int MAX_CELL_BYTES = 10;

    /** Cells of one partial. */
    abstract int cells();

    /** Makes the cells a partial of no events. */
    abstract void clear(long[] cells, int at);

    /** Adds an accepted event. */
    abstract void add(long[] cells, int at, BehaviorEvent event);

    /** Adds to one partial what another one holds, which stays as it is. */
    abstract void merge(long[] cells, int at, long[] other, int otherAt);

    /** Value at {@code nowMillis} of a partial of at least one event; NaN = none. */
    abstract double number(long[] cells, int at, long nowMillis);

    /** Puts the numbers of all {@link #outputs}. */
    void numbers(long[] cells, int at, long nowMillis, double[] numbers, int position) {
        numbers[position] = number(cells, at, nowMillis);
    }

    /** Whether the value changes while time goes on and no event comes or leaves. */
    boolean movesWithTime() {
        return false;
    }

    @Override
    final int maxBytes() {
        return cells() * MAX_CELL_BYTES;
    }

    /** Writes cell by cell as a long of variable length; for partials of doubles see {@link NumericOperation}. */
    void write(long[] cells, int at, Encoder out) throws IOException {
        for (int i = at; i < at + cells(); i++) {
            out.writeLong(cells[i]);
        }
    }

    /** Reads what {@link #write} of that format wrote. */
    void read(int format, long[] cells, int at, Decoder in) throws IOException {
        for (int i = at; i < at + cells(); i++) {
            cells[i] = in.readLong();
        }
    }
}
