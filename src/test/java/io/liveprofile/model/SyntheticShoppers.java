package io.liveprofile.model;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Seeded rows whose true log odds are not linear: purchase needs interest <em>and</em> a price near the user's own level
 * (a product and a square), fraud an unusual amount on a new account (a product). Three rows a user share its level.
 * One value in ten is missing; one purchase label in ten and four fraud labels in ten are unknown.
 */
final class SyntheticShoppers {
    static final int FEATURES = 12;
    static final String[] HEADS = {"purchase_24h", "fraud"};

    private SyntheticShoppers() {}

    static Examples rows(int users, long seed) {
        Random random = new Random(seed);
        int rows = users * 3;
        float[][] x = new float[rows][FEATURES];
        float[][] labels = new float[rows][HEADS.length];
        String[] ids = new String[rows];
        for (int i = 0; i < rows; i++) {
            if (i % 3 == 0) {
                ids[i] = "user-" + i / 3;
            } else {
                ids[i] = ids[i - 1];
            }
            for (int f = 0; f < FEATURES; f++) {
                x[i][f] = (float) random.nextGaussian();
            }
            double purchase = -1.5 + 1.6 * x[i][0] * x[i][1] - 0.9 * (x[i][2] - 0.5) * (x[i][2] - 0.5) + 0.7 * x[i][3];
            double fraud = -3.5 + 1.8 * x[i][4] * Math.max(0, x[i][5]) + 0.6 * x[i][6];
            labels[i][0] = label(random, purchase, 0.1);
            labels[i][1] = label(random, fraud, 0.4);
            for (int f = 0; f < FEATURES; f++) {
                x[i][f] = random.nextInt(10) == 0 ? Float.NaN : 20 + 5 * f + (f + 1) * x[i][f];
            }
        }
        return new Examples(x, labels, ids);
    }

    static FeatureSchema schema() {
        return schema(FEATURES);
    }

    static FeatureSchema schema(int features) {
        return new FeatureSchema(IntStream.range(0, features)
                .mapToObj(i -> new Feature("f" + i, Transform.IDENTITY))
                .toList());
    }

    static ModelConfig smallModel() {
        return new ModelConfig(List.of(16, 8), Activation.RELU, true, 10,
                List.of(new ModelConfig.Head(HEADS[0]), new ModelConfig.Head(HEADS[1])),
                new ModelConfig.Training(0.005, 64, 12, 3, 1e-5, 0, 5, 7));
    }

    private static float label(Random random, double logOdds, double unknown) {
        boolean positive = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
        return random.nextDouble() < unknown ? Float.NaN : positive ? 1 : 0;
    }
}
