package io.liveprofile.training;

import io.liveprofile.model.InputLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells which inputs have changed their mean: each number's mean over a batch, in standard deviations of the first
 * {@value #REFERENCE_BATCHES} batches and brought into [0, 1], goes through an {@link Adwin} of its own. The chance of a false
 * alarm is shared among the inputs.
 */
final class InputDrift {
    static final int REFERENCE_BATCHES = 20;
    private static final double DELTA = 0.002;
    private static final double LEAST_DEVIATION = 1e-6;

    private final int[] numbers;
    private final Adwin[] detectors;
    private final double[] counts;
    private final double[] sums;
    private final double[] squares;
    private int batches;

    InputDrift(InputLayout layout) {
        this.numbers = layout.numbers();
        this.detectors = new Adwin[numbers.length];
        for (int i = 0; i < detectors.length; i++) {
            detectors[i] = new Adwin(DELTA / detectors.length);
        }
        this.counts = new double[numbers.length];
        this.sums = new double[numbers.length];
        this.squares = new double[numbers.length];
    }

    /** Positions in the vector of the inputs that drifted with this batch. */
    List<Integer> add(float[][] x) {
        List<Integer> drifted = new ArrayList<>();
        boolean isReference = batches < REFERENCE_BATCHES;
        batches++;
        for (int i = 0; i < numbers.length; i++) {
            double sum = 0;
            int count = 0;
            for (float[] row : x) {
                float value = row[numbers[i]];
                if (Float.isFinite(value)) {
                    sum += value;
                    count++;
                    squares[i] += isReference ? (double) value * value : 0;
                }
            }
            if (isReference) {
                sums[i] += sum;
                counts[i] += count;
            } else if (count > 0 && counts[i] > 1 && detectors[i].add(squashed(sum / count, i))) {
                drifted.add(numbers[i]);
            }
        }
        return drifted;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(batches);
        for (int i = 0; i < numbers.length; i++) {
            detectors[i].write(out);
            out.writeDouble(counts[i]);
            out.writeDouble(sums[i]);
            out.writeDouble(squares[i]);
        }
    }

    void read(DataInput in) throws IOException {
        batches = in.readInt();
        for (int i = 0; i < numbers.length; i++) {
            detectors[i].read(in);
            counts[i] = in.readDouble();
            sums[i] = in.readDouble();
            squares[i] = in.readDouble();
        }
    }

    private double squashed(double mean, int i) {
        double reference = sums[i] / counts[i];
        double deviation = Math.sqrt(Math.max(0, squares[i] / counts[i] - reference * reference));
        return 0.5 + Math.atan((mean - reference) / Math.max(LEAST_DEVIATION, deviation)) / Math.PI;
    }
}
