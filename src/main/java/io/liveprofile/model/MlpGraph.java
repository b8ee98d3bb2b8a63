package io.liveprofile.model;

import io.liveprofile.model.ModelConfig.Head;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * The multilayer perceptron as a TensorFlow graph: raw features in, probabilities and embedding out, and one step of
 * training. Normalisation, missing values and calibration are part of it, so live scoring, training and any other reader of the
 * SavedModel treat a vector alike.
 *
 * <pre>
 * features [rows, features], NaN = missing
 *   numbers → (x − mean) / sqrt(variance + 1e-6), missing = 0, cut to ±input_clip, (+ one missing indicator a number)
 *   bags    → mean of the rows of their table           (only with embeddings)
 *   → dense + activation, once a hidden layer           the last one is the embedding [rows, units]
 *   → dense (+ the inputs by a linear path)              logits [rows, heads]
 *   → · scale + shift → sigmoid                          probabilities [rows, heads]
 * </pre>
 *
 * <p>Weights, the optimisers' moments, the step count, the normalisation statistics and the calibration are variables, so a
 * SavedModel goes on training where it stopped. Each variable {@code v} has an operation {@code v.assign} fed by
 * {@code v.value}.
 */
public final class MlpGraph implements AutoCloseable {
    /** Signature: {@link #FEATURES} to {@link #PROBABILITIES}, {@link #EMBEDDING} and {@link #LOGITS}. */
    public static final String SERVE = "serve";
    /**
     * Signature: {@link #FEATURES}, {@link #LABELS}, optional {@link #LABEL_WEIGHTS}, {@link #LOGIT_OFFSET} and
     * {@link #LEARNING_RATE} to {@link #LOSS} before the step, {@link #GRADIENT_NORM} before clipping and {@link #STEP} after
     * it. Never run it beside another run of the same session: variables are updated in place.
     */
    public static final String TRAIN = "train";
    /**
     * Signature: {@link #FEATURES} to {@link #OBSERVED}; learns mean and variance of the numbers. Never run it beside another
     * run.
     */
    public static final String OBSERVE = "observe";

    /** Signature: {@link #FEATURES} to {@link #ATTRIBUTIONS} and {@link #BASELINE_LOGITS}. */
    public static final String EXPLAIN = "explain";

    /** float32 [rows, features]; NaN = missing. */
    public static final String FEATURES = "features";
    /** float32 [rows, heads]; 0 to 1, NaN = unknown, which adds nothing to loss or gradient. */
    public static final String LABELS = "labels";
    /** float32 [rows, heads], at least 0; 1 each when not fed. */
    public static final String LABEL_WEIGHTS = "label_weights";
    /**
     * float32 [heads]: added to the logits in training alone; 0 when not fed. With negatives of which a share r was kept it is
     * −ln r, so that the logits are those of all (King and Zeng, "Logistic Regression in Rare Events Data", 2001, eq. 7).
     */
    public static final String LOGIT_OFFSET = "logit_offset";
    /** float32 scalar; the configured one when not fed. */
    public static final String LEARNING_RATE = "learning_rate";
    /** float32 [rows, heads], 0 to 1, in head order. */
    public static final String PROBABILITIES = "probabilities";
    /** float32 [rows, units of the last hidden layer]. */
    public static final String EMBEDDING = "embedding";
    /** float32 [rows, heads], before calibration. */
    public static final String LOGITS = "logits";
    /** float32 [rows, heads, numbers and then bags]: what each contributes to the logit; they sum up to it less the baseline's. */
    public static final String ATTRIBUTIONS = "attributions";
    /** float32 [rows, heads]: logits of the average user. */
    public static final String BASELINE_LOGITS = "baseline_logits";
    /** float32 scalar: sum over heads of loss weight times mean cross entropy over the known labels. */
    public static final String LOSS = "loss";
    /** float32 scalar, before clipping. */
    public static final String GRADIENT_NORM = "gradient_norm";
    /** int64 scalar: training steps done. */
    public static final String STEP = "step";
    /** float32 [numbers]: rows that the statistics of each remember. */
    public static final String OBSERVED = "observed";

    /** Variable float32 [numbers]. */
    public static final String MEAN = "normalization.mean";
    /** Variable float32 [numbers], above 0. */
    public static final String VARIANCE = "normalization.variance";
    /** Variable float32 [numbers]: rows behind mean and variance. */
    public static final String STATISTICS_ROWS = "normalization.rows";
    /** Variables float32 [heads] of Platt's calibration. */
    public static final String CALIBRATION_SCALE = "calibration.scale";
    public static final String CALIBRATION_SHIFT = "calibration.shift";
    /** Variable float32 [heads]. */
    public static final String POSITIVE_WEIGHT = "heads.positive_weight";
    /** Variable int64 scalar. */
    public static final String OPTIMIZER_STEP = "optimizer.step";

