package io.liveprofile.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * The part of the graph behind the signature {@code explain}: integrated gradients of each head's logit along the straight line
 * from the baseline to the input (Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, eq. 1), by the
 * midpoint rule over {@value #STEPS} steps. The baseline is the average user: every number at its mean, none missing, every bag
 * empty. What is attributed to the inputs that one feature feeds is that feature's; all of a row sum up to the logit less that of
 * the baseline (completeness, prop. 1), before calibration.
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
            Operand<TFloat32> slopes = tf.gradients(tf.linalg.matMul(logits, tf.constant(only)), List.of(points)).dy(0);
            Operand<TFloat32> perStep = tf.reshape(slopes, tf.constant(new int[] {STEPS, -1, inputs}));
            Operand<TFloat32> attributed = tf.math.mul(tf.math.mean(perStep, tf.constant(0)), input);
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

    /** Each input at the middle of each step of the way from zeros [steps · rows, inputs]. */
    private Operand<TFloat32> points(Operand<TFloat32> input, int inputs) {
        float[][][] shares = new float[STEPS][1][1];
        for (int step = 0; step < STEPS; step++) {
            shares[step][0][0] = (step + 0.5f) / STEPS;
        }
        Operand<TFloat32> all = tf.math.mul(tf.constant(shares), tf.expandDims(input, tf.constant(0)));
        return tf.reshape(all, tf.constant(new int[] {-1, inputs}));
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
