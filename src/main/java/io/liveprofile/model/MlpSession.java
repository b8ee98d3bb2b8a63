package io.liveprofile.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Weights in memory and what one does with them: score, train a step, read, set. Works on a graph just built and on one
 * loaded from a release alike. Not thread-safe; holds native memory until closed.
 */
public final class MlpSession implements AutoCloseable {
    private final Graph graph;
    private final Session session;
    private final List<Signature> signatures;
    private final Runnable closing;
    private final int features;
    private final int heads;
    private float[] rowBuffer = new float[0];
    private float[] labelBuffer = new float[0];

    /**
     * What one training step saw.
     *
     * @param loss of the batch before the step, without L2
     * @param gradientNorm global norm before clipping
     */
    public record Step(float loss, float gradientNorm) {}

    private MlpSession(Graph graph, Session session, List<Signature> signatures, Runnable closing) {
        this.graph = graph;
        this.session = session;
        this.signatures = List.copyOf(signatures);
        this.closing = closing;
        this.features = (int) graph.outputOrThrow(MlpGraph.FEATURES + ":0").shape().get(1);
        this.heads = (int) graph.outputOrThrow(MlpGraph.LABELS + ":0").shape().get(1);
    }

    /** New weights from the graph's seed. The session owns the graph and closes it. */
    public static MlpSession initialise(MlpGraph model, SessionThreads threads) {
        Session session = new Session(model.graph(), false, threads.toProto());
        session.initialize();
        return new MlpSession(model.graph(), session, model.signatures(), () -> {
            session.close();
            model.close();
        });
    }

    /** The weights of a loaded release, which it owns and closes. */
    public static MlpSession of(ModelBundle bundle) {
        return new MlpSession(bundle.graph(), bundle.session(), bundle.signatures(), bundle::close);
    }

    public int features() {
        return features;
    }

    public int heads() {
        return heads;
    }

    /**
     * Probabilities [rows][heads].
     *
     * @param x [rows][features], NaN = missing
     */
    public float[][] score(float[][] x) {
        if (x.length == 0) {
            return new float[0][];
        }
        rowBuffer = flatten(x, 0, x.length, features, rowBuffer);
        try (TFloat32 input = FloatTensor.matrix(rowBuffer, x.length, features);
                Result result = session.runner().feed(MlpGraph.FEATURES, input).fetch(MlpGraph.PROBABILITIES).run()) {
            return FloatTensor.rows(result.get(0));
        }
    }

    /** Logits [rows][heads] before calibration; x as in {@link #score}, at least one row. */
    public float[][] logits(float[][] x) {
        rowBuffer = flatten(x, 0, x.length, features, rowBuffer);
        try (TFloat32 input = FloatTensor.matrix(rowBuffer, x.length, features);
                Result result = session.runner().feed(MlpGraph.FEATURES, input).fetch(MlpGraph.LOGITS).run()) {
            return FloatTensor.rows(result.get(0));
        }
    }

    /** Why: [rows][heads][numbers, then bags] as {@link MlpGraph#ATTRIBUTIONS}; at least one row. */
    public float[][][] explain(float[][] x) {
        rowBuffer = flatten(x, 0, x.length, features, rowBuffer);
        try (TFloat32 input = FloatTensor.matrix(rowBuffer, x.length, features);
                Result result = session.runner().feed(MlpGraph.FEATURES, input).fetch(MlpGraph.ATTRIBUTIONS).run()) {
            float[] flat = FloatTensor.values(result.get(0));
            int inputs = flat.length / x.length / heads;
            float[][][] attributions = new float[x.length][heads][];
            for (int i = 0; i < x.length * heads; i++) {
                attributions[i / heads][i % heads] = Arrays.copyOfRange(flat, i * inputs, (i + 1) * inputs);
            }
            return attributions;
        }
    }

    /** Learns mean and variance of the inputs from further rows, at least one. */
    public void observe(float[][] x) {
        rowBuffer = flatten(x, 0, x.length, features, rowBuffer);
        try (TFloat32 input = FloatTensor.matrix(rowBuffer, x.length, features)) {
            session.runner().feed(MlpGraph.FEATURES, input).fetch(MlpGraph.OBSERVED).run().close();
        }
    }

    /**
     * Rows of one training step.
     *
     * @param x [rows][features], at least one row, NaN = missing
     * @param labels [rows][heads], NaN = unknown
     * @param weights [rows][heads], at least 0; null = 1 each
     * @param logitOffset [heads]; null = 0 each
     */
    public record Batch(float[][] x, float[][] labels, float[][] weights, float[] logitOffset) {
        public Batch(float[][] x, float[][] labels) {
            this(x, labels, null, null);
        }
    }

    /** One step over all rows, each of weight 1, at the configured learning rate. */
    public Step train(float[][] x, float[][] labels) {
        return train(new Batch(x, labels), Float.NaN);
    }

