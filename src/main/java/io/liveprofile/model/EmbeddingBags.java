package io.liveprofile.model;

import io.liveprofile.model.InputLayout.Bag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Unique;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Rows of tables in place of hashed texts: a bag enters the model as the mean of the rows of its texts (Covington et al.,
 * "Deep Neural Networks for YouTube Recommendations", RecSys 2016, sec. 3.2), zeros when it is empty. Texts share the rows of
 * a table by the remainder of their hash (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009).
 *
 * <p>A step of training reads and writes the rows of its batch and no others: the loss is derived by the gathered rows, the
 * gradients of one row are summed, and Adagrad (Duchi et al. 2011) is applied to those rows alone. Rows begin at zero, so a text
 * that was never learned says nothing.
 */
final class EmbeddingBags {
    private static final float FIRST_ACCUMULATOR = 0.1f;
    private static final float EPSILON = 1e-7f;

    private final Ops tf;
    private final ModelConfig.Embeddings config;
    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** One table, and where a batch reads it. */
    private static final class Table {
        private final Variable<TFloat32> rows;
        private final Variable<TFloat32> accumulator;
        private final List<Operand<TInt32>> indices = new ArrayList<>();
        private final List<Operand<TFloat32>> gathered = new ArrayList<>();

        private Table(Variable<TFloat32> rows, Variable<TFloat32> accumulator) {
            this.rows = rows;
            this.accumulator = accumulator;
        }
    }

    /** What a batch changes of one table: the row at each index, by its gradient. */
    record Change(
            Variable<TFloat32> rows, Variable<TFloat32> accumulator, Operand<TInt32> indices, Operand<TFloat32> gradient) {}

    EmbeddingBags(Ops tf, MlpGraph model, InputLayout layout, ModelConfig.Embeddings config) {
        this.tf = tf;
        this.config = config;
        for (Bag bag : layout.bags()) {
            tables.computeIfAbsent(bag.table(), name -> new Table(
                    model.variable("embedding." + name, model.filled(0, config.buckets(), config.dimension())),
                    model.variable("embedding." + name + ".adagrad",
                            model.filled(FIRST_ACCUMULATOR, config.buckets(), config.dimension()))));
        }
    }

    /** Mean of the rows of a bag's texts [rows, dimension]. */
    Operand<TFloat32> mean(Operand<TFloat32> features, Bag bag) {
        Table table = tables.get(bag.table());
        Operand<TFloat32> hashes = tf.slice(features, tf.constant(new int[] {0, bag.from()}), tf.constant(new int[] {-1, bag.slots()}));
        Operand<TBool> empty = tf.math.isNan(hashes);
        Operand<TFloat32> filled = tf.select(empty, tf.zerosLike(hashes), tf.onesLike(hashes));
        Operand<TInt32> indices = tf.math.floorMod(
                tf.dtypes.cast(tf.select(empty, tf.zerosLike(hashes), hashes), TInt32.class), tf.constant(config.buckets()));
        Operand<TFloat32> gathered = tf.gather(table.rows, indices, tf.constant(0));
        table.indices.add(tf.reshape(indices, tf.constant(new int[] {-1})));
        table.gathered.add(gathered);
        Operand<TFloat32> count = tf.math.maximum(
                tf.expandDims(tf.sum(filled, tf.constant(1)), tf.constant(1)), tf.constant(1f));
        Operand<TFloat32> share = tf.expandDims(tf.math.div(filled, count), tf.constant(2));
        return tf.sum(tf.math.mul(gathered, share), tf.constant(1));
    }

    /** Everything that was gathered, in the order in which {@link #changes} takes the gradients. */
    List<Operand<TFloat32>> gathered() {
        return tables.values().stream().flatMap(table -> table.gathered.stream()).toList();
    }

    /** @param gradients of the loss by each of {@link #gathered} */
    List<Change> changes(List<Operand<TFloat32>> gradients) {
        List<Change> changes = new ArrayList<>();
        int taken = 0;
        for (Table table : tables.values()) {
            List<Operand<TFloat32>> rows = new ArrayList<>();
            for (int i = 0; i < table.gathered.size(); i++) {
                rows.add(tf.reshape(gradients.get(taken++), tf.constant(new int[] {-1, config.dimension()})));
            }
            Operand<TInt32> indices = joined(table.indices);
            Unique<TInt32, TInt32> distinct = tf.unique(indices, tf.constant(new int[] {0}));
            Operand<TInt32> count = tf.size(distinct.y());
            changes.add(new Change(table.rows, table.accumulator, distinct.y(),
                    tf.math.unsortedSegmentSum(joined(rows), distinct.idx(), count)));
        }
        return changes;
    }

    /** One step of Adagrad of the rows that changed. */
    List<Op> update(List<Change> changes, Operand<TFloat32> scale) {
        List<Op> updates = new ArrayList<>();
        for (Change change : changes) {
            updates.add(tf.train.sparseApplyAdagrad(change.rows(), change.accumulator(),
                    tf.constant((float) config.learningRate()), tf.constant(EPSILON), tf.math.mul(change.gradient(), scale), change.indices()));
        }
        return updates;
    }

    private <T extends org.tensorflow.types.family.TType> Operand<T> joined(List<Operand<T>> parts) {
        return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
    }
}
