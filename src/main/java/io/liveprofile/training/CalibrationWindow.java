package io.liveprofile.training;

import io.liveprofile.model.PlattCalibration;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** The newest judged logits of a head of the model that learns, releases or not: what its calibration is fitted to. */
final class CalibrationWindow {
    private final float[] logits;
    private final float[] labels;
    private long judged;

    /** @param size of it, at least 1 */
    CalibrationWindow(int size) {
        this.logits = new float[size];
        this.labels = new float[size];
    }

    void add(float logit, boolean isPositive) {
        int place = (int) (judged % logits.length);
        logits[place] = logit;
        labels[place] = isPositive ? 1 : 0;
        judged++;
    }

    /** @param leastOfAClass positives, and negatives, that it takes */
    Optional<PlattCalibration> fit(int leastOfAClass) {
        int size = (int) Math.min(judged, logits.length);
        return PlattCalibration.fit(Arrays.copyOf(logits, size), Arrays.copyOf(labels, size), leastOfAClass);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(judged);
        Weights.write(logits, out);
        Weights.write(labels, out);
    }

    /** Reads what {@link #write} wrote of a window of the same length; of another, nothing is known yet. */
    void read(DataInput in) throws IOException {
        long wasJudged = in.readLong();
        float[] readLogits = Weights.read(in);
        float[] readLabels = Weights.read(in);
        if (readLogits.length == logits.length) {
            judged = wasJudged;
            System.arraycopy(readLogits, 0, logits, 0, logits.length);
            System.arraycopy(readLabels, 0, labels, 0, labels.length);
        }
    }
}
