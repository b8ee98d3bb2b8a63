package io.liveprofile.model;

import java.util.Arrays;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Copies between Java arrays and TensorFlow's native memory, one bulk copy each way. Callers close the tensors. */
public final class FloatTensor {
    private FloatTensor() {}

    /**
     * A matrix in native memory.
     *
     * @param values row-major; only the first {@code rows * columns} are read
     */
    public static TFloat32 matrix(float[] values, int rows, int columns) {
        return of(values, Shape.of(rows, columns));
    }

    public static TFloat32 of(float[] values, Shape shape) {
        TFloat32 tensor = TFloat32.tensorOf(shape);
        tensor.asRawTensor().data().asFloats().write(values, 0, (int) shape.size());
        return tensor;
    }

    /** All values, row-major. */
    public static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.shape().size()];
        tensor.asRawTensor().data().asFloats().read(values);
        return values;
    }

    /** The rows of a matrix. */
    public static float[][] rows(Tensor tensor) {
        return rows(tensor, new float[(int) tensor.shape().size()]);
    }

    /**
     * The rows of a matrix, each an array of its own.
     *
     * @param buffer for the bulk copy, at least as long as the matrix has values; free for other use afterwards
     */
    public static float[][] rows(Tensor tensor, float[] buffer) {
        Shape shape = tensor.shape();
        int columns = (int) shape.get(1);
        tensor.asRawTensor().data().asFloats().read(buffer, 0, (int) shape.size());
        float[][] rows = new float[(int) shape.get(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(buffer, i * columns, (i + 1) * columns);
        }
        return rows;
    }
}
