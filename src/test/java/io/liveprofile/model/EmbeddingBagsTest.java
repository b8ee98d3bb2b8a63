package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.ModelConfig.Embeddings;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmbeddingBagsTest {
    private static final int BUCKETS = 50;
    private static final int DIMENSION = 3;
    private static final InputLayout LAYOUT = InputLayout.of(new FeatureSchema(List.of(
            new Feature("views", Transform.LOG1P),
            Feature.hashed("itemId", "itemId", 0),
            Feature.hashed("itemId", "last_items", 0),
            Feature.hashed("itemId", "last_items", 1),
            Feature.hashed("itemId", "last_items", 2),
            new Feature("orders", Transform.LOG1P),
            Feature.hashed("brand", "brand", 0))));

    @Test
    void theLayoutTellsNumbersFromBags() {
        assertThat(LAYOUT.numbers()).containsExactly(0, 5);
        assertThat(LAYOUT.bags()).containsExactly(
                new InputLayout.Bag("itemId", 1, 1), new InputLayout.Bag("itemId", 2, 3), new InputLayout.Bag("brand", 6, 1));
    }

    @Test
    void scoresLikeThePlainJavaForwardPass() {
        float[][] x = vectors(new Random(1), 40);
        try (MlpSession session = session()) {
            fillTables(session);
            ForwardPass forward = new ForwardPass(session.readAll(), config(), LAYOUT);
            float[][] scored = session.score(x);
            for (int i = 0; i < x.length; i++) {
                assertThat((double) scored[i][0]).isCloseTo(forward.probabilities(x[i])[0], within(1e-5));
            }
        }
    }

    @Test
    void aNewTableSaysNothing() {
        float[][] x = vectors(new Random(2), 10);
        float[][] without = Arrays.stream(x).map(float[]::clone).toArray(float[][]::new);
        for (float[] row : without) {
            Arrays.fill(row, 1, 5, Float.NaN);
            row[6] = Float.NaN;
        }
        try (MlpSession session = session()) {
            assertThat(session.score(x)).isDeepEqualTo(session.score(without));
        }
    }

    /** Adagrad by hand: accumulator 0.1 + g², row − rate g / sqrt(accumulator), g by finite differences. */
    @Test
    void aStepIsAdagradOfTheRowsOfTheBatchAndOfNoOthers() {
        float[][] x = vectors(new Random(3), 6);
        float[][] labels = {{1}, {0}, {1}, {0}, {0}, {1}};
        try (MlpSession session = session()) {
            fillTables(session);
            Map<String, float[]> before = session.readAll();
            session.train(x, labels);
            for (String table : List.of("embedding.itemId", "embedding.brand")) {
                Set<Integer> touched = rowsOf(x, table);
                float[] after = session.read(table);
                float[] accumulator = session.read(table + ".adagrad");
                for (int i = 0; i < after.length; i++) {
                    String place = table + "[" + i + "]";
                    if (!touched.contains(i / DIMENSION)) {
                        assertThat(after[i]).as(place).isEqualTo(before.get(table)[i]);
                        assertThat(accumulator[i]).as(place).isEqualTo(0.1f);
                        continue;
                    }
                    double slope = (loss(before, table, i, 1e-3, x, labels) - loss(before, table, i, -1e-3, x, labels)) / 2e-3;
                    double squares = 0.1 + slope * slope;
                    assertThat((double) accumulator[i]).as(place).isCloseTo(squares, within(1e-4));
                    assertThat((double) after[i]).as(place)
                            .isCloseTo(before.get(table)[i] - 0.5 * slope / Math.sqrt(squares), within(1e-3));
                }
            }
        }
    }

    private static double loss(Map<String, float[]> weights, String variable, int index, double shift, float[][] x, float[][] labels) {
        Map<String, float[]> moved = new java.util.HashMap<>(weights);
        float[] values = weights.get(variable).clone();
        values[index] += (float) shift;
        moved.put(variable, values);
        ForwardPass forward = new ForwardPass(moved, config(), LAYOUT);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double p = forward.probabilities(x[i])[0];
            sum -= Math.log(labels[i][0] > 0.5 ? p : 1 - p);
        }
        return sum / x.length;
    }

    private static Set<Integer> rowsOf(float[][] x, String table) {
        Set<Integer> rows = new HashSet<>();
        for (InputLayout.Bag bag : LAYOUT.bags()) {
            for (float[] row : x) {
                for (int slot = bag.from(); slot < bag.from() + bag.slots(); slot++) {
                    if (table.equals("embedding." + bag.table()) && !Float.isNaN(row[slot])) {
                        rows.add((int) row[slot] % BUCKETS);
                    }
                }
            }
        }
        return rows;
    }

    private static void fillTables(MlpSession session) {
        Random random = new Random(9);
        for (String table : List.of("embedding.itemId", "embedding.brand")) {
            float[] values = session.read(table);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            session.write(table, values);
        }
    }

    private static float[][] vectors(Random random, int rows) {
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            float[] row = new float[LAYOUT.size()];
            for (int f = 0; f < row.length; f++) {
                boolean isNumber = f == 0 || f == 5;
                row[f] = isNumber ? (float) random.nextGaussian() : random.nextInt(FeatureSchema.HASHES);
                row[f] = random.nextInt(4) == 0 ? Float.NaN : row[f];
            }
            vectors.add(row);
        }
        vectors.get(0)[2] = 7;
        vectors.get(0)[3] = 7; // one row twice in a bag
        return vectors.toArray(float[][]::new);
    }

    private static ModelConfig config() {
        return new ModelConfig(List.of(5), Activation.TANH, true, 10, List.of(new Head("purchase_24h")),
                new Training(1e-9, 8, 1, 1, 0, 0, 1e6, 11)).with(new Embeddings(BUCKETS, DIMENSION, 0.5));
    }

    private static MlpSession session() {
        return MlpSession.initialise(new MlpGraph(LAYOUT, config()), SessionThreads.SINGLE);
    }
}