    /** Keeps a constant feature from dividing by zero. */
    public static final float VARIANCE_EPSILON = 1e-6f;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final ModelConfig config;
    private final InputLayout layout;
    private final InputStatistics statistics;
    private final EmbeddingBags bags;
    private final DenseLayers layers;
    private final Signature serve;
    private final Signature train;
    private final Signature observe;
    private final Signature explain;

    /** Builds the graph for vectors of numbers alone. */
    public MlpGraph(int features, ModelConfig config) {
        this(InputLayout.ofNumbers(features), config);
    }

    /** Builds the graph; no variable has a value before a session initialises it. */
    public MlpGraph(InputLayout layout, ModelConfig config) {
        this.config = config;
        this.layout = layout;
        Placeholder<TFloat32> x = tf.withName(FEATURES)
                .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, layout.size())));
        Operand<TFloat32> numbers = layout.numbers().length == layout.size()
                ? x
                : tf.gather(x, tf.constant(layout.numbers()), tf.constant(1));
        statistics = new InputStatistics(tf, this, layout.numbers().length);
        bags = config.embeddings() == null ? null : new EmbeddingBags(tf, this, layout, config.embeddings());
        Operand<TFloat32> input = input(x, numbers);
        int allInputs = layout.numbers().length * (config.missingIndicator() ? 2 : 1)
                + (bags == null ? 0 : layout.bags().size() * config.embeddings().dimension());
        layers = new DenseLayers(tf, this, config, allInputs);

        Operand<TFloat32> embedding = tf.withName(EMBEDDING).identity(layers.hidden(input));
        Operand<TFloat32> logits = tf.withName(LOGITS).identity(layers.logits(embedding, input));
        Operand<TFloat32> probabilities = tf.withName(PROBABILITIES).math.sigmoid(calibrated(logits));
        serve = Signature.builder().key(SERVE).input(FEATURES, x)
                .output(PROBABILITIES, probabilities).output(EMBEDDING, embedding).output(LOGITS, logits).build();
        train = new MlpTraining(tf, this, config).signature(x, input);
        explain = new MlpExplanation(tf, this, config, layout).signature(x, input, allInputs);
        observe = statistics.observe(x, numbers, config.online().statisticsRows());
    }

    /** Prefix of the variables {@code ….kernel} and {@code ….bias} of a hidden layer, 0 = nearest the input. */
    public static String kernelName(int hiddenLayer) {
        return "hidden_" + hiddenLayer;
    }

    public Graph graph() {
        return graph;
    }

    public ModelConfig config() {
        return config;
    }

    public int features() {
        return layout.size();
    }

    public List<Signature> signatures() {
        return List.of(serve, train, observe, explain);
    }

    @Override
    public void close() {
        graph.close();
    }

    DenseLayers layers() {
        return layers;
    }

    /** Null without embeddings. */
    EmbeddingBags bags() {
        return bags;
    }

    /** A variable that can be set from outside through {@code name.value} and {@code name.assign}. */
    Variable<TFloat32> variable(String name, Operand<TFloat32> initial) {
        Variable<TFloat32> variable = tf.withName(name).variable(initial);
        Placeholder<TFloat32> value = tf.withName(name + ".value")
                .placeholder(TFloat32.class, Placeholder.shape(variable.asOutput().shape()));
        tf.withName(name + ".assign").assign(variable, value);
        return variable;
    }

    Operand<TFloat32> filled(float value, long... shape) {
        return tf.fill(tf.constant(shape), tf.constant(value));
    }

    private Operand<TFloat32> input(Operand<TFloat32> x, Operand<TFloat32> numbers) {
        Operand<TBool> missing = tf.math.isNan(numbers);
        float clip = (float) config.inputClip();
        List<Operand<TFloat32>> parts = new ArrayList<>();
        parts.add(tf.clipByValue(tf.select(missing, tf.zerosLike(numbers), statistics.normalized(numbers)),
                tf.constant(-clip), tf.constant(clip)));
        if (config.missingIndicator()) {
            parts.add(tf.dtypes.cast(missing, TFloat32.class));
        }
        if (bags != null) {
            layout.bags().forEach(bag -> parts.add(bags.mean(x, bag)));
        }
        return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(1));
    }

    private Operand<TFloat32> calibrated(Operand<TFloat32> logits) {
        int heads = config.heads().size();
        Variable<TFloat32> scale = variable(CALIBRATION_SCALE, filled(1, heads));
        Variable<TFloat32> shift = variable(CALIBRATION_SHIFT, filled(0, heads));
        return tf.math.add(tf.math.mul(logits, scale), shift);
    }

    static float[] lossWeights(List<Head> heads) {
        float[] weights = new float[heads.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) heads.get(i).lossWeight();
        }
        return weights;
    }
}
