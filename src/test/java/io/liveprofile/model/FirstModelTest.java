package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.model.ModelConfig.Training;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstModelTest {
    private static final FirstModel.Times TIMES = new FirstModel.Times(1_000, 2_000);

    @TempDir
    Path directory;

    @Test
    void beatsTheLogisticRegressionWhereTheTruthIsNotLinearAndReleasesItself() {
        ModelStore store = new ModelStore(directory);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Examples examples = SyntheticShoppers.rows(4_000, 1);
        Manifest manifest = FirstModel.train(examples, SyntheticShoppers.schema(), SyntheticShoppers.smallModel(), store,
                TIMES, new PrintStream(printed, true, StandardCharsets.UTF_8));

        String report = printed.toString(StandardCharsets.UTF_8);
        assertThat(store.latest()).contains(manifest);
        assertThat(manifest.activationEventTime()).isEqualTo(2_000);
        // Of purchases only: 70 held-out frauds do not tell the models apart (ROC-AUC -0.016 [-0.061, +0.030]).
        for (String metric : new String[] {"purchase_24h.roc_auc", "purchase_24h.pr_auc"}) {
            assertThat(manifest.metrics().get(metric + "_difference_low")).as(metric).isPositive();
        }
        assertThat(manifest.metrics().get("purchase_24h.log_loss_difference_high")).isNegative();
        assertThat(report).contains("Released r000001", "purchase_24h     roc_auc", "better");

        // The figures in the manifest are those of the released model on the users held out.
        Examples heldOut = UserSplit.of(examples).heldOut();
        ModelBundle bundle = ModelBundle.load(store, manifest.id(), SyntheticShoppers.schema(), SessionThreads.SINGLE);
        FeatureDistribution trainedOn = bundle.trainedOn().orElseThrow();
        assertThat(trainedOn.rows()).isEqualTo(UserSplit.of(examples).training().rows());
        assertThat(trainedOn.features()).extracting(FeatureDistribution.Bins::name).isEqualTo(manifest.featureNames());
        FeatureStability stability = new FeatureStability(trainedOn);
        Arrays.stream(heldOut.x()).forEach(stability::add);
        assertThat(stability.shifts().get(0).index()).as("held-out users are like those learned from").isLessThan(0.1);
        try (MlpSession released = MlpSession.of(bundle)) {
            float[][] scores = MlpTrainer.score(released, heldOut);
            assertThat(Metrics.rocAuc(Metrics.column(scores, 0), heldOut.labelsOf(0)))
                    .isEqualTo(manifest.metrics().get("purchase_24h.roc_auc"));
        }
    }

    @Test
    void sameExamplesAndSeedGiveTheSameModel() {
        Examples examples = SyntheticShoppers.rows(300, 2);
        UserSplit split = UserSplit.of(examples);
        MlpTrainer trainer = new MlpTrainer(SyntheticShoppers.smallModel(), InputLayout.ofNumbers(SyntheticShoppers.FEATURES));
        try (MlpTrainer.Fit first = trainer.fit(split.training(), split.validation());
                MlpTrainer.Fit second = trainer.fit(split.training(), split.validation())) {
            assertThat(second.session().readAll()).usingRecursiveComparison().isEqualTo(first.session().readAll());
            assertThat(second.validationLoss()).isEqualTo(first.validationLoss());
        }
    }

    @Test
    void stopsEarlyAndKeepsTheBestPass() {
        UserSplit split = UserSplit.of(SyntheticShoppers.rows(60, 3)); // few rows: it soon learns them by heart
        Training t = SyntheticShoppers.smallModel().training();
        ModelConfig config = SyntheticShoppers.smallModel()
                .with(new Training(0.02, 16, 200, 3, 0, 0, t.clipNorm(), t.seed()));
        try (MlpTrainer.Fit fit = new MlpTrainer(config, InputLayout.ofNumbers(SyntheticShoppers.FEATURES)).fit(split.training(), split.validation())) {
            assertThat(fit.epochs()).isEqualTo(fit.bestEpoch() + 3).isLessThan(200);
            assertThat(fit.bestValidationLoss()).isEqualTo(Collections.min(fit.validationLoss()));
            double kept = 0;
            float[][] scores = MlpTrainer.score(fit.session(), split.validation());
            for (int h = 0; h < 2; h++) {
                kept += Metrics.logLoss(Metrics.column(scores, h), split.validation().labelsOf(h));
            }
            assertThat(kept).isCloseTo(fit.bestValidationLoss(), within(1e-9));
            assertThat(fit.trainingLoss().get(fit.epochs() - 1)).isLessThan(fit.trainingLoss().get(0));
        }
    }

    @Test
    void usersStandOnOneSideAndTheSharesAreAsSaid() {
        UserSplit split = UserSplit.of(SyntheticShoppers.rows(5_000, 4));
        Set<String> training = users(split.training());
        Set<String> validation = users(split.validation());
        Set<String> heldOut = users(split.heldOut());
        assertThat(training).doesNotContainAnyElementsOf(validation).doesNotContainAnyElementsOf(heldOut);
        assertThat(validation).doesNotContainAnyElementsOf(heldOut);
        assertThat(split.training().rows() + split.validation().rows() + split.heldOut().rows()).isEqualTo(15_000);
        assertThat(training.size() / 5_000.0).isCloseTo(0.70, within(0.02));
        assertThat(validation.size() / 5_000.0).isCloseTo(0.15, within(0.02));
    }

    @Test
    void crossValidationHoldsEachUserOutOnce() {
        Examples all = SyntheticShoppers.rows(400, 8);
        Set<String> seen = new HashSet<>();
        for (int fold = 0; fold < 4; fold++) {
            UserSplit split = UserSplit.fold(all, fold, 4);
            assertThat(users(split.training())).doesNotContainAnyElementsOf(users(split.heldOut()))
                    .doesNotContainAnyElementsOf(users(split.validation()));
            assertThat(users(split.validation())).doesNotContainAnyElementsOf(users(split.heldOut()));
            assertThat(seen).doesNotContainAnyElementsOf(users(split.heldOut()));
            seen.addAll(users(split.heldOut()));
        }
        assertThat(seen).isEqualTo(users(all));
        CrossValidation figures = CrossValidation.of(all, InputLayout.ofNumbers(SyntheticShoppers.FEATURES),
                SyntheticShoppers.smallModel(), 4, done -> {});
        assertThat(figures.lines()).hasSize(6);
        CrossValidation.Line rocAuc = figures.lines().get(0);
        assertThat(rocAuc.mean()).isBetween(0.6, 0.95);
        assertThat(rocAuc.folds()).hasSize(4);
        assertThat(figures.table()).contains("purchase_24h     roc_auc");
    }

    @Test
    void statisticsLeaveOutWhatIsMissing() {
        float nan = Float.NaN;
        FeatureStatistics statistics = FeatureStatistics.of(
                new float[][] {{1, nan, 7}, {3, nan, 7}, {nan, nan, 7}, {Float.POSITIVE_INFINITY, nan, 7}}, new int[] {0, 1, 2});
        assertThat(statistics.mean()).containsExactly(2, 0, 7);
        assertThat(statistics.variance()).containsExactly(1, 1, 1);
    }

    @Test
    void theBootstrapDrawsUsersNotRows() {
        // 40 users of 25 equal rows each: the mean's spread is that of 40 draws, not of 1,000.
        String[] users = new String[1_000];
        double[] values = new double[1_000];
        for (int i = 0; i < users.length; i++) {
            users[i] = "u" + i / 25;
            values[i] = (i / 25) % 2;
        }
        UserBootstrap.Interval interval = new UserBootstrap(users, 2_000, 5).interval(weights -> {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < weights.length; i++) {
                sum += weights[i] * values[i];
                count += weights[i];
            }
            return sum / count;
        });
        // 1.96 standard errors of a fair coin over 40 draws are 0.155; over 1,000 they would be 0.031.
        assertThat(interval.low()).isCloseTo(0.5 - 0.155, within(0.03));
        assertThat(interval.high()).isCloseTo(0.5 + 0.155, within(0.03));
    }

    @Test
    void refusesExamplesItCannotLearnFrom() {
        Examples examples = SyntheticShoppers.rows(50, 6);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> train(examples, 5))
                .withMessage("Row 0 has 12 features and 2 labels; the schema has 5 features, the model 2 heads");
        for (float[] labels : examples.labels()) {
            labels[1] = 0;
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> train(examples, SyntheticShoppers.FEATURES))
                .withMessageStartingWith("Head fraud cannot be learnt: 0 positive and ");
    }

    private void train(Examples examples, int features) {
        FirstModel.train(examples, SyntheticShoppers.schema(features), SyntheticShoppers.smallModel(),
                new ModelStore(directory), TIMES, new PrintStream(new ByteArrayOutputStream()));
    }

    private static Set<String> users(Examples examples) {
        return new HashSet<>(Arrays.asList(examples.users()));
    }
}
