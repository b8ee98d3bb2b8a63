package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.FeatureDistribution.Bins;
import io.liveprofile.model.FeatureStability.Shift;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStabilityTest {
    private static final float NONE = Float.NaN;

    @TempDir
    private Path directory;

    @Test
    void aBinIsATenthOfTheVectorsAndMissingOnesHaveTheirOwn() {
        Bins bins = distribution(125, i -> i < 100 ? i + 1 : i % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY);
        assertThat(bins.edges()).containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90);
        assertThat(bins.shares()).hasSize(11).startsWith(0.08, 0.08).endsWith(0.08, 0.2);
    }

    @Test
    void aValueThatManyHaveTakesTheBinsItFillsAndWhatIsBelowHasOne() {
        // 0 is the least and fills six tenths.
        Bins bins = distribution(100, i -> i < 60 ? (i % 2 == 0 ? 0f : -0f) : i);
        assertThat(bins.edges()).containsExactly(Math.nextDown(0f), 0, 69, 79, 89);
        assertThat(bins.shares()).containsExactly(0, 0.6, 0.1, 0.1, 0.1, 0.1, 0);
    }

    @Test
    void aFeatureThatNeverVariedShowsEveryOtherValue() {
        FeatureDistribution trained = FeatureDistribution.of(schema(1), column(1_000, i -> 7), ones(1_000));
        for (float other : new float[] {6.9f, 7.1f, NONE}) {
            FeatureStability stability = new FeatureStability(trained);
            IntStream.range(0, 1_000).forEach(i -> stability.add(new float[] {i % 2 == 0 ? 7 : other}));
            assertThat(stability.shifts().get(0).isLarge()).isTrue();
        }
        FeatureStability same = new FeatureStability(trained);
        IntStream.range(0, 1_000).forEach(i -> same.add(new float[] {7}));
        assertThat(same.shifts().get(0).index()).isZero();
    }

    @Test
    void aFeatureThatWasAlwaysMissingHasOneBinForWhatIsPresent() {
        Bins bins = distribution(10, i -> NONE);
        assertThat(bins.edges()).isEmpty();
        assertThat(bins.shares()).containsExactly(0, 1);
    }

    @Test
    void aRowCountsForWhatItStandsFor() {
        float[][] x = {{1}, {2}};
        FeatureDistribution distribution = FeatureDistribution.of(schema(1), x, new float[] {1, 19});
        assertThat(distribution.features().get(0).edges()).containsExactly(2);
        assertThat(distribution.features().get(0).shares()).containsExactly(1, 0, 0);
        FeatureDistribution other = FeatureDistribution.of(schema(1), x, new float[] {3, 1});
        assertThat(other.features().get(0).edges()).containsExactly(Math.nextDown(1f), 1, 2);
        assertThat(other.features().get(0).shares()).containsExactly(0, 0.75, 0.25, 0, 0);
    }

    @Test
    void theIndexIsThatOfTheFormula() {
        FeatureDistribution trained = new FeatureDistribution(1_000_000,
                List.of(new Bins("f0", new float[] {0}, new double[] {0.5, 0.5, 0})));
        FeatureStability stability = new FeatureStability(trained);
        IntStream.range(0, 1_000_000).forEach(i -> stability.add(new float[] {i % 10 < 7 ? -1 : 1}));
        assertThat(stability.shifts()).singleElement().satisfies(shift -> {
            assertThat(shift.index()).isCloseTo(0.2 * Math.log(1.4) - 0.2 * Math.log(0.6), within(1e-5));
            assertThat(shift).hasToString("f0 0.169: 30.0 % above 0.0, trained on 50.0 %");
            assertThat(shift.isLarge()).isFalse();
        });
        stability.clear();
        assertThat(stability.vectors()).isZero();
    }

    /** Against bins looked up one by one. */
    @Test
    void countsAsASearchThroughTheEdgesWould() {
        Random random = new Random(3);
        int features = 6;
        float[][] x = vectors(random, 2_000, features);
        FeatureDistribution trained = FeatureDistribution.of(schema(features), x, ones(x.length));
        FeatureStability stability = new FeatureStability(trained);
        float[][] live = vectors(random, 3_000, features);
        Arrays.stream(live).forEach(stability::add);
        for (Shift shift : stability.shifts()) {
            int feature = Integer.parseInt(shift.feature().substring(1));
            Bins bins = trained.features().get(feature);
            int[] counts = new int[bins.shares().length];
            for (float[] vector : live) {
                int place = Arrays.binarySearch(bins.edges(), vector[feature] + 0f);
                counts[!Float.isFinite(vector[feature]) ? bins.edges().length + 1 : place >= 0 ? place : -place - 1]++;
            }
            double index = 0;
            for (int bin = 0; bin < counts.length; bin++) {
                double is = (counts[bin] + 0.5) / (3_000 + 0.5 * counts.length);
                double was = (bins.shares()[bin] * 2_000 + 0.5) / (2_000 + 0.5 * counts.length);
                index += (is - was) * Math.log(is / was);
            }
            assertThat(shift.index()).isCloseTo(index, within(1e-12));
        }
    }

    /** (1/n + 1/m) χ²(B − 1): mean (B − 1)(1/n + 1/m), and half of it would be far outside of the spread of 200 features. */
    @Test
    void whereNothingHasChangedTheIndexIsAsSmallAsTheLiteratureSays() {
        int features = 200;
        int n = 5_000;
        Random random = new Random(11);
        IntToDoubleFunction gaussian = i -> random.nextGaussian();
        float[][] x = gaussians(n, features, gaussian);
        FeatureStability stability = new FeatureStability(FeatureDistribution.of(schema(features), x, ones(n)));
        Arrays.stream(gaussians(n, features, gaussian)).forEach(stability::add);
        double mean = stability.shifts().stream().mapToDouble(Shift::index).average().orElseThrow();
        assertThat(mean).isBetween(0.85 * 9 * 2 / n, 1.15 * 9 * 2 / n);
        assertThat(stability.shifts().get(0).index()).isLessThan(0.02);
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        float[][] x = column(50, i -> i < 30 ? 0 : i / 3f);
        FeatureDistribution distribution = FeatureDistribution.of(schema(1), x, ones(50));
        distribution.write(directory);
        FeatureDistribution read = FeatureDistribution.read(directory).orElseThrow();
        assertThat(read.rows()).isEqualTo(50);
        assertThat(read.features().get(0).name()).isEqualTo("f0");
        assertThat(read.features().get(0).edges()).isEqualTo(distribution.features().get(0).edges());
        assertThat(read.features().get(0).shares()).isEqualTo(distribution.features().get(0).shares());
        assertThat(FeatureDistribution.read(directory.resolve("assets.extra"))).isEmpty();

        Path file = directory.resolve("assets.extra/feature-distribution.json");
        Files.writeString(file, "{\"rows\":1,\"features\":[{\"name\":\"f0\",\"edges\":[1],\"shares\":[1]}]}");
        assertThatExceptionOfType(ReleaseException.class).isThrownBy(() -> FeatureDistribution.read(directory))
                .withMessageContaining("of feature f0");
        Files.writeString(file, "{\"rows\":");
        assertThatExceptionOfType(ReleaseException.class).isThrownBy(() -> FeatureDistribution.read(directory))
                .withMessageContaining("cannot be read");
        assertThatExceptionOfType(ReleaseException.class).isThrownBy(() -> distribution.requireFeatures(List.of("f1")))
                .withMessageContaining("other features");
    }

    private static Bins distribution(int rows, IntToDoubleFunction value) {
        return FeatureDistribution.of(schema(1), column(rows, value), ones(rows)).features().get(0);
    }

    /** Some coarse, some fine, some missing. */
    private static float[][] vectors(Random random, int rows, int features) {
        float[][] x = new float[rows][features];
        for (float[] vector : x) {
            for (int i = 0; i < features; i++) {
                vector[i] = random.nextInt(9) == 0 ? NONE : i % 2 == 0 ? (float) random.nextGaussian() : random.nextInt(5) - 2;
            }
        }
        return x;
    }

    private static float[][] gaussians(int rows, int features, IntToDoubleFunction value) {
        float[][] x = new float[rows][features];
        for (float[] vector : x) {
            for (int i = 0; i < features; i++) {
                vector[i] = (float) value.applyAsDouble(i);
            }
        }
        return x;
    }

    private static float[][] column(int rows, IntToDoubleFunction value) {
        float[][] x = new float[rows][1];
        for (int i = 0; i < rows; i++) {
            x[i][0] = (float) value.applyAsDouble(i);
        }
        return x;
    }

    private static float[] ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static FeatureSchema schema(int features) {
        return new FeatureSchema(IntStream.range(0, features)
                .mapToObj(i -> new Feature("f" + i, Transform.IDENTITY)).toList());
    }
}
