package io.liveprofile.model;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.MlpTrainer.Fit;
import io.liveprofile.model.ModelConfig.Head;
import java.io.PrintStream;

/**
 * Trains a model from nothing, holds it against a logistic regression on users that no decision has seen, and releases
 * it. The same examples, configuration and times give the same weights and figures.
 */
public final class FirstModel {
    private FirstModel() {}

    /**
     * When a release is made and from when it scores.
     *
     * @param createdAt ms UTC
     * @param activationEventTime ms UTC; no later than the first event it shall score
     */
    public record Times(long createdAt, long activationEventTime) {}

    /**
     * Splits by user, trains, compares, prints and releases.
     *
     * @param examples vectors of the schema's length, label columns in the order of the configured heads
     * @param out gets the progress and the comparison
     * @return the release
     * @throws IllegalArgumentException when the examples do not fit schema or heads, or a head has no positive or no
     *     negative label among the training rows
     */
    public static Manifest train(
            Examples examples, FeatureSchema schema, ModelConfig config, ModelStore store, Times times,
            PrintStream out) {
        requireFit(examples, schema, config);
        UserSplit split = UserSplit.of(examples);
        requireBothClasses(split.training(), config);
        out.printf("Rows: %d to train, %d to validate, %d held out; %d features, heads %s%n", split.training().rows(),
                split.validation().rows(), split.heldOut().rows(), schema.size(),
                String.join(", ", config.headNames()));
        InputLayout layout = InputLayout.of(schema);
        float[][] baseline;
        try (Fit logistic = new LogisticRegression(config, layout).fit(split.training(), split.validation())) {
            out.printf("Logistic regression: validation loss %.4f after %d passes%n", logistic.bestValidationLoss(),
                    logistic.bestEpoch());
            baseline = MlpTrainer.score(logistic.session(), split.heldOut());
        }
        try (Fit fit = new MlpTrainer(config, layout).fit(split.training(), split.validation())) {
            out.printf("MLP %s: validation loss %.4f after %d passes, %d done%n", config.hiddenLayers(),
                    fit.bestValidationLoss(), fit.bestEpoch(), fit.epochs());
            Comparison comparison = Comparison.of(split.heldOut(), config.headNames(),
                    MlpTrainer.score(fit.session(), split.heldOut()), baseline, config.training().seed());
            out.print(comparison.table());
            FeatureDistribution trainedOn =
                    FeatureDistribution.of(schema, split.training().x(), split.training().represented());
            Manifest manifest = store.publish(
                    new Manifest.Draft(null, schema, config.headNames(), comparison.metrics("logistic"), times.createdAt(),
                            times.activationEventTime()),
                    directory -> {
                        SavedModelExport.write(fit.session(), fit.signatures(), directory);
                        trainedOn.write(directory);
                    });
            out.printf("Released %s%n", manifest.id());
            return manifest;
        }
    }

    private static void requireFit(Examples examples, FeatureSchema schema, ModelConfig config) {
        for (int i = 0; i < examples.rows(); i++) {
            if (examples.x()[i].length != schema.size() || examples.labels()[i].length != config.heads().size()) {
                throw new IllegalArgumentException("Row " + i + " has " + examples.x()[i].length + " features and "
                        + examples.labels()[i].length + " labels; the schema has " + schema.size()
                        + " features, the model " + config.heads().size() + " heads");
            }
        }
    }

    private static void requireBothClasses(Examples training, ModelConfig config) {
        for (int h = 0; h < config.heads().size(); h++) {
            Head head = config.heads().get(h);
            long positives = 0;
            long negatives = 0;
            for (float label : training.labelsOf(h)) {
                positives += label > 0.5 ? 1 : 0;
                negatives += label <= 0.5 ? 1 : 0;
            }
            if (positives == 0 || negatives == 0) {
                throw new IllegalArgumentException("Head " + head.name() + " cannot be learnt: " + positives
                        + " positive and " + negatives + " negative labels among " + training.rows()
                        + " training rows");
            }
        }
    }
}
