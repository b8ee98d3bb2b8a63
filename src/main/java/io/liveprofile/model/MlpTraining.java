package io.liveprofile.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignAdd;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * The part of the graph behind the signature {@code train}: masked cross entropy, gradients, clipping by global norm
 * (Pascanu et al. 2013, Alg. 1), L2 and Adam (Kingma & Ba 2015, Alg. 1); rows of tables as {@link EmbeddingBags} says.
 */
final class MlpTraining {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float ADAM_EPSILON = 1e-8f;
    private static final String FIRST_MOMENT = ".adam_m";
    private static final String SECOND_MOMENT = ".adam_v";

    private final Ops tf;
    private final MlpGraph model;
    private final ModelConfig config;
    private final Variable<TInt64> step;

    MlpTraining(Ops tf, MlpGraph model, ModelConfig config) {
        this.tf = tf;
        this.model = model;
        this.config = config;
        this.step = tf.withName(MlpGraph.OPTIMIZER_STEP).variable(tf.constant(0L));
        tf.withName(MlpGraph.OPTIMIZER_STEP + ".set").assign(step,
                tf.withName(MlpGraph.OPTIMIZER_STEP + ".value").placeholder(TInt64.class, Placeholder.shape(Shape.scalar())));
    }

    /** Whether the variable is one of Adam's moments. */
    static boolean isMoment(String variable) {
        return variable.endsWith(FIRST_MOMENT) || variable.endsWith(SECOND_MOMENT);
    }

