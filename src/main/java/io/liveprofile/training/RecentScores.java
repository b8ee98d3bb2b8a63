package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** The newest scores, such as probabilities or logits, and what came of each. Takes 8 bytes a score. */
final class RecentScores {
    private final float[] scores;
    private final float[] labels;
    private long added;

    /** @param size how many are kept, at least 1 */
    RecentScores(int size) {
        this.scores = new float[size];
        this.labels = new float[size];
    }

    void add(float score, boolean isPositive) {
        int place = (int) (added % scores.length);
        scores[place] = score;
        labels[place] = isPositive ? 1 : 0;
        added++;
    }

    /** How many were ever added. */
    long added() {
        return added;
    }

    /** Those that are kept, in no order. */
    float[] scores() {
        return Arrays.copyOf(scores, size());
    }

    /** 0 or 1, in the order of {@link #scores}. */
    float[] labels() {
        return Arrays.copyOf(labels, size());
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(added);
        Weights.write(scores, out);
        Weights.write(labels, out);
    }

    /** Reads what {@link #write} wrote of as many; of another number, nothing is known yet. */
    void read(DataInput in) throws IOException {
        long wereAdded = in.readLong();
        float[] readScores = Weights.read(in);
        float[] readLabels = Weights.read(in);
        if (readScores.length == scores.length) {
            added = wereAdded;
            System.arraycopy(readScores, 0, scores, 0, scores.length);
            System.arraycopy(readLabels, 0, labels, 0, labels.length);
        }
    }

    private int size() {
        return (int) Math.min(added, scores.length);
    }
}
