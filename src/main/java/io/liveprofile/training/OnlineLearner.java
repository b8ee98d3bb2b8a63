package io.liveprofile.training;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.MlpSession.Batch;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.PlattCalibration;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A model that learns batch by batch, not from the new rows as they come but from rows drawn out of the newest ones (experience
 * replay: Lin, "Self-Improving Reactive Agents Based on Reinforcement Learning, Planning and Teaching", Machine Learning 1992,
 * sec. 4.2): an order decides all that its user did before it, so rows that become known together resemble each other, and a
 * step on them alone would learn that one visit by heart. Which rows are drawn depends on seed and step alone, so what was written
 * and read again goes on as if nothing had been.
 *
 * <p>Owns the session. Holds {@code replay_rows} rows of 4 bytes a number. Not thread-safe.
 */
public final class OnlineLearner implements AutoCloseable {
    private final MlpSession session;
    private final ModelConfig config;
    private final float[] logitOffset;
    /** A ring once it is full: {@code next} is the oldest. */
    private final List<Row> replay = new ArrayList<>();
    private int next;
    private final PlattCalibration[] calibration;

    /**
     * What is learned of one vector.
     *
     * @param labels [heads], NaN = nothing
     * @param weights [heads], at least 0
     */
    public record Row(float[] vector, float[] labels, float[] weights) {
        void write(DataOutput out) throws IOException {
            Weights.write(vector, out);
            Weights.write(labels, out);
            Weights.write(weights, out);
        }

        static Row read(DataInput in) throws IOException {
            return new Row(Weights.read(in), Weights.read(in), Weights.read(in));
        }
    }

    /** @param labels for the share of negatives that each head's examples contain */
    public OnlineLearner(MlpSession session, ModelConfig config, LabelPlan labels) {
        this.session = session;
        this.config = config;
        this.logitOffset = new float[labels.labels().size()];
        this.calibration = new PlattCalibration[logitOffset.length];
        for (int head = 0; head < logitOffset.length; head++) {
            logitOffset[head] = (float) -Math.log(labels.labels().get(head).keptNegatives());
        }
        readCalibration();
        weighPositives(new long[calibration.length], new long[calibration.length]);
    }

    /**
     * Goes on from the weights of a release; how much a positive counts is a matter of the configuration. Releases of before
     * have moments and no step count: moments of many steps, corrected as if they were of one, would make steps of a third to a
     * sixth of their length, so there Adam begins anew.
     */
    void beginWith(Map<String, float[]> weights) {
        session.writeAll(weights);
        if (session.steps() == 0) {
            session.forgetMoments();
        }
        readCalibration();
        weighPositives(new long[calibration.length], new long[calibration.length]);
    }

    /**
     * How much a positive counts from now on.
     *
     * @param positives by head
     * @param known positives and negatives, by head
     */
    void weighPositives(long[] positives, long[] known) {
        float[] weights = new float[calibration.length];
        for (int head = 0; head < weights.length; head++) {
            weights[head] = config.heads().get(head).positiveWeight(positives[head], known[head] - positives[head]);
        }
        session.write(MlpGraph.POSITIVE_WEIGHT, weights);
    }

    public MlpSession session() {
        return session;
    }

    /** Logits [rows][heads] before calibration. */
    public float[][] logits(float[][] x) {
        return session.logits(x);
    }

    /** Probabilities [rows][heads] of logits. */
    public float[][] calibrated(float[][] logits) {
        float[][] probabilities = new float[logits.length][calibration.length];
        for (int i = 0; i < logits.length; i++) {
            for (int head = 0; head < calibration.length; head++) {
                probabilities[i][head] = (float) calibration[head].probability(logits[i][head]);
            }
        }
        return probabilities;
    }