    /**
     * One step of the optimisers.
     *
     * @param learningRate of Adam, above 0; NaN = the configured one
     */
    public Step train(Batch batch, float learningRate) {
        int rows = batch.x().length;
        rowBuffer = flatten(batch.x(), 0, rows, features, rowBuffer);
        labelBuffer = flatten(batch.labels(), 0, rows, heads, labelBuffer);
        List<Tensor> fed = new ArrayList<>();
        try {
            Session.Runner runner = session.runner();
            feed(runner, fed, MlpGraph.FEATURES, FloatTensor.matrix(rowBuffer, rows, features));
            feed(runner, fed, MlpGraph.LABELS, FloatTensor.matrix(labelBuffer, rows, heads));
            if (batch.weights() != null) {
                labelBuffer = flatten(batch.weights(), 0, rows, heads, labelBuffer);
                feed(runner, fed, MlpGraph.LABEL_WEIGHTS, FloatTensor.matrix(labelBuffer, rows, heads));
            }
            if (batch.logitOffset() != null) {
                feed(runner, fed, MlpGraph.LOGIT_OFFSET, FloatTensor.of(batch.logitOffset(), Shape.of(heads)));
            }
            if (!Float.isNaN(learningRate)) {
                feed(runner, fed, MlpGraph.LEARNING_RATE, TFloat32.scalarOf(learningRate));
            }
            try (Result result = runner.fetch(MlpGraph.LOSS).fetch(MlpGraph.GRADIENT_NORM).run()) {
                return new Step(FloatTensor.values(result.get(0))[0], FloatTensor.values(result.get(1))[0]);
            }
        } finally {
            fed.forEach(Tensor::close);
        }
    }

    /** Steps of training done since the weights were new. */
    public long steps() {
        try (Result result = session.runner().fetch(MlpGraph.OPTIMIZER_STEP).run()) {
            return result.get(0).asRawTensor().data().asLongs().getLong(0);
        }
    }

    public void setSteps(long steps) {
        try (TInt64 tensor = TInt64.scalarOf(steps)) {
            session.runner().feed(MlpGraph.OPTIMIZER_STEP + ".value", tensor).addTarget(MlpGraph.OPTIMIZER_STEP + ".set")
                    .run().close();
        }
    }

    /** Names of the float variables that can be read and set: weights, Adam's moments, statistics. */
    public List<String> variables() {
        List<String> names = new ArrayList<>();
        for (Iterator<GraphOperation> it = graph.operations(); it.hasNext(); ) {
            GraphOperation operation = it.next();
            if (operation.type().startsWith("Variable") && graph.operation(operation.name() + ".assign") != null) {
                names.add(operation.name());
            }
        }
        return names;
    }

    /** Values of a variable, row-major. */
    public float[] read(String variable) {
        try (Result result = session.runner().fetch(variable).run()) {
            return FloatTensor.values(result.get(0));
        }
    }

    /** Sets a variable; {@code values} are row-major and as many as it has. */
    public void write(String variable, float[] values) {
        Shape shape = graph.outputOrThrow(variable + ":0").shape();
        if (shape.size() != values.length) {
            throw new IllegalArgumentException(
                    variable + " has shape " + shape + ", which are not " + values.length + " values");
        }
        try (TFloat32 tensor = FloatTensor.of(values, shape)) {
            session.runner().feed(variable + ".value", tensor).addTarget(variable + ".assign").run().close();
        }
    }

    /**
     * A copy of every float variable and, under {@link MlpGraph#OPTIMIZER_STEP}, of the step count, without which Adam's moments
     * mean something else; above 2^24 it is the nearest number that a float can be.
     */
    public Map<String, float[]> readAll() {
        Map<String, float[]> values = new LinkedHashMap<>();
        variables().forEach(name -> values.put(name, read(name)));
        values.put(MlpGraph.OPTIMIZER_STEP, new float[] {steps()});
        return values;
    }

    /**
     * Sets every float variable, and the step count where it is among them.
     *
     * @throws IllegalArgumentException when they are of a model of another form
     */
    public void writeAll(Map<String, float[]> values) {
        for (String name : variables()) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("There is no " + name);
            }
            write(name, values.get(name));
        }
        if (values.containsKey(MlpGraph.OPTIMIZER_STEP)) {
            setSteps((long) values.get(MlpGraph.OPTIMIZER_STEP)[0]);
        }
    }

    /** Has Adam begin anew from the weights as they are. */
    public void forgetMoments() {
        for (String name : variables()) {
            if (MlpTraining.isMoment(name)) {
                write(name, new float[read(name).length]);
            }
        }
        setSteps(0);
    }

    /** Writes graph, weights and signatures as a SavedModel; the directory does not exist yet. */
    public void export(Path directory) {
        SavedModelExport.write(this, signatures, directory);
    }

    Session session() {
        return session;
    }

    @Override
    public void close() {
        closing.run();
    }

    private static void feed(Session.Runner runner, List<Tensor> fed, String name, Tensor tensor) {
        fed.add(tensor);
        runner.feed(name, tensor);
    }

    private static float[] flatten(float[][] rows, int from, int count, int columns, float[] buffer) {
        float[] flat = buffer.length >= count * columns ? buffer : new float[count * columns];
        for (int i = 0; i < count; i++) {
            float[] row = rows[from + i];
            if (row.length != columns) {
                throw new IllegalArgumentException(
                        "Row " + i + " has " + row.length + " values, the model takes " + columns);
            }
            System.arraycopy(row, 0, flat, i * columns, columns);
        }
        return flat;
    }
}
