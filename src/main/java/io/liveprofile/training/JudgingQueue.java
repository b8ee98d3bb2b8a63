package io.liveprofile.training;

import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Vectors that wait to be judged, head by head, until their horizon is over, positive or not: positives are known sooner than
 * negatives, and would be judged alone at first. Where more wait than there is room for, a share of the vectors is judged, chosen
 * by their hash and so whatever came of them.
 *
 * <p>Where negatives are learned early, what the model said before it learned is a horizon old by the time it can be judged; of
 * such a head a tenth of the vectors is {@link #isHeldOut held out}, never learned, and kept to be judged with the weights of then.
 */
final class JudgingQueue {
    private static final int MOST = 100_000;
    private static final double HELD_OUT_SHARE = 0.1;
    private static final long SEED = 0x6a75646765L;

    /** One head of a vector. */
    static final class Judging {
        final String id;
        final int head;
        final String user;
        final long due;
        /** What was said of it at first sight; null where {@code vector} is kept. */
        final Said said;
        /** Null where nobody is to be asked again. */
        final float[] vector;
        /** Releases there had been at first sight. */
        final long releases;
        /** 0 or 1; NaN = not known yet. */
        private float label = Float.NaN;

        private Judging(String id, int head, String user, long due, Said said, float[] vector, long releases) {
            this.id = id;
            this.head = head;
            this.user = user;
            this.due = due;
            this.said = said;
            this.vector = vector;
            this.releases = releases;
        }

        boolean isPositive() {
            return label > 0;
        }

        private String key() {
            return id + '/' + head;
        }
    }

    private final List<Label> labels;
    private final Map<String, Judging> judging = new HashMap<>();
    private final PriorityQueue<Judging> byDue =
            new PriorityQueue<>(Comparator.<Judging>comparingLong(each -> each.due).thenComparing(Judging::key));
    /** Vectors are judged whose hash is below it: it falls when too many wait, and with it the share. */
    private long hashLimit = Long.MAX_VALUE;

    JudgingQueue(LabelPlan plan) {
        this.labels = plan.labels();
    }

    /** Whether the vector is judged and never learned, of a head that learns negatives early. */
    static boolean isHeldOut(String predictionId) {
        return hash(predictionId) < HELD_OUT_SHARE * Long.MAX_VALUE;
    }

    /**
     * Takes down what was said at first sight, and what came of it.
     *
     * @param releases that there have been
     */
    void add(String user, LabeledExample example, Said now, long releases) {
        String id = example.prediction().id();
        for (HeadLabel label : example.labels()) {
            Judging each = judging.get(id + '/' + label.head());
            boolean isFirstSight = label.certainty() == Certainty.MATURED || label.certainty() == Certainty.EARLY_NEGATIVE;
            Label of = labels.get(label.head());
            if (each == null && isFirstSight && hash(id) < hashLimit && (!of.isEarly() || isHeldOut(id))) {
                each = new Judging(id, label.head(), user, example.prediction().asOf() + of.horizon().toMillis(),
                        of.isEarly() ? null : now, of.isEarly() ? example.prediction().vector() : null, releases);
                judging.put(each.key(), each);
                byDue.add(each);
            }
            if (each != null && label.certainty().isJudged()) {
                each.label = label.isPositive() ? 1 : 0;
            }
        }
        if (judging.size() > MOST) {
            hashLimit /= 2;
            judging.values().removeIf(each -> hash(each.id) >= hashLimit);
            byDue.removeIf(each -> hash(each.id) >= hashLimit);
        }
    }

    /**
     * Lets go of those whose horizon is over, in order of its end.
     *
     * @param knownAt event time before which every label is known, ms UTC
     */
    List<Judging> due(long knownAt) {
        List<Judging> due = new ArrayList<>();
        while (!byDue.isEmpty() && byDue.peek().due < knownAt) {
            Judging each = byDue.remove();
            judging.remove(each.key());
            if (!Float.isNaN(each.label)) {
                due.add(each);
            }
        }
        return due;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(hashLimit);
        out.writeInt(judging.size());
        for (Judging each : judging.values()) {
            out.writeUTF(each.id);
            out.writeInt(each.head);
            out.writeUTF(each.user);
            out.writeLong(each.due);
            out.writeLong(each.releases);
            out.writeFloat(each.label);
            out.writeBoolean(each.vector != null);
            if (each.vector != null) {
                Weights.write(each.vector, out);
            } else {
                each.said.write(out);
            }
        }
    }

    void read(DataInput in) throws IOException {
        hashLimit = in.readLong();
        judging.clear();
        byDue.clear();
        for (int i = in.readInt(); i > 0; i--) {
            String id = in.readUTF();
            int head = in.readInt();
            String user = in.readUTF();
            long due = in.readLong();
            long releases = in.readLong();
            float label = in.readFloat();
            boolean isVector = in.readBoolean();
            float[] vector = isVector ? Weights.read(in) : null;
            Judging each = new Judging(id, head, user, due, isVector ? null : Said.read(in), vector, releases);
            each.label = label;
            judging.put(each.key(), each);
            byDue.add(each);
        }
    }

    private static long hash(String predictionId) {
        return MurmurHash3.hash(predictionId.getBytes(StandardCharsets.UTF_8), SEED)[0] >>> 1;
    }
}