    /**
     * Takes new rows in and learns from as many of the newest, one time and as often again as is configured.
     *
     * @param rows at least one
     * @return loss of the rows of the first step before it
     */
    public double learn(List<Row> rows) {
        float learningRate = (float) config.online().learningRate();
        SplittableRandom random = new SplittableRandom(config.training().seed() + session.steps());
        session.observe(rows.stream().map(Row::vector).toArray(float[][]::new));
        rows.forEach(this::keep);
        double loss = session.train(batch(drawn(rows, random)), learningRate).loss();
        for (int i = 0; i < config.online().replaySteps(); i++) {
            session.train(batch(drawn(rows, random)), learningRate);
        }
        return loss;
    }

    /** As many as there are new rows; these themselves where none are kept. */
    private List<Row> drawn(List<Row> rows, SplittableRandom random) {
        if (replay.isEmpty()) {
            return rows;
        }
        List<Row> drawn = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            drawn.add(replay.get(random.nextInt(replay.size())));
        }
        return drawn;
    }

    /**
     * Of the vectors it has learned of late, a negative standing for the negatives that were left out beside it; nothing when
     * none are kept.
     */
    public Optional<FeatureDistribution> learnedFrom(FeatureSchema schema) {
        if (replay.isEmpty()) {
            return Optional.empty();
        }
        float[] represented = new float[replay.size()];
        for (int row = 0; row < represented.length; row++) {
            represented[row] = represented(replay.get(row).labels());
        }
        return Optional.of(FeatureDistribution.of(schema, replay.stream().map(Row::vector).toArray(float[][]::new), represented));
    }

    private float represented(float[] labels) {
        double represented = 1;
        for (int head = 0; head < labels.length; head++) {
            if (labels[head] == 0) {
                represented = Math.max(represented, Math.exp(logitOffset[head]));
            }
        }
        return (float) represented;
    }

    /** How the head's probabilities come of its logits from now on. */
    public void calibrate(int head, PlattCalibration fitted) {
        calibration[head] = new PlattCalibration((float) fitted.scale(), (float) fitted.shift()); // as the graph has it
        float[] scale = new float[calibration.length];
        float[] shift = new float[calibration.length];
        for (int h = 0; h < calibration.length; h++) {
            scale[h] = (float) calibration[h].scale();
            shift[h] = (float) calibration[h].shift();
        }
        session.write(MlpGraph.CALIBRATION_SCALE, scale);
        session.write(MlpGraph.CALIBRATION_SHIFT, shift);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(session.steps());
        Weights.write(session.readAll(), out);
        out.writeInt(next);
        out.writeInt(replay.size());
        for (Row row : replay) {
            row.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        long steps = in.readLong();
        Map<String, float[]> weights = Weights.readAll(in);
        session.writeAll(weights);
        session.setSteps(steps);
        readCalibration();
        int oldest = in.readInt();
        List<Row> ring = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            ring.add(Row.read(in));
        }
        int room = config.online().replayRows();
        replay.clear();
        if (ring.size() == room || ring.size() < room && oldest == 0) {
            replay.addAll(ring);
            next = oldest;
        } else { // there was more room, or less
            Collections.rotate(ring, -oldest);
            replay.addAll(ring.subList(Math.max(0, ring.size() - room), ring.size()));
            next = 0;
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private void readCalibration() {
        float[] scale = session.read(MlpGraph.CALIBRATION_SCALE);
        float[] shift = session.read(MlpGraph.CALIBRATION_SHIFT);
        Arrays.setAll(calibration, head -> new PlattCalibration(scale[head], shift[head]));
    }

    private void keep(Row row) {
        int room = config.online().replayRows();
        if (replay.size() < room) {
            replay.add(row);
        } else if (room > 0) {
            replay.set(next, row);
            next = (next + 1) % room;
        }
    }

    private Batch batch(List<Row> rows) {
        return new Batch(
                rows.stream().map(Row::vector).toArray(float[][]::new),
                rows.stream().map(Row::labels).toArray(float[][]::new),
                rows.stream().map(Row::weights).toArray(float[][]::new),
                logitOffset);
    }
}
