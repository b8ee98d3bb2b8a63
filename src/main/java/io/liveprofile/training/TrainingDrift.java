package io.liveprofile.training;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.InputLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells when inputs, scores or losses have changed: each by its mean over a batch, as the examples of one user that become known
 * together are not so many pieces of news.
 */
final class TrainingDrift {
    private static final double ADWIN_DELTA = 0.002;
    private static final double LOSS_TOLERANCE = 0.01;
    private static final double LOSS_THRESHOLD = 5;
    private static final long LOSS_SETTLED = 30;
    private static final double MOST_LOSS = 20;
    private static final String ADWIN = "adwin";

    /** One head: sums over what the batch judged, and what watches their means. */
    private static final class Head {
        private final String name;
        private final Adwin score = new Adwin(ADWIN_DELTA);
        private final Adwin squaredError = new Adwin(ADWIN_DELTA);
        private final PageHinkley logLoss = new PageHinkley(LOSS_TOLERANCE, LOSS_THRESHOLD, LOSS_SETTLED);
        private long judged;
        private int count;
        private double scores;
        private double squaredErrors;
        private double losses;

        private Head(String name) {
            this.name = name;
        }

        private void endBatch(List<Finding> findings) {
            if (count == 0) {
                return;
            }
            tell(score.add(scores / count), ".score", ADWIN, findings);
            tell(squaredError.add(squaredErrors / count), ".squared_error", ADWIN, findings);
            tell(logLoss.add(losses / count), ".log_loss", "page-hinkley", findings);
            count = 0;
            scores = 0;
            squaredErrors = 0;
            losses = 0;
        }

        private void write(DataOutput out) throws IOException {
            score.write(out);
            squaredError.write(out);
            logLoss.write(out);
            out.writeLong(judged);
            out.writeInt(count);
            out.writeDouble(scores);
            out.writeDouble(squaredErrors);
            out.writeDouble(losses);
        }

        private void read(DataInput in) throws IOException {
            score.read(in);
            squaredError.read(in);
            logLoss.read(in);
            judged = in.readLong();
            count = in.readInt();
            scores = in.readDouble();
            squaredErrors = in.readDouble();
            losses = in.readDouble();
        }

        private void tell(boolean hasDrifted, String signal, String detector, List<Finding> findings) {
            if (hasDrifted) {
                findings.add(new Finding.Drift(name + signal, detector, judged));
            }
        }
    }

    private final List<Head> heads;
    private final List<String> inputs;
    private final InputDrift inputDrift;
    private long examples;

    TrainingDrift(FeatureSchema schema, LabelPlan plan) {
        this.heads = plan.labels().stream().map(label -> new Head(label.head())).toList();
        this.inputs = schema.names();
        this.inputDrift = new InputDrift(InputLayout.of(schema));
    }

    /** @param probability that the challenger gave */
    void judge(int head, float probability, boolean isPositive) {
        Head of = heads.get(head);
        double error = probability - (isPositive ? 1 : 0);
        of.judged++;
        of.count++;
        of.scores += probability;
        of.squaredErrors += error * error;
        of.losses += Math.min(MOST_LOSS, -Math.log(isPositive ? probability : 1 - probability));
    }

    /** @param x vectors of the batch */
    List<Finding> endBatch(float[][] x) {
        List<Finding> findings = new ArrayList<>();
        examples += x.length;
        heads.forEach(head -> head.endBatch(findings));
        for (InputDrift.Change change : inputDrift.add(x)) {
            findings.add(new Finding.Drift("input.%s.%s".formatted(inputs.get(change.position()), change.aspect()), ADWIN, examples));
        }
        return findings;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(examples);
        for (Head head : heads) {
            head.write(out);
        }
        inputDrift.write(out);
    }

    /** @param hasMissingShares false = it was written by a version that watched the means of the inputs alone */
    void read(DataInput in, boolean hasMissingShares) throws IOException {
        examples = in.readLong();
        for (Head head : heads) {
            head.read(in);
        }
        if (hasMissingShares) {
            inputDrift.read(in);
        } else {
            inputDrift.readWithoutMissingShares(in);
        }
    }
}
