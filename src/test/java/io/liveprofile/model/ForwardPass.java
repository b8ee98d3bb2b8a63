package io.liveprofile.model;

import java.util.Map;

/** The model's forward pass in plain Java and double precision, from the same weights: the oracle of the graph. */
final class ForwardPass {
    private final Map<String, float[]> weights;
    private final ModelConfig config;

    ForwardPass(Map<String, float[]> weights, ModelConfig config) {
        this.weights = weights;
        this.config = config;
    }

    double[] probabilities(float[] x) {
        double[] logits = dense(embedding(x), "output", config.heads().size());
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 1 / (1 + Math.exp(-logits[i]));
        }
        return logits;
    }

    double[] embedding(float[] x) {
        double[] h = input(x);
        for (int i = 0; i < config.hiddenLayers().size(); i++) {
            h = dense(h, MlpGraph.kernelName(i), config.hiddenLayers().get(i));
            for (int j = 0; j < h.length; j++) {
                h[j] = activate(h[j]);
            }
        }
        return h;
    }

    private double[] input(float[] x) {
        float[] mean = weights.get(MlpGraph.MEAN);
        float[] variance = weights.get(MlpGraph.VARIANCE);
        double[] input = new double[config.missingIndicator() ? 2 * x.length : x.length];
        for (int i = 0; i < x.length; i++) {
            if (Float.isNaN(x[i])) {
                if (config.missingIndicator()) {
                    input[x.length + i] = 1;
                }
            } else {
                double z = (x[i] - (double) mean[i]) / Math.sqrt(variance[i] + (double) MlpGraph.VARIANCE_EPSILON);
                input[i] = Math.max(-config.inputClip(), Math.min(config.inputClip(), z));
            }
        }
        return input;
    }

    private double[] dense(double[] input, String layer, int units) {
        float[] kernel = weights.get(layer + ".kernel");
        float[] bias = weights.get(layer + ".bias");
        double[] out = new double[units];
        for (int j = 0; j < units; j++) {
            out[j] = bias[j];
            for (int i = 0; i < input.length; i++) {
                out[j] += input[i] * kernel[i * units + j];
            }
        }
        return out;
    }

    private double activate(double x) {
        return switch (config.activation()) {
            case RELU -> Math.max(0, x);
            case TANH -> Math.tanh(x);
            case ELU -> x > 0 ? x : Math.expm1(x);
            case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
        };
    }
}
