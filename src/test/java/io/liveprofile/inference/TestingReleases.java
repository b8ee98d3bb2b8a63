package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.SavedModelExport;
import io.liveprofile.model.SessionThreads;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Releases of untrained weights: what a scorer does with them does not depend on their worth. */
final class TestingReleases {
    private TestingReleases() {}

    static FeatureSchema schema(int features) {
        return new FeatureSchema(IntStream.range(0, features)
                .mapToObj(i -> new Feature("f" + i, Transform.IDENTITY)).toList());
    }

    static Manifest publish(String store, int features) {
        MlpGraph graph = new MlpGraph(features, ModelConfig.defaults("purchase_24h", "fraud"));
        try (MlpSession session = MlpSession.initialise(graph, SessionThreads.SINGLE)) {
            return ModelStores.open(store).publish(
                    new Manifest.Draft(null, schema(features), List.of("purchase_24h", "fraud"), Map.of(), 0, 0),
                    directory -> SavedModelExport.write(session, graph.signatures(), directory));
        }
    }

    /** One value in eight is missing. */
    static float[][] vectors(int rows, int features, long seed) {
        Random random = new Random(seed);
        float[][] vectors = new float[rows][features];
        for (float[] vector : vectors) {
            for (int f = 0; f < features; f++) {
                vector[f] = random.nextInt(8) == 0 ? Float.NaN : (float) random.nextGaussian();
            }
        }
        return vectors;
    }
}
