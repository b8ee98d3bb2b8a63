package io.liveprofile.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** The dense part of the model: hidden layers, output layer and, where it is configured, a linear path beside them. */
final class DenseLayers {
    private final Ops tf;
    private final ModelConfig config;
    private final List<Layer> layers = new ArrayList<>();
    /** Kernel [inputs, heads]; null without one. */
    private final Variable<TFloat32> linear;

    /** Kernel [inputs, units], bias [units]. */
    private record Layer(Variable<TFloat32> kernel, Variable<TFloat32> bias) {}

    DenseLayers(Ops tf, MlpGraph model, ModelConfig config, int allInputs) {
        this.tf = tf;
        this.config = config;
        int inputs = allInputs;
        for (int i = 0; i < config.hiddenLayers().size(); i++) {
            int units = config.hiddenLayers().get(i);
            layers.add(layer(model, MlpGraph.kernelName(i), inputs, units, hiddenLimit(inputs)));
            inputs = units;
        }
        int heads = config.heads().size();
        layers.add(layer(model, "output", inputs, heads, Math.sqrt(6.0 / (inputs + heads))));
        linear = config.linearPath()
                ? model.variable("linear.kernel", model.filled(0, allInputs, heads))
                : null;
    }

    /** Units of the last hidden layer [rows, units]. */
    Operand<TFloat32> hidden(Operand<TFloat32> input) {
        return hidden(input, List.of());
    }

    /** @param behind by hidden layer, what is done to its units in addition; none where the list is shorter */
    Operand<TFloat32> hidden(Operand<TFloat32> input, List<UnaryOperator<Operand<TFloat32>>> behind) {
        Operand<TFloat32> h = input;
        for (int i = 0; i < layers.size() - 1; i++) {
            h = activate(dense(h, layers.get(i)));
            h = i < behind.size() ? behind.get(i).apply(h) : h;
        }
        return h;
    }

    /**
     * Logits [rows, heads] before calibration.
     *
     * @param hidden of the last hidden layer
     */
    Operand<TFloat32> logits(Operand<TFloat32> hidden, Operand<TFloat32> input) {
        Operand<TFloat32> deep = dense(hidden, layers.get(layers.size() - 1));
        return linear == null ? deep : tf.math.add(deep, tf.linalg.matMul(input, linear));
    }

    List<Variable<TFloat32>> variables() {
        List<Variable<TFloat32>> variables = new ArrayList<>();
        for (Layer layer : layers) {
            variables.add(layer.kernel);
            variables.add(layer.bias);
        }
        if (linear != null) {
            variables.add(linear);
        }
        return variables;
    }

    private Operand<TFloat32> dense(Operand<TFloat32> input, Layer layer) {
        return tf.math.add(tf.linalg.matMul(input, layer.kernel), layer.bias);
    }

    private Operand<TFloat32> activate(Operand<TFloat32> x) {
        return switch (config.activation()) {
            case RELU -> tf.nn.relu(x);
            case TANH -> tf.math.tanh(x);
            case ELU -> tf.nn.elu(x);
            case SELU -> tf.nn.selu(x);
        };
    }

    /** Uniform within ±limit, biases 0. Stateless random numbers: the same seed gives the same weights everywhere. */
    private Layer layer(MlpGraph model, String name, int inputs, int units, double limit) {
        Operand<TFloat32> uniform = tf.random.statelessRandomUniform(
                tf.constant(new long[] {inputs, units}), tf.constant(new long[] {config.training().seed(), layers.size()}));
        Operand<TFloat32> kernel = tf.math.mul(
                tf.math.sub(uniform, tf.constant(0.5f)), tf.constant((float) (2 * limit)));
        return new Layer(model.variable(name + ".kernel", kernel),
                model.variable(name + ".bias", model.filled(0, units)));
    }

    /** He et al. 2015 for rectifiers; LeCun's for the rest, whose slope at zero is one. */
    private double hiddenLimit(int inputs) {
        return Math.sqrt((config.activation() == Activation.RELU ? 6.0 : 3.0) / inputs);
    }
}
