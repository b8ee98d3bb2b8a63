package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Rows that are known before they are learned; of more than {@value #MOST} the oldest is learned sooner. */
final class HeldRows {
    private static final int MOST = 100_000;

    /** The number keeps rows of one time in order. */
    private record Held(long learnAt, long number, OnlineLearner.Row row) {}

    private final PriorityQueue<Held> held =
            new PriorityQueue<>(Comparator.comparingLong(Held::learnAt).thenComparingLong(Held::number));
    private long added;

    /** @param learnAt event time from which on it is learned, ms UTC */
    void add(long learnAt, OnlineLearner.Row row) {
        held.add(new Held(learnAt, added++, row));
    }

    /** Moves those that are due at {@code now} to {@code rows}. */
    void release(long now, List<OnlineLearner.Row> rows) {
        while (!held.isEmpty() && (held.peek().learnAt <= now || held.size() > MOST)) {
            rows.add(held.remove().row);
        }
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(added);
        out.writeInt(held.size());
        for (Held each : held) {
            out.writeLong(each.learnAt);
            out.writeLong(each.number);
            each.row.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        added = in.readLong();
        held.clear();
        for (int i = in.readInt(); i > 0; i--) {
            held.add(new Held(in.readLong(), in.readLong(), OnlineLearner.Row.read(in)));
        }
    }
}
