package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.FloatTensor;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * Prints microseconds a row through {@link TensorFlowScorer} and through TensorFlow alone (the same session and outputs,
 * one input tensor made once, results not copied to Java). Rounds of both alternate; the median round counts.
 */
public final class ScoringBenchmark {
    private static final int FEATURES = 40;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 300_000_000L;
    private static volatile Object sink;

    private ScoringBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("scoring-benchmark");
        FeatureSchema schema = TestingReleases.schema(FEATURES);
        String id = TestingReleases.publish(directory, FEATURES).id();
        ModelBundle bundle = ModelBundle.load(new ModelStore(directory), id, schema, SessionThreads.SINGLE);
        try (TensorFlowScorer scorer = new TensorFlowScorer(bundle)) {
            System.out.printf("%5s %12s %12s %6s%n", "rows", "scorer us", "raw us", "ratio");
            for (int rows : new int[] {1, 32, 128, 512}) {
                measure(scorer, bundle, rows);
            }
        }
    }

    private static void measure(TensorFlowScorer scorer, ModelBundle bundle, int rows) {
        float[][] vectors = TestingReleases.vectors(rows, FEATURES, 3);
        float[] flat = new float[rows * FEATURES];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(vectors[i], 0, flat, i * FEATURES, FEATURES);
        }
        Output<?> in = bundle.graph().outputOrThrow(MlpGraph.FEATURES + ":0");
        Output<?> probabilities = bundle.graph().outputOrThrow(MlpGraph.PROBABILITIES + ":0");
        Output<?> embedding = bundle.graph().outputOrThrow(MlpGraph.EMBEDDING + ":0");
        double[] ours = new double[ROUNDS];
        double[] raw = new double[ROUNDS];
        try (TFloat32 tensor = FloatTensor.matrix(flat, rows, FEATURES)) {
            Runnable scored = () -> sink = scorer.score(vectors);
            Runnable alone = () -> {
                try (Result result = bundle.session().runner()
                        .feed(in, tensor).fetch(probabilities).fetch(embedding).run()) {
                    sink = result;
                }
            };
            microsARun(scored);
            microsARun(alone);
            for (int round = 0; round < ROUNDS; round++) {
                ours[round] = microsARun(scored) / rows;
                raw[round] = microsARun(alone) / rows;
            }
        }
        java.util.Arrays.sort(ours);
        java.util.Arrays.sort(raw);
        System.out.printf("%5d %12.2f %12.2f %6.2f%n", rows, ours[ROUNDS / 2], raw[ROUNDS / 2],
                ours[ROUNDS / 2] / raw[ROUNDS / 2]);
    }

    private static double microsARun(Runnable run) {
        long start = System.nanoTime();
        long runs = 0;
        while (System.nanoTime() - start < ROUND_NANOS) {
            run.run();
            runs++;
        }
        return (System.nanoTime() - start) / 1_000.0 / runs;
    }
}
