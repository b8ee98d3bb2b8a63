package io.liveprofile.model;

import java.util.Map;

/** The model's forward pass in plain Java and double precision, from the same weights: the oracle of the graph. */
final class ForwardPass {
    private final Map<String, float[]> weights;
    private final ModelConfig config;
    private final InputLayout layout;

    ForwardPass(Map<String, float[]> weights, ModelConfig config, InputLayout layout) {
        this.weights = weights;
        this.config = config;
        this.layout = layout;
    }

    double[] probabilities(float[] x) {
        double[] logits = dense(embedding(x), "output", config.heads().size());
        double[] input = input(x);
        for (int i = 0; config.linearPath() && i < input.length * logits.length; i++) {
            logits[i % logits.length] += input[i / logits.length] * weights.get("linear.kernel")[i];
        }
        float[] scale = weights.get(MlpGraph.CALIBRATION_SCALE);
        float[] shift = weights.get(MlpGraph.CALIBRATION_SHIFT);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 1 / (1 + Math.exp(-(logits[i] * scale[i] + shift[i])));
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
        int numbers = layout.numbers().length;
        int dimension = config.embeddings() == null ? 0 : config.embeddings().dimension();
        int plain = config.missingIndicator() ? 2 * numbers : numbers;
        double[] input = new double[plain + dimension * layout.bags().size()];
        for (int i = 0; i < numbers; i++) {
            float value = x[layout.numbers()[i]];
            if (Float.isNaN(value)) {
                if (config.missingIndicator()) {
                    input[numbers + i] = 1;
                }
            } else {
                double z = (value - (double) mean[i]) / Math.sqrt(variance[i] + (double) MlpGraph.VARIANCE_EPSILON);
                input[i] = Math.max(-config.inputClip(), Math.min(config.inputClip(), z));
            }
        }
        for (int b = 0; b < layout.bags().size() && dimension > 0; b++) {
            InputLayout.Bag bag = layout.bags().get(b);
            float[] table = weights.get("embedding." + bag.table());
            int filled = 0;
            for (int slot = bag.from(); slot < bag.from() + bag.slots(); slot++) {
                filled += Float.isNaN(x[slot]) ? 0 : 1;
            }
            for (int slot = bag.from(); slot < bag.from() + bag.slots(); slot++) {
                for (int d = 0; d < dimension && !Float.isNaN(x[slot]); d++) {
                    int row = (int) x[slot] % config.embeddings().buckets();
                    input[plain + b * dimension + d] += table[row * dimension + d] / (double) filled;
                }
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
