package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Another operation's statistic for each key of the events, as {@link Groups} of bounded size.
 *
 * <p>Exact while a window holds at most {@code capacity} keys. Beyond that, a key that comes when its tile is full counts
 * for the rest, and of merged tiles the keys with the most events stay (of equals the first in order of text), so the
 * numbers of the keys shown are lower bounds and the whole stays right.
 */
abstract class GroupingOperation extends PartialOperation<Groups> {
    static final String REST = "*";

    private final TiledOperation inner;
    private final Function<BehaviorEvent, String> key;
    private final int capacity;

    GroupingOperation(TiledOperation inner, Function<BehaviorEvent, String> key, int capacity) {
        this.inner = inner;
        this.key = key;
        this.capacity = capacity;
    }

    @Override
    public final boolean accepts(BehaviorEvent event) {
        String value = key.apply(event);
        return value != null && !value.isEmpty() && inner.accepts(event);
    }

    @Override
    public String keyOf(BehaviorEvent event) {
        String value = key.apply(event);
        return value == null || value.isEmpty() ? null : TextList.shortened(value);
    }

    @Override
    final Groups create() {
        Groups groups = new Groups(1 + inner.cells());
        inner.clear(groups.rest, 1);
        return groups;
    }

    @Override
    final void add(Groups groups, BehaviorEvent event) {
        String value = keyOf(event);
        int row = groups.find(value);
        if (row < 0 && (groups.size >= capacity || value.equals(REST))) {
            groups.rest[0]++;
            inner.add(groups.rest, 1, event);
            return;
        }
        if (row < 0) {
            row = -1 - row;
            groups.insert(row, value);
            inner.clear(groups.cells, row + 1);
        }
        groups.cells[row]++;
        inner.add(groups.cells, row + 1, event);
    }

    @Override
    final void merge(Groups groups, Groups later) {
        for (int i = 0; i < later.size; i++) {
            int row = groups.find(later.keys[i]);
            if (row < 0) {
                row = -1 - row;
                groups.insert(row, later.keys[i]);
                inner.clear(groups.cells, row + 1);
            }
            mergeRow(groups.cells, row, later.cells, i * later.width());
        }
        mergeRow(groups.rest, 0, later.rest, 0);
        if (groups.size > capacity) {
            moveLightestToRest(groups);
        }
    }

    @Override
    final void write(Groups groups, Encoder out) throws IOException {
        out.writeInt(groups.size);
        for (int i = 0; i < groups.size; i++) {
            out.writeString(groups.keys[i]);
            writeRow(groups.cells, i * groups.width(), out);
        }
        writeRow(groups.rest, 0, out);
    }

    @Override
    final Groups read(int format, Decoder in) throws IOException {
        Groups groups = create();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            int row = i * groups.width();
            groups.insert(row, in.readString());
            readRow(format, groups.cells, row, in);
        }
        readRow(format, groups.rest, 0, in);
        return groups;
    }

    @Override
    final int maxBytes() {
        return capacity * TextList.MAX_TEXT_BYTES + (capacity + 1) * (10 + inner.maxBytes());
    }

    @Override
    final int memoryBytes(Groups groups) {
        return groups.memoryBytes();
    }

    /** The statistic of key number {@code index}. */
    final double number(Groups groups, int index, long nowMillis) {
        return inner.number(groups.cells, index * groups.width() + 1, nowMillis);
    }

    /** The statistic of the rest; NaN when there is none. */
    final double rest(Groups groups, long nowMillis) {
        return groups.rest[0] == 0 ? Double.NaN : inner.number(groups.rest, 1, nowMillis);
    }

    final double innerWhenEmpty() {
        return inner.whenEmpty();
    }

    /** Moves key number {@code index} into the rest; its row stays until it is removed. */
    final void addToRest(Groups groups, int index) {
        mergeRow(groups.rest, 0, groups.cells, index * groups.width());
    }

    private void moveLightestToRest(Groups groups) {
        int[] lightest = groups.heaviestFirst().skip(capacity).sorted().toArray();
        for (int index : lightest) {
            addToRest(groups, index);
        }
        for (int i = lightest.length - 1; i >= 0; i--) {
            groups.remove(lightest[i]);
        }
    }

    private void mergeRow(long[] cells, int row, long[] other, int otherRow) {
        cells[row] += other[otherRow];
        inner.merge(cells, row + 1, other, otherRow + 1);
    }

    private void writeRow(long[] cells, int row, Encoder out) throws IOException {
        out.writeLong(cells[row]);
        inner.write(cells, row + 1, out);
    }

    private void readRow(int format, long[] cells, int row, Decoder in) throws IOException {
        cells[row] = in.readLong();
        inner.read(format, cells, row + 1, in);
    }
}
