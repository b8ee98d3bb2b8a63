package io.liveprofile.benchmark;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.AnnouncedReleases;
import io.liveprofile.inference.ExplainedShare;
import io.liveprofile.inference.ModelStoreLoader;
import io.liveprofile.inference.ScoreAlerts;
import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.inference.StabilityWindow;
import io.liveprofile.inference.Scorer;
import io.liveprofile.inference.TestingUpdates;
import io.liveprofile.job.Options;
import io.liveprofile.model.FloatTensor;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Embeddings;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.OnlineLearner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * What scoring costs beside TensorFlow alone, how long rows wait when releases change, what learning costs, and whether a step
 * costs more when its table is larger.
 */
final class ModelSection {
    private static final Path MODEL = Path.of("flink-conf/model.yaml");
    private static final Path LABELS = Path.of("flink-conf/labels.yaml");
    private static final int[] BATCHES = {1, 32, 256};
    private static final int ROUNDS = 7;
    /** Of the measured time of a job. */
    private static final int PARTS = 30;
    private static final String[] TIMES = {
        "row in to row out, median", "row in to row out, p99", "row in to row out, longest", "longest call, processor time"
    };
    /** In a round. */
    private static final int SWAPS = 10;
    /** Of what one thread can score; more than a subtask of the whole graph gets. */
    private static final double LOAD = 0.25;
    private static final int UPDATES = 4_096;
    private static final int TEXTS = 8;
    private static final int DIMENSION = 32;
    private static volatile Object sink;

    private final Run run;
    private final ModelConfig model = ModelConfig.read(MODEL);
    private final LabelPlan labels = LabelPlan.read(LABELS, model.headNames());
    private final FeatureSchema schema = Jobs.engineConfig().featurePlan().schema();

    ModelSection(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        run.begin("the model", 0, 1);
        List<Figure> figures = new ArrayList<>();
        measureScoring(figures);
        measureSwaps(figures);
        figures.add(Figure.of("learning, " + schema.size() + " inputs", "examples/s", examplesASecond()));
        measureTables(figures);
        run.report().add("The model in one thread: " + model.hiddenLayers() + ", " + schema.size() + " inputs", figures);
    }

    private void measureScoring(List<Figure> figures) {
        Path directory = run.directory().resolve("models");
        ModelStore store = new ModelStore(directory);
        Manifest release;
        try (MlpSession session = session(InputLayout.of(schema), model)) {
            release = published(store, session, 1).get(0);
        }
        try (Scorer scorer = new ModelStoreLoader(directory.toString(), schema).load(release.id());
                ModelBundle bundle = ModelBundle.load(store, release.id(), schema, SessionThreads.SINGLE)) {
            for (int rows : BATCHES) {
                float[][] vectors = vectors(rows, schema.size());
                double[] ours = new double[ROUNDS];
                double[] raw = new double[ROUNDS];
                try (TFloat32 tensor = FloatTensor.matrix(flat(vectors), rows, schema.size())) {
                    for (int round = -1; round < ROUNDS; round++) { // the first warms up
                        double scored = rows * perSecond(() -> sink = scorer.score(vectors));
                        double alone = rows * perSecond(() -> score(bundle, tensor));
                        if (round >= 0) {
                            ours[round] = scored;
                            raw[round] = alone;
                        }
                    }
                }
                Figure figure = Figure.of("scoring " + rows + " rows at a time", "rows/s", median(ours))
                        .against("TensorFlow alone, " + rows + " rows", median(raw), ratios(ours, raw));
                figures.add(rows == 256 ? figure.toReach(Target.atLeast(1 / 1.2), null) : figure);
            }
        }
    }

    /** The same outputs of one tensor that is made once, which stay in TensorFlow's memory. */
    private static void score(ModelBundle bundle, TFloat32 tensor) {
        Output<?> in = bundle.graph().outputOrThrow(MlpGraph.FEATURES + ":0");
        Output<?> probabilities = bundle.graph().outputOrThrow(MlpGraph.PROBABILITIES + ":0");
        Output<?> embedding = bundle.graph().outputOrThrow(MlpGraph.EMBEDDING + ":0");
        try (Result result = bundle.session().runner().feed(in, tensor).fetch(probabilities).fetch(embedding).run()) {
            sink = result;
        }
    }

    /**
     * A thread that scores what comes at a steady rate, before and while another one loads release after release; both in each
     * round. Without alerts, as weights that were never trained would raise one for every other row.
     */
    private void measureSwaps(List<Figure> figures) throws Exception {
        Path directory = run.directory().resolve("swapped-models");
        ModelStore store = new ModelStore(directory);
        int rounds = run.scale().rounds();
        long leastNanos = run.scale().measured().toNanos() / ROUNDS;
        List<UserUpdate> updates = new ArrayList<>();
        for (float[] vector : vectors(UPDATES, schema.size())) {
            updates.add(TestingUpdates.of(updates.size(), vector));
        }
        double[][] unchanged = new double[TIMES.length][rounds];
        double[][] changing = new double[TIMES.length][rounds];
        double rowsASecond;
        try (MlpSession session = session(InputLayout.of(schema), model)) {
            published(store, session, 1);
            try (SwapPause pause = new SwapPause(new ScoreOperator(
                    new ModelStoreLoader(directory.toString(), schema), AnnouncedReleases.NONE, Jobs.engineConfig().batching(), ScoreAlerts.NONE,
                    ExplainedShare.NONE, new StabilityWindow(Options.STABILITY_VECTORS.defaultValue())), updates)) {
                Iterator<Manifest> releases = published(store, session, rounds * SWAPS).iterator();
                pause.mostASecond(leastNanos);
                rowsASecond = LOAD * pause.mostASecond(leastNanos);
                for (int round = 0; round < rounds; round++) {
                    note(pause.unchanged(rowsASecond, leastNanos), pause, unchanged, round);
                    note(pause.changing(rowsASecond, SWAPS, releases::next), pause, changing, round);
                }
            }
        }
        figures.add(Figure.of("rows to score, a quarter of what one thread can do", "rows/s", rowsASecond));
        for (int time = 0; time < TIMES.length; time++) {
            figures.add(Figure.of(TIMES[time], "µs", median(unchanged[time])));
            figures.add(Figure.of(TIMES[time] + ", releases change", "µs", median(changing[time]))
                    .against("none changes", median(unchanged[time]), ratios(changing[time], unchanged[time])));
        }
    }

