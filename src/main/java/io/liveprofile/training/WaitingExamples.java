package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Examples whose label is known and whose time has not come. A positive is known sooner than a negative, so each waits until
 * both of its age are: else positives alone would be judged at first and learned, and by models of another hour than the
 * negatives beside them.
 *
 * <p>When more than {@value #MOST} wait, half of all vectors is left out from then on, chosen by their hash and so whatever came
 * of them: of those that wait as of those that come. When a quarter of that waits, twice the share of the vectors that are scored
 * from then on is taken again, and no sooner than all of before have left. So the share follows the rate of positives and says
 * nothing of them.
 */
final class WaitingExamples {
    static final int MOST = 20_000;
    private static final long SEED = 0x6a75646765L;

    /** What becomes of an example. */
    enum Use {
        JUDGED,
        LEARNED;

        private static final String BOTH = "BOTH";

        /** What trainers of before would have judged and learned is learned. */
        private static Use read(String name) {
            return name.equals(BOTH) ? LEARNED : valueOf(name);
        }
    }

    /**
     * One head of a vector.
     *
     * @param weight of it when it is learned, at least 0
     * @param asOf up to which the vector knows its user, ms UTC
     * @param time until which it waits, ms UTC
     */
    record Example(
            String id, int head, String user, float[] vector, boolean isPositive, float weight, long asOf, long time, Use use) {
        private void write(DataOutput out) throws IOException {
            out.writeUTF(id);
            out.writeInt(head);
            out.writeUTF(user);
            Weights.write(vector, out);
            out.writeBoolean(isPositive);
            out.writeFloat(weight);
            out.writeLong(asOf);
            out.writeLong(time);
            out.writeUTF(use.name());
        }

        private static Example read(DataInput in) throws IOException {
            return new Example(in.readUTF(), in.readInt(), in.readUTF(), Weights.read(in), in.readBoolean(), in.readFloat(),
                    in.readLong(), in.readLong(), Use.read(in.readUTF()));
        }
    }

    private final PriorityQueue<Example> waiting = new PriorityQueue<>(Comparator.comparingLong(Example::time)
            .thenComparing(Example::id).thenComparingInt(Example::head).thenComparing(Example::use));
    private final long longestHorizon;
    /** Vectors are left out whose hash is not below it; of vectors before {@code raisedAt} below half of it. */
    private long hashLimit = Long.MAX_VALUE;
    private long raisedAt = Long.MIN_VALUE;

    /** @param longestHorizon of any head, ms */
    WaitingExamples(long longestHorizon) {
        this.longestHorizon = longestHorizon;
    }

    /** Whether the vector is one of those that are judged and learned. */
    boolean isTaken(Prediction prediction) {
        return isTaken(prediction.id(), prediction.asOf());
    }

    /** Share of the newest vectors that is taken, above 0 to 1. */
    double takenShare() {
        return hashLimit / (double) Long.MAX_VALUE;
    }

    private boolean isTaken(String id, long asOf) {
        return hash(id) < (asOf >= raisedAt ? hashLimit : hashLimit / 2);
    }

    /** How many wait, one a vector and head. */
    int size() {
        return waiting.size();
    }

    /** @param example of a vector that is taken */
    void add(Example example) {
        waiting.add(example);
        if (waiting.size() > MOST) {
            hashLimit /= 2;
            waiting.removeIf(each -> !isTaken(each.id, each.asOf));
        }
    }

    /** Lets go of those whose time is over, in order of it. */
    List<Example> due(long now) {
        List<Example> due = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().time < now) {
            due.add(waiting.remove());
        }
        if (hashLimit < Long.MAX_VALUE && waiting.size() < MOST / 4
                && (raisedAt == Long.MIN_VALUE || now > raisedAt + longestHorizon)) {
            hashLimit = hashLimit > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : hashLimit * 2;
            raisedAt = now;
        }
        return due;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(hashLimit);
        out.writeLong(raisedAt);
        out.writeInt(waiting.size());
        for (Example each : waiting) {
            each.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        hashLimit = in.readLong();
        raisedAt = in.readLong();
        waiting.clear();
        for (int i = in.readInt(); i > 0; i--) {
            waiting.add(Example.read(in));
        }
    }

    /** From 0 to Long.MAX_VALUE. */
    private static long hash(String predictionId) {
        return MurmurHash3.hash(predictionId.getBytes(StandardCharsets.UTF_8), SEED)[0] >>> 1;
    }
}
