package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.SavedModelExport;
import io.liveprofile.model.SessionThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

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

    /** A graph with probabilities and no more than what is named, which is the vectors themselves. */
    static Manifest publishBare(String store, int features, String... copies) {
        List<String> heads = List.of("purchase_24h", "fraud");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.withName(MlpGraph.FEATURES)
                    .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, features)));
            Variable<TFloat32> weights = tf.withName("weights").variable(tf.constant(new float[features][heads.size()]));
            for (String copy : copies) {
                tf.withName(copy).identity(x);
            }
            Signature serve = Signature.builder().key(MlpGraph.SERVE).input(MlpGraph.FEATURES, x)
                    .output(MlpGraph.PROBABILITIES, tf.withName(MlpGraph.PROBABILITIES).math.sigmoid(tf.linalg.matMul(
                            tf.select(tf.math.isNan(x), tf.zerosLike(x), x), weights)))
                    .build();
            try (Session session = new Session(graph)) {
                session.initialize();
                return ModelStores.open(store).publish(new Manifest.Draft(null, schema(features), heads, Map.of(), 0, 0), directory -> {
                    try {
                        SavedModelBundle.exporter(directory.toString()).withSession(session).withSignature(serve).export();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
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