    /** In the order of {@link #TIMES}, µs. */
    private static void note(Latencies latencies, SwapPause pause, double[][] times, int round) {
        times[0][round] = latencies.quantileNanos(0.5) / 1e3;
        times[1][round] = latencies.quantileNanos(0.99) / 1e3;
        times[2][round] = latencies.longestNanos() / 1e3;
        times[3][round] = pause.busiestNanos() / 1e3;
    }

    private List<Manifest> published(ModelStore store, MlpSession session, int releases) {
        return Stream.generate(() -> store.publish(
                        new Manifest.Draft(null, schema, model.headNames(), Map.of(), 0, 0), session::export))
                .limit(releases)
                .toList();
    }

    private double examplesASecond() {
        int batch = model.online().batchSize();
        try (OnlineLearner learner = new OnlineLearner(session(InputLayout.of(schema), model), model, labels)) {
            List<OnlineLearner.Row> rows = rows(vectors(batch, schema.size()));
            return batch * best(() -> learner.learn(rows));
        }
    }

    private void measureTables(List<Figure> figures) {
        double small = 1e6 / stepsASecond(1 << 10);
        double large = 1e6 / stepsASecond(1 << 20);
        figures.add(Figure.of("a step of 256 rows, table of 2^10 x " + DIMENSION, "µs", small));
        figures.add(Figure.of("a step of 256 rows, table of 2^20 x " + DIMENSION, "µs", large)
                .against("a step of 256 rows, table of 2^10 x " + DIMENSION, small)
                .toReach(Target.atMost(1.5), null));
    }

    private double stepsASecond(int buckets) {
        FeatureSchema texts = new FeatureSchema(IntStream.range(0, TEXTS)
                .mapToObj(slot -> Feature.hashed("itemId", "last_items", slot)).toList());
        ModelConfig config = ModelConfig.defaults("bought").with(new Embeddings(buckets, DIMENSION, 0.05));
        try (MlpSession session = session(InputLayout.of(texts), config)) {
            Random random = new Random(1);
            float[][] x = new float[256][TEXTS];
            float[][] labels = new float[256][1];
            for (float[] row : x) {
                for (int i = 0; i < TEXTS; i++) {
                    row[i] = random.nextInt(FeatureSchema.HASHES);
                }
            }
            Arrays.setAll(labels, i -> new float[] {i % 2});
            return best(() -> session.train(x, labels));
        }
    }

    private List<OnlineLearner.Row> rows(float[][] vectors) {
        List<OnlineLearner.Row> rows = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            float[] known = new float[model.heads().size()];
            float[] weights = new float[known.length];
            Arrays.fill(known, i % 2);
            Arrays.fill(weights, 1);
            rows.add(new OnlineLearner.Row(vectors[i], known, weights));
        }
        return rows;
    }

    /** Runs a second of the best round after one that warms up. */
    private double best(Runnable runnable) {
        double best = 0;
        for (int round = -1; round < ROUNDS; round++) {
            double perSecond = perSecond(runnable);
            best = round < 0 ? best : Math.max(best, perSecond);
        }
        return best;
    }

    private double perSecond(Runnable runnable) {
        long least = run.scale().measured().toNanos() / PARTS;
        long start = System.nanoTime();
        long runs = 0;
        long nanos = 0;
        while (nanos < least) {
            runnable.run();
            runs++;
            nanos = System.nanoTime() - start;
        }
        return runs * 1e9 / nanos;
    }

    private static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        return Figure.median(ascending);
    }

    private static double[] ratios(double[] ours, double[] raw) {
        double[] ratios = new double[ours.length];
        Arrays.setAll(ratios, i -> ours[i] / raw[i]);
        return ratios;
    }

    /** One value in eight is missing. */
    private static float[][] vectors(int rows, int inputs) {
        Random random = new Random(3);
        float[][] vectors = new float[rows][inputs];
        for (float[] vector : vectors) {
            for (int i = 0; i < inputs; i++) {
                vector[i] = random.nextInt(8) == 0 ? Float.NaN : (float) random.nextGaussian();
            }
        }
        return vectors;
    }

    private static float[] flat(float[][] vectors) {
        float[] flat = new float[vectors.length * vectors[0].length];
        for (int i = 0; i < vectors.length; i++) {
            System.arraycopy(vectors[i], 0, flat, i * vectors[0].length, vectors[0].length);
        }
        return flat;
    }

    private static MlpSession session(InputLayout layout, ModelConfig config) {
        return MlpSession.initialise(new MlpGraph(layout, config), SessionThreads.SINGLE);
    }
}
