package io.liveprofile.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.tensorflow.Signature;

/**
 * Fits a model: statistics and class weights from the training rows, shuffled mini-batches, and the weights of the
 * epoch whose validation loss was lowest. One thread and a seed: the same rows give the same weights.
 */
public final class MlpTrainer {
    private static final int MAX_BALANCED_WEIGHT = 100;
    private static final int SCORING_ROWS = 1024;

    private final ModelConfig config;
    private final InputLayout layout;

    /**
     * A fitted model.
     *
     * @param session holds the weights; the caller closes it
     * @param signatures to export it with
     * @param epochs passes done, including those after the best
     * @param bestEpoch pass whose weights are kept, from 1
     * @param trainingLoss mean batch loss of each pass
     * @param validationLoss after each pass
     */
    public record Fit(
            MlpSession session, List<Signature> signatures, int epochs, int bestEpoch, List<Double> trainingLoss,
            List<Double> validationLoss)
            implements AutoCloseable {

        public double bestValidationLoss() {
            return validationLoss.get(bestEpoch - 1);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** @param layout of the vectors */
    public MlpTrainer(ModelConfig config, InputLayout layout) {
        this.config = config;
        this.layout = layout;
    }

    /**
     * Trains until the validation loss has not fallen for {@code patience} passes.
     *
     * @param training at least one row
     * @param validation rows of other users; at least one
     */
    public Fit fit(Examples training, Examples validation) {
        if (training.rows() == 0 || validation.rows() == 0) {
            throw new IllegalArgumentException("Nothing to learn from: " + training.rows() + " training and "
                    + validation.rows() + " validation rows");
        }
        MlpGraph graph = new MlpGraph(layout, config);
        MlpSession session = MlpSession.initialise(graph, SessionThreads.SINGLE);
        try {
            prepare(session, training);
            return run(session, graph.signatures(), training, validation);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Probabilities [rows][heads] in batches of bounded memory. */
    public static float[][] score(MlpSession session, Examples rows) {
        float[][] all = new float[rows.rows()][];
        for (int from = 0; from < all.length; from += SCORING_ROWS) {
            float[][] part = Arrays.copyOfRange(rows.x(), from, Math.min(all.length, from + SCORING_ROWS));
            System.arraycopy(session.score(part), 0, all, from, part.length);
        }
        return all;
    }

    private void prepare(MlpSession session, Examples training) {
        FeatureStatistics statistics = FeatureStatistics.of(training.x(), layout.numbers());
        session.write(MlpGraph.MEAN, statistics.mean());
        session.write(MlpGraph.VARIANCE, statistics.variance());
        session.write(MlpGraph.STATISTICS_ROWS, statistics.rows());
        float[] positiveWeights = new float[config.heads().size()];
        for (int h = 0; h < positiveWeights.length; h++) {
            long positives = 0;
            long negatives = 0;
            for (float[] labels : training.labels()) {
                positives += labels[h] > 0.5 ? 1 : 0;
                negatives += labels[h] <= 0.5 ? 1 : 0;
            }
            positiveWeights[h] = config.heads().get(h).positiveWeight(positives, negatives);
        }
        session.write(MlpGraph.POSITIVE_WEIGHT, positiveWeights);
    }

    private Fit run(MlpSession session, List<Signature> signatures, Examples training, Examples validation) {
        List<Double> trainingLoss = new ArrayList<>();
        List<Double> validationLoss = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(config.training().seed());
        int[] order = new int[training.rows()];
        Arrays.setAll(order, i -> i);
        Map<String, float[]> best = session.readAll();
        int bestEpoch = 1;
        for (int epoch = 1; epoch <= config.training().epochs(); epoch++) {
            shuffle(order, random);
            trainingLoss.add(pass(session, training, order));
            validationLoss.add(loss(score(session, validation), validation));
            if (epoch == 1 || validationLoss.get(epoch - 1) < validationLoss.get(bestEpoch - 1)) {
                bestEpoch = epoch;
                best = session.readAll();
            } else if (epoch - bestEpoch >= config.training().patience()) {
                break;
            }
        }
        session.writeAll(best);
        return new Fit(session, signatures, trainingLoss.size(), bestEpoch, trainingLoss, validationLoss);
    }

    private double pass(MlpSession session, Examples training, int[] order) {
        int batch = config.training().batchSize();
        double sum = 0;
        for (int from = 0; from < order.length; from += batch) {
            Examples rows = training.pick(order, from, Math.min(order.length, from + batch));
            sum += session.train(rows.x(), rows.labels()).loss() * rows.rows();
        }
        return sum / order.length;
    }

    /** Sum over heads of loss weight times log loss. Class weights are left out: they are no part of the truth. */
    private double loss(float[][] probabilities, Examples rows) {
        double sum = 0;
        for (int h = 0; h < config.heads().size(); h++) {
            double logLoss = Metrics.logLoss(Metrics.column(probabilities, h), rows.labelsOf(h));
            sum += Double.isNaN(logLoss) ? 0 : config.heads().get(h).lossWeight() * logLoss;
        }
        return sum;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