    Signature signature(Operand<TFloat32> features, Operand<TFloat32> input) {
        int heads = config.heads().size();
        Placeholder<TFloat32> labels = tf.withName(MlpGraph.LABELS)
                .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, heads)));
        Operand<TFloat32> weights = tf.withName(MlpGraph.LABEL_WEIGHTS)
                .placeholderWithDefault(tf.constant(new float[][] {{1}}), Shape.of(-1, -1));
        Operand<TFloat32> offset = tf.withName(MlpGraph.LOGIT_OFFSET)
                .placeholderWithDefault(tf.constant(new float[heads]), Shape.of(heads));
        Operand<TFloat32> learningRate = tf.withName(MlpGraph.LEARNING_RATE)
                .placeholderWithDefault(tf.constant((float) config.training().learningRate()), Shape.scalar());

        Operand<TFloat32> loss = loss(tf.math.add(logits(input), offset), labels, weights);
        List<Variable<TFloat32>> dense = model.layers().variables();
        List<Operand<TFloat32>> derivedBy = new ArrayList<>(dense);
        derivedBy.addAll(model.bags() == null ? List.of() : model.bags().gathered());
        Gradients derived = tf.gradients(loss, derivedBy);
        List<Operand<TFloat32>> gradients = denseGradients(derived, dense);
        List<EmbeddingBags.Change> changes = changes(derived, dense.size(), derivedBy.size());
        Operand<TFloat32> norm = tf.withName(MlpGraph.GRADIENT_NORM).identity(globalNorm(gradients, changes));
        AssignAdd<TInt64> advanced = update(dense, gradients, changes, norm, learningRate);
        Ops after = tf.withControlDependencies(advanced);
        return Signature.builder().key(MlpGraph.TRAIN)
                .input(MlpGraph.FEATURES, features).input(MlpGraph.LABELS, labels)
                .input(MlpGraph.LABEL_WEIGHTS, weights).input(MlpGraph.LOGIT_OFFSET, offset)
                .input(MlpGraph.LEARNING_RATE, learningRate)
                .output(MlpGraph.LOSS, after.withName(MlpGraph.LOSS).identity(loss))
                .output(MlpGraph.GRADIENT_NORM, norm)
                .output(MlpGraph.STEP, tf.withName(MlpGraph.STEP).identity(advanced))
                .build();
    }

    /** The forward pass of serving, with inverted dropout after each hidden layer (Srivastava et al. 2014). */
    private Operand<TFloat32> logits(Operand<TFloat32> input) {
        List<UnaryOperator<Operand<TFloat32>>> dropouts = new ArrayList<>();
        for (int i = 0; i < config.hiddenLayers().size(); i++) {
            int layer = i;
            dropouts.add(h -> dropout(h, layer));
        }
        return model.layers().logits(model.layers().hidden(input, dropouts), input);
    }

    /** The mask depends on seed, layer and step only, so training that goes on from a snapshot repeats itself. */
    private Operand<TFloat32> dropout(Operand<TFloat32> h, int layer) {
        float rate = (float) config.training().dropout();
        if (rate == 0) {
            return h;
        }
        Operand<TInt64> seed = tf.stack(List.of(
                tf.constant(config.training().seed() * 31 + layer), tf.identity(step)));
        Operand<TFloat32> uniform = tf.random.statelessRandomUniform(tf.shape(h, TInt64.class), seed);
        Operand<TFloat32> kept = tf.dtypes.cast(
                tf.math.greaterEqual(uniform, tf.constant(rate)), TFloat32.class);
        return tf.math.mul(h, tf.math.mul(kept, tf.constant(1 / (1 - rate))));
    }

    /**
     * Sum over heads of loss weight times the weighted mean over known labels of
     * {@code y·w⁺·softplus(−z) + (1 − y)·softplus(z)}, which is the cross entropy of {@code sigmoid(z)} and never
     * overflows. A head without a known label in the batch adds 0.
     */
    private Operand<TFloat32> loss(
            Operand<TFloat32> logits, Operand<TFloat32> labels, Operand<TFloat32> labelWeights) {
        Variable<TFloat32> positiveWeight =
                model.variable(MlpGraph.POSITIVE_WEIGHT, model.filled(1, config.heads().size()));
        Operand<TBool> unknown = tf.math.isNan(labels);
        Operand<TFloat32> zeros = tf.zerosLike(labels);
        Operand<TFloat32> ones = tf.onesLike(labels);
        Operand<TFloat32> y = tf.select(unknown, zeros, labels);
        Operand<TFloat32> weight = tf.math.mul(tf.select(unknown, zeros, ones), labelWeights);
        Operand<TFloat32> share = tf.math.divNoNan(weight, tf.sum(weight, tf.constant(0)));
        Operand<TFloat32> headShare =
                tf.math.mul(share, tf.constant(MlpGraph.lossWeights(config.heads())));
        Operand<TFloat32> crossEntropy = tf.math.add(
                tf.math.mul(tf.math.mul(y, positiveWeight), tf.math.softplus(tf.math.neg(logits))),
                tf.math.mul(tf.math.sub(ones, y), tf.math.softplus(logits)));
        return tf.sum(tf.math.mul(headShare, crossEntropy), tf.constant(new int[] {0, 1}));
    }

    private List<Operand<TFloat32>> denseGradients(Gradients derived, List<Variable<TFloat32>> weights) {
        List<Operand<TFloat32>> gradients = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Operand<TFloat32> gradient = derived.dy(i);
            boolean kernel = weights.get(i).asOutput().shape().numDimensions() == 2;
            gradients.add(kernel && config.training().l2() > 0
                    ? tf.math.add(gradient,
                            tf.math.mul(weights.get(i), tf.constant((float) config.training().l2())))
                    : gradient);
        }
        return gradients;
    }

    private List<EmbeddingBags.Change> changes(Gradients derived, int from, int to) {
        List<Operand<TFloat32>> gathered = new ArrayList<>();
        for (int i = from; i < to; i++) {
            gathered.add(derived.dy(i));
        }
        return model.bags() == null ? List.of() : model.bags().changes(gathered);
    }

    private Operand<TFloat32> globalNorm(List<Operand<TFloat32>> gradients, List<EmbeddingBags.Change> changes) {
        List<Operand<TFloat32>> halfSquares = new ArrayList<>();
        gradients.forEach(gradient -> halfSquares.add(tf.nn.l2Loss(gradient)));
        changes.forEach(change -> halfSquares.add(tf.nn.l2Loss(change.gradient())));
        return tf.math.sqrt(tf.math.mul(tf.math.addN(halfSquares), tf.constant(2f)));
    }

    /**
     * One Adam step of every weight; the returned operation counts the step once all are done. Each update waits for the
     * global norm and so for every gradient: reference variables change in place, and the gradient of an earlier layer
     * still reads the kernel of a later one.
     */
    private AssignAdd<TInt64> update(
            List<Variable<TFloat32>> weights, List<Operand<TFloat32>> gradients, List<EmbeddingBags.Change> changes,
            Operand<TFloat32> norm, Operand<TFloat32> learningRate) {
        Operand<TFloat32> clip = tf.constant((float) config.training().clipNorm());
        Operand<TFloat32> scale = tf.math.div(clip, tf.math.maximum(norm, clip));
        Operand<TFloat32> t = tf.dtypes.cast(tf.math.add(step, tf.constant(1L)), TFloat32.class);
        Operand<TFloat32> beta1Power = tf.math.pow(tf.constant(BETA1), t);
        Operand<TFloat32> beta2Power = tf.math.pow(tf.constant(BETA2), t);
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Variable<TFloat32> weight = weights.get(i);
            String name = weight.op().name();
            long[] shape = weight.asOutput().shape().asArray();
            updates.add(tf.train.applyAdam(
                    weight,
                    model.variable(name + FIRST_MOMENT, model.filled(0, shape)),
                    model.variable(name + SECOND_MOMENT, model.filled(0, shape)),
                    beta1Power, beta2Power, learningRate,
                    tf.constant(BETA1), tf.constant(BETA2), tf.constant(ADAM_EPSILON),
                    tf.math.mul(gradients.get(i), scale)));
        }
        if (model.bags() != null) {
            updates.addAll(model.bags().update(changes, scale));
        }
        return tf.withControlDependencies(updates).withName("optimizer.advance").assignAdd(step, tf.constant(1L));
    }
}
