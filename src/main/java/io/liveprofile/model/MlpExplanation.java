package io.liveprofile.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The part of the graph behind the signature {@code explain}: integrated gradients of each head's logit along the straight line
 * from the baseline to the input (Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, eq. 1). The
 * baseline is the average user: every number at its mean, none missing, every bag empty. What is attributed to the inputs that one
 * feature feeds is that feature's; all of a row sum up to the logit less that of the baseline (completeness, prop. 1), before
 * calibration, but for what the quadrature leaves.
 *
 * <p>That is in {@value #STEPS} steps. Along the line the logit of a network of rectifiers is a broken line, so within a step its
 * gradient is the one at the beginning up to a break and then the one at the end. Where there is one break, the logits at both ends
 * say where: with slopes a and b along the line at the ends, and s on average in between, a share τ = (s − b) / (a − b) lies before
 * it, and that is exact. Where there are more, or units that bend, τ is cut to [0, 1]. The shipped model trained on simulated
 * shoppers leaves 0.1 % of the sum on average, at most 0.8 %; one with tables of texts 0.1 % and 2.3 %; one of as many inputs, trained
 * on products and waves of them, 0.14 % and 1.3 %, where the midpoint rule with as many steps leaves 0.94 % and 7.9 %.
 */
final class MlpExplanation {
    private static final int STEPS = 64;

    private final Ops tf;
    private final MlpGraph model;
    private final ModelConfig config;
    private final InputLayout layout;

    MlpExplanation(Ops tf, MlpGraph model, ModelConfig config, InputLayout layout) {
        this.tf = tf;
        this.model = model;
        this.config = config;
        this.layout = layout;
    }

    /** @param input as it enters the first layer [rows, inputs] */
    Signature signature(Operand<TFloat32> features, Operand<TFloat32> input, int inputs) {
        Operand<TFloat32> points = points(input, inputs);
        Operand<TFloat32> logits = logits(points);
        Operand<TFloat32> ofFeature = tf.constant(ofFeature(inputs));
        List<Operand<TFloat32>> byHead = new ArrayList<>();
        for (int head = 0; head < config.heads().size(); head++) {
            float[][] only = new float[config.heads().size()][1];
            only[head][0] = 1;
            Operand<TFloat32> logit = tf.linalg.matMul(logits, tf.constant(only));
            Operand<TFloat32> gradients = byPoint(tf.gradients(logit, List.of(points)).dy(0), inputs);
            Operand<TFloat32> slopes = tf.sum(tf.math.mul(gradients, input), tf.constant(2), Sum.keepDims(true));
            Operand<TFloat32> weights = weights(slopes, byPoint(logit, 1));
            Operand<TFloat32> attributed = tf.math.mul(tf.sum(tf.math.mul(gradients, weights), tf.constant(0)), input);
            byHead.add(tf.linalg.matMul(attributed, ofFeature));
        }
        Operand<TFloat32> attributions = tf.withName(MlpGraph.ATTRIBUTIONS).identity(
                tf.stack(byHead, Stack.axis(1L)));
        Operand<TFloat32> zeros = tf.zerosLike(input);
        Operand<TFloat32> baseline = tf.withName(MlpGraph.BASELINE_LOGITS).identity(logits(zeros));
        return Signature.builder().key(MlpGraph.EXPLAIN)
                .input(MlpGraph.FEATURES, features)
                .output(MlpGraph.ATTRIBUTIONS, attributions)
                .output(MlpGraph.BASELINE_LOGITS, baseline)
                .build();
    }

    /** Each input at each end of a step of the way from zeros [(steps + 1) · rows, inputs]. */
    private Operand<TFloat32> points(Operand<TFloat32> input, int inputs) {
        float[][][] shares = new float[STEPS + 1][1][1];
        for (int step = 0; step <= STEPS; step++) {
            shares[step][0][0] = step / (float) STEPS;
        }
        Operand<TFloat32> all = tf.math.mul(tf.constant(shares), tf.expandDims(input, tf.constant(0)));
        return tf.reshape(all, tf.constant(new int[] {-1, inputs}));
    }

    private Operand<TFloat32> byPoint(Operand<TFloat32> values, int columns) {
        return tf.reshape(values, tf.constant(new int[] {STEPS + 1, -1, columns}));
    }

    /**
     * How much the gradient at each point counts [steps + 1, rows, 1].
     *
     * @param slopes of the logit along the line [steps + 1, rows, 1]
     * @param logit [steps + 1, rows, 1]
     */
    private Operand<TFloat32> weights(Operand<TFloat32> slopes, Operand<TFloat32> logit) {
        Operand<TFloat32> before = first(slopes);
        Operand<TFloat32> behind = last(slopes);
        Operand<TFloat32> between = tf.math.mul(tf.math.sub(last(logit), first(logit)), tf.constant((float) STEPS));
        Operand<TFloat32> bend = tf.math.sub(before, behind);
        Operand<TFloat32> share = tf.clipByValue(
                tf.math.divNoNan(tf.math.sub(between, behind), bend), tf.constant(0f), tf.constant(1f));
        Operand<TFloat32> none = tf.zerosLike(tf.slice(slopes, tf.constant(new int[3]), tf.constant(new int[] {1, -1, -1})));
        Operand<TFloat32> ofBeginnings = tf.concat(List.of(share, none), tf.constant(0));
        Operand<TFloat32> ofEnds = tf.concat(List.of(none, tf.math.sub(tf.constant(1f), share)), tf.constant(0));
        return tf.math.div(tf.math.add(ofBeginnings, ofEnds), tf.constant((float) STEPS));
    }

    private Operand<TFloat32> first(Operand<TFloat32> byPoint) {
        return tf.slice(byPoint, tf.constant(new int[3]), tf.constant(new int[] {STEPS, -1, -1}));
    }

    private Operand<TFloat32> last(Operand<TFloat32> byPoint) {
        return tf.slice(byPoint, tf.constant(new int[] {1, 0, 0}), tf.constant(new int[] {STEPS, -1, -1}));
    }

    private Operand<TFloat32> logits(Operand<TFloat32> input) {
        return model.layers().logits(model.layers().hidden(input), input);
    }

    /** 1 where an input is fed by a feature [inputs, numbers and bags]. */
    private float[][] ofFeature(int inputs) {
        int numbers = layout.numbers().length;
        int bags = config.embeddings() == null ? 0 : layout.bags().size();
        float[][] of = new float[inputs][numbers + bags];
        int at = 0;
        for (int copies = config.missingIndicator() ? 2 : 1; copies > 0; copies--) {
            for (int i = 0; i < numbers; i++) {
                of[at++][i] = 1;
            }
        }
        for (int bag = 0; bag < bags; bag++) {
            for (int d = 0; d < config.embeddings().dimension(); d++) {
                of[at++][numbers + bag] = 1;
            }
        }
        return of;
    }
}
