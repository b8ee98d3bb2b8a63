package io.liveprofile.model;

import io.liveprofile.model.ModelConfig.Training;
import io.liveprofile.model.MlpTrainer.Fit;

/**
 * The baseline: one linear layer on the same normalised inputs and missing indicators, trained with the same optimiser,
 * rows and stopping rule. Learning rate and L2 are its own, the best on the validation rows of a small grid.
 */
public final class LogisticRegression {
    private static final double[] LEARNING_RATES = {0.001, 0.005, 0.02};
    private static final double[] L2 = {0, 1e-3};

    private final ModelConfig config;
    private final InputLayout layout;

    /** @param model whose heads, inputs, batch size, epochs, patience and seed are used; its layers and tables are not */
    public LogisticRegression(ModelConfig model, InputLayout layout) {
        this.config = model.asLogisticRegression();
        this.layout = layout;
    }

    /** The best of the grid; the caller closes it. */
    public Fit fit(Examples training, Examples validation) {
        Fit best = null;
        for (double learningRate : LEARNING_RATES) {
            for (double l2 : L2) {
                Training t = config.training();
                Fit fit = new MlpTrainer(config.with(new Training(learningRate, t.batchSize(), t.epochs(), t.patience(),
                        l2, 0, t.clipNorm(), t.seed())), layout).fit(training, validation);
                if (best == null || fit.bestValidationLoss() < best.bestValidationLoss()) {
                    if (best != null) {
                        best.close();
                    }
                    best = fit;
                } else {
                    fit.close();
                }
            }
        }
        return best;
    }
}
