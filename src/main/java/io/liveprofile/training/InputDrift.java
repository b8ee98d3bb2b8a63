package io.liveprofile.training;

import io.liveprofile.model.InputLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells which inputs have changed: of each number the mean over a batch of what is there, in standard deviations of the first
 * {@value #REFERENCE_BATCHES} batches that have any and brought into [0, 1], and the share of the batch that is missing, go each
 * through an {@link Adwin} of its own. An input that vanishes is told by the latter alone, as it has no mean any more. The
 * chance of a false alarm is shared among all of them.
 */
final class InputDrift {
    static final int REFERENCE_BATCHES = 20;
    private static final double DELTA = 0.002;
    private static final double LEAST_DEVIATION = 1e-6;

    /** What of an input has changed. */
    enum Aspect {
        MEAN("mean"),
        MISSING_SHARE("missing_share");

        private final String text;

        Aspect(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** @param position of the input in the vector */
    record Change(int position, Aspect aspect) {}

    private final List<Input> inputs = new ArrayList<>();

    InputDrift(InputLayout layout) {
        int[] numbers = layout.numbers();
        for (int position : numbers) {
            inputs.add(new Input(position, DELTA / (2 * numbers.length)));
        }
    }

    /**
     * What has changed with this batch.
     *
     * @param x at least one row
     */
    List<Change> add(float[][] x) {
        List<Change> changes = new ArrayList<>();
        inputs.forEach(input -> input.add(x, changes));
        return changes;
    }

    void write(DataOutput out) throws IOException {
        for (Input input : inputs) {
            input.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        for (Input input : inputs) {
            input.read(in);
        }
    }

    /** Reads the state of a version that watched means alone, and had the first batches of all be the reference of each. */
    void readWithoutMissingShares(DataInput in) throws IOException {
        int batches = Math.min(in.readInt(), REFERENCE_BATCHES);
        for (Input input : inputs) {
            input.readWithoutMissingShare(in, batches);
        }
    }

    private static final class Input {
        private final int position;
        private final Adwin means;
        private final Adwin missingShares;
        /** Batches that the reference has: number of values, their sum and that of their squares. */
        private int batches;
        private double count;
        private double sum;
        private double squares;

        private Input(int position, double delta) {
            this.position = position;
            this.means = new Adwin(delta);
            this.missingShares = new Adwin(delta);
        }

        private void add(float[][] x, List<Change> changes) {
            double[] values = IntStream.range(0, x.length).mapToDouble(row -> x[row][position]).filter(Double::isFinite).toArray();
            if (missingShares.add(1 - values.length / (double) x.length)) {
                changes.add(new Change(position, Aspect.MISSING_SHARE));
            }
            if (values.length == 0) {
                return;
            }
            if (batches < REFERENCE_BATCHES) {
                batches++;
                count += values.length;
                sum += Arrays.stream(values).sum();
                squares += Arrays.stream(values).map(value -> value * value).sum();
            } else if (means.add(squashed(Arrays.stream(values).sum() / values.length))) {
                changes.add(new Change(position, Aspect.MEAN));
            }
        }

        private double squashed(double mean) {
            double reference = sum / count;
            double deviation = Math.sqrt(Math.max(0, squares / count - reference * reference));
            return 0.5 + Math.atan((mean - reference) / Math.max(LEAST_DEVIATION, deviation)) / Math.PI;
        }

        private void write(DataOutput out) throws IOException {
            out.writeInt(batches);
            means.write(out);
            missingShares.write(out);
            out.writeDouble(count);
            out.writeDouble(sum);
            out.writeDouble(squares);
        }

        private void read(DataInput in) throws IOException {
            batches = in.readInt();
            means.read(in);
            missingShares.read(in);
            readReference(in);
        }

        /** An input that was not there during those batches gets a reference when it is. */
        private void readWithoutMissingShare(DataInput in, int batchesOfAll) throws IOException {
            means.read(in);
            readReference(in);
            batches = count > 0 ? batchesOfAll : 0;
        }

        private void readReference(DataInput in) throws IOException {
            count = in.readDouble();
            sum = in.readDouble();
            squares = in.readDouble();
        }
    }
}
