package io.liveprofile.training;

import io.liveprofile.model.Examples;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The newest judged examples since the last release, and what each model said of them. */
final class JudgedWindow {
    private static final float[] NO_VECTOR = {};

    private final int size;
    private final Deque<Row> rows = new ArrayDeque<>();

    /**
     * Each array by head.
     *
     * @param labels 0 or 1, NaN = not judged by this row
     * @param predecessor probabilities; null = there is none
     */
    record Row(String user, float[] labels, float[] challenger, float[] champion, float[] predecessor) {}

    /** @param size rows at most, at least 1 */
    JudgedWindow(int size) {
        this.size = size;
    }

    void add(Row row) {
        if (rows.size() == size) {
            rows.removeFirst();
        }
        rows.addLast(row);
    }

    void clear() {
        rows.clear();
    }

    int rows() {
        return rows.size();
    }

    /** Users and labels; the vectors are not kept. */
    Examples examples() {
        float[][] vectors = new float[rows.size()][];
        Arrays.fill(vectors, NO_VECTOR);
        return new Examples(vectors, rows.stream().map(Row::labels).toArray(float[][]::new),
                rows.stream().map(Row::user).toArray(String[]::new));
    }

    float[][] challenger() {
        return rows.stream().map(Row::challenger).toArray(float[][]::new);
    }

    float[][] champion() {
        return rows.stream().map(Row::champion).toArray(float[][]::new);
    }

    /** Null where some row has none. */
    float[][] predecessor() {
        return rows.stream().anyMatch(row -> row.predecessor() == null)
                ? null
                : rows.stream().map(Row::predecessor).toArray(float[][]::new);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(rows.size());
        for (Row row : rows) {
            out.writeUTF(row.user());
            Weights.write(row.labels(), out);
            Weights.write(row.challenger(), out);
            Weights.write(row.champion(), out);
            out.writeBoolean(row.predecessor() != null);
            if (row.predecessor() != null) {
                Weights.write(row.predecessor(), out);
            }
        }
    }

    void read(DataInput in) throws IOException {
        rows.clear();
        for (int i = in.readInt(); i > 0; i--) {
            add(new Row(in.readUTF(), Weights.read(in), Weights.read(in), Weights.read(in),
                    in.readBoolean() ? Weights.read(in) : null));
        }
    }
}
