package io.liveprofile.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Mean and variance of each number over its present values, learned batch by batch: two parts are merged as Chan, Golub and
 * LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979, eq. 2.1, the past counting no more
 * than {@code memory} rows, so that old values fade. A number beyond a million million is left out: its square would drown all
 * that is to be learned of the others, or overflow.
 */
final class InputStatistics {
    private static final float LARGEST = 1e12f;

    private final Ops tf;
    private final Variable<TFloat32> mean;
    private final Variable<TFloat32> variance;
    private final Variable<TFloat32> count;

    InputStatistics(Ops tf, MlpGraph model, int numbers) {
        this.tf = tf;
        this.mean = model.variable(MlpGraph.MEAN, model.filled(0, numbers));
        this.variance = model.variable(MlpGraph.VARIANCE, model.filled(1, numbers));
        this.count = model.variable(MlpGraph.STATISTICS_ROWS, model.filled(0, numbers));
    }

    /** In standard deviations from the mean; NaN stays NaN. */
    Operand<TFloat32> normalized(Operand<TFloat32> numbers) {
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(MlpGraph.VARIANCE_EPSILON)));
        return tf.math.mul(tf.math.sub(numbers, mean), scale);
    }

    Signature observe(Operand<TFloat32> features, Operand<TFloat32> numbers, float memory) {
        // Not as the negation of a comparison: TensorFlow turns that round, which is wrong of NaN.
        Operand<TBool> present = tf.math.logicalAnd(
                tf.math.isFinite(numbers), tf.math.lessEqual(tf.math.abs(numbers), tf.constant(LARGEST)));
        Operand<TFloat32> zeros = tf.zerosLike(numbers);
        Operand<TFloat32> rows = sum(tf.select(present, tf.onesLike(numbers), zeros));
        Operand<TFloat32> batchMean = tf.math.divNoNan(sum(tf.select(present, numbers, zeros)), rows);
        Operand<TFloat32> deviation = tf.select(present, tf.math.sub(numbers, batchMean), zeros);
        Operand<TFloat32> squares = sum(tf.math.square(deviation));

        Operand<TFloat32> past = tf.math.minimum(count, tf.constant(memory));
        Operand<TFloat32> all = tf.math.add(past, rows);
        Operand<TFloat32> shift = tf.math.sub(batchMean, mean);
        Operand<TFloat32> share = tf.math.divNoNan(rows, all);
        Operand<TFloat32> newMean = tf.math.add(mean, tf.math.mul(shift, share));
        Operand<TFloat32> allSquares = tf.math.addN(List.of(
                tf.math.mul(variance, past), squares,
                tf.math.mul(tf.math.square(shift), tf.math.mul(past, share))));
        Operand<TFloat32> spread = tf.math.divNoNan(allSquares, all);
        Operand<TFloat32> newVariance = tf.select(
                tf.math.greater(spread, tf.constant(1e-12f)), spread, tf.onesLike(spread));

        Ops after = tf.withControlDependencies(List.<Op>of(newMean, newVariance, all));
        List<Op> updates = List.of(
                after.assign(mean, newMean), after.assign(variance, newVariance), after.assign(count, all));
        Operand<TFloat32> seen = tf.withControlDependencies(updates).withName(MlpGraph.OBSERVED).identity(all);
        return Signature.builder().key(MlpGraph.OBSERVE)
                .input(MlpGraph.FEATURES, features).output(MlpGraph.OBSERVED, seen).build();
    }

    private Operand<TFloat32> sum(Operand<TFloat32> numbers) {
        return tf.sum(numbers, tf.constant(0));
    }
}
