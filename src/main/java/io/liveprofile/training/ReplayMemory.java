package io.liveprofile.training;

import io.liveprofile.training.OnlineLearner.Row;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows to learn from again, of all that came in about the time of {@code span}: each new row is kept with a chance and takes
 * the place of any other, so that the age of a kept row is distributed exponentially with the span as its mean (biased reservoir
 * sampling: Aggarwal, "On Biased Reservoir Sampling in the Presence of Stream Evolution", VLDB 2006, sec. 3). The chance is the
 * room divided by the number of rows that came within the span, those before it fading; while nothing has faded it is a plain
 * reservoir (Vitter 1985, algorithm R).
 */
final class ReplayMemory {
    private final int room;
    private final double spanMillis;
    private final List<Row> rows = new ArrayList<>();
    /** Rows that came, each counting {@code exp(-age / span)}. */
    private double came;
    private long now = Long.MIN_VALUE;

    /**
     * @param room rows at most, at least 0
     * @param span mean age of what is kept, in event time, above 0
     */
    ReplayMemory(int room, Duration span) {
        this.room = room;
        this.spanMillis = span.toMillis();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** @param time at which the rows became known, ms UTC */
    void add(List<Row> news, long time, SplittableRandom random) {
        if (now != Long.MIN_VALUE && time > now) {
            came *= Math.exp(-(time - now) / spanMillis);
        }
        now = Math.max(now, time);
        for (Row row : news) {
            came++;
            if (rows.size() < room) {
                rows.add(row);
            } else if (room > 0 && random.nextDouble() * came < room) {
                rows.set(random.nextInt(room), row);
            }
        }
    }

    /** Any of the rows, which are some. */
    Row draw(SplittableRandom random) {
        return rows.get(random.nextInt(rows.size()));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(now);
        out.writeDouble(came);
        out.writeInt(rows.size());
        for (Row row : rows) {
            row.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        now = in.readLong();
        came = in.readDouble();
        rows.clear();
        for (int i = in.readInt(); i > 0; i--) {
            rows.add(Row.read(in));
        }
    }
}
