package io.liveprofile.model;

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
        int columns = (int) tensor.shape().get(1);
        float[] values = values(tensor);
        float[][] rows = new float[(int) tensor.shape().get(0)][columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, i * columns, rows[i], 0, columns);
        }
        return rows;
    }
}
