package io.liveprofile.model;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.feature.FeatureSchema;
import java.nio.file.Path;
import java.util.List;

/**
 * What the model is made of and how it is trained: {@code flink-conf/model.yaml}.
 *
 * @param hiddenLayers units a layer, input side first, each 1 to 4,096; empty = a logistic regression
 * @param activation of the hidden layers
 * @param missingIndicator whether each feature gets a second input that is 1 where the feature is missing
 * @param inputClip normalised features are cut to [−inputClip, inputClip]; above 0
 * @param linearPath whether the inputs also reach the logits directly, beside the hidden layers (Cheng et al., "Wide & Deep
 *     Learning for Recommender Systems", DLRS 2016, sec. 3.3)
 * @param embeddings tables of the hashed texts in the vector; null = the model does not look at these
 * @param heads one probability each, in output order; at least one, names distinct
 * @param training optimiser and stopping rule
 * @param online how it goes on learning from what happens
 */
public record ModelConfig(
        List<Integer> hiddenLayers,
        Activation activation,
        boolean missingIndicator,
        double inputClip,
        boolean linearPath,
        Embeddings embeddings,
        List<Head> heads,
        Training training,
        Online online) {

    /** A {@code positiveWeight} that stands for: as many as there are negatives a positive in the training data. */
    public static final double BALANCED = -1;
    private static final float MAX_BALANCED_WEIGHT = 100;

    private static final int MAX_LAYERS = 16;
    private static final int MAX_UNITS = 4096;
    private static final int MAX_DIMENSION = 1024;

    /**
     * One probability of the model.
     *
     * @param name lower-case letters, digits and underscores
     * @param positiveWeight how many times a positive label counts in the loss, above 0, or {@link #BALANCED}; anything
     *     but 1 moves the probabilities away from the true rate
     * @param lossWeight factor of this head's mean loss in the sum over heads, above 0
     */
    public record Head(String name, double positiveWeight, double lossWeight) {
        public Head {
            require(name.matches("[a-z][a-z0-9_]*"), "heads.name", name, "lower-case letters, digits and _");
            require(positiveWeight == BALANCED || positiveWeight > 0, "heads.positive_weight", positiveWeight,
                    "a number above 0, or balanced");
            require(lossWeight > 0, "heads.loss_weight", lossWeight, "a number above 0");
        }

        public Head(String name) {
            this(name, 1, 1);
        }

        /** How many times a positive counts beside so many labels; 1 while only one kind is known. */
        public float positiveWeight(long positives, long negatives) {
            if (positiveWeight != BALANCED) {
                return (float) positiveWeight;
            }
            return positives == 0 || negatives == 0 ? 1 : Math.min(MAX_BALANCED_WEIGHT, (float) negatives / positives);
        }
    }

    /**
     * Mini-batch training with Adam and early stopping.
     *
     * @param learningRate step size, (0, 1]
     * @param batchSize rows a step, at least 1
     * @param epochs passes over the training rows at most, at least 1
     * @param patience passes without a better validation loss before training ends, at least 1
     * @param l2 added to a kernel's gradient times the kernel; at least 0
     * @param dropout share of hidden units left out in a step, [0, 1)
     * @param clipNorm largest global norm of the gradients, above 0
     * @param seed of initial weights, shuffling and dropout
     */
    public record Training(
            double learningRate, int batchSize, int epochs, int patience, double l2, double dropout, double clipNorm,
            long seed) {
        public Training {
            require(learningRate > 0 && learningRate <= 1, "training.learning_rate", learningRate, "above 0, at most 1");
            require(batchSize >= 1, "training.batch_size", batchSize, "at least 1");
            require(epochs >= 1, "training.epochs", epochs, "at least 1");
            require(patience >= 1, "training.patience", patience, "at least 1");
            require(l2 >= 0, "training.l2", l2, "at least 0");
            require(dropout >= 0 && dropout < 1, "training.dropout", dropout, "at least 0, below 1");
            require(clipNorm > 0, "training.clip_norm", clipNorm, "above 0");
        }

        public static Training defaults() {
            return new Training(0.0003, 512, 40, 5, 1e-4, 0.2, 1, 1);
        }
    }

    /**
     * One table for each kind of hashed text in the vector.
     *
     * @param buckets rows of a table, 1 to 2^24; texts share them
     * @param dimension numbers a row, 1 to 1,024
     * @param learningRate of Adagrad, (0, 10]
     */
    public record Embeddings(int buckets, int dimension, double learningRate) {
        public Embeddings {
            require(buckets >= 1 && buckets <= FeatureSchema.HASHES, "embeddings.buckets", buckets,
                    "from 1 to " + FeatureSchema.HASHES);
            require(dimension >= 1 && dimension <= MAX_DIMENSION, "embeddings.dimension", dimension,
                    "from 1 to " + MAX_DIMENSION);
            require(learningRate > 0 && learningRate <= 10, "embeddings.learning_rate", learningRate, "above 0, at most 10");
        }
    }

    /**
     * Learning from examples as they become known, and being judged by those of other users.
     *
     * @param learningRate of Adam, (0, 1]
     * @param batchSize examples a step, at least 1
     * @param replayRows newest examples, out of which those of a step are drawn; 0 = a step takes the new ones themselves
     * @param replaySteps further steps for each batch of new ones, at least 0
     * @param statisticsRows rows that the input statistics remember, at least 1
     * @param heldOut share of the users at each time by whose examples models are judged and from whom none learns, [0.01, 0.9]
     * @param window newest judged examples that figures and gate look at, at least 1
     * @param gateEvery judged examples between two tries of the gate, at least 1
     * @param leastPositives of a head in the window, and as many negatives, for the gate to judge by it; at least 1
     */
    public record Online(
            double learningRate, int batchSize, int replayRows, int replaySteps, int statisticsRows, double heldOut,
            int window, int gateEvery, int leastPositives) {
        private static final double LEAST_HELD_OUT = 0.01;
        private static final double MOST_HELD_OUT = 0.9;

        public Online {
            require(learningRate > 0 && learningRate <= 1, "online.learning_rate", learningRate, "above 0, at most 1");
            require(batchSize >= 1, "online.batch_size", batchSize, "at least 1");
            require(replayRows >= 0, "online.replay_rows", replayRows, "at least 0");
            require(replaySteps >= 0, "online.replay_steps", replaySteps, "at least 0");
            require(statisticsRows >= 1, "online.statistics_rows", statisticsRows, "at least 1");
            require(heldOut >= LEAST_HELD_OUT && heldOut <= MOST_HELD_OUT, "online.held_out", heldOut,
                    "from " + LEAST_HELD_OUT + " to " + MOST_HELD_OUT);
            require(window >= 1, "online.window", window, "at least 1");
            require(gateEvery >= 1, "online.gate_every", gateEvery, "at least 1");
            require(leastPositives >= 1, "online.least_positives", leastPositives, "at least 1");
        }

        public static Online defaults() {
            return new Online(0.0005, 256, 20_000, 3, 100_000, 0.1, 5_000, 500, 30);
        }
    }

    /** Without embeddings, learning on as it does by default. */
    public ModelConfig(
            List<Integer> hiddenLayers, Activation activation, boolean missingIndicator, double inputClip, List<Head> heads,
            Training training) {
        this(hiddenLayers, activation, missingIndicator, inputClip, false, null, heads, training, Online.defaults());
    }

    public ModelConfig {
        hiddenLayers = List.copyOf(hiddenLayers);
        heads = List.copyOf(heads);
        require(hiddenLayers.size() <= MAX_LAYERS, "hidden_layers", hiddenLayers, "at most " + MAX_LAYERS + " layers");
        for (int units : hiddenLayers) {
            require(units >= 1 && units <= MAX_UNITS, "hidden_layers", units, "from 1 to " + MAX_UNITS + " units");
        }
        require(inputClip > 0, "input_clip", inputClip, "above 0");
        require(!heads.isEmpty(), "heads", heads, "at least one head");
        require(heads.stream().map(Head::name).distinct().count() == heads.size(), "heads", heads, "distinct names");
    }

    /** The file as shipped, for the heads given. */
    public static ModelConfig defaults(String... heads) {
        return new ModelConfig(List.of(64, 64, 64), Activation.RELU, true, 10,
                List.of(heads).stream().map(Head::new).toList(), Training.defaults());
    }

    /** Reads {@code model.yaml}; throws {@link io.liveprofile.config.ConfigException} naming file, key and value. */
    public static ModelConfig read(Path file) {
        return parse(ConfigNode.read(file));
    }

    public static ModelConfig parse(ConfigNode root) {
        root.rejectOtherKeys("hidden_layers", "activation", "missing_indicator", "input_clip", "linear_path", "embeddings", "heads", "training",
                "online");
        List<ConfigNode> layers = root.get("hidden_layers").items();
        if (layers.size() > MAX_LAYERS) {
            throw root.get("hidden_layers").error("must have at most " + MAX_LAYERS + " layers");
        }
        List<ConfigNode> heads = root.get("heads").items();
        if (heads.isEmpty()) {
            throw root.get("heads").error("must list at least one head");
        }
        List<Head> parsed = heads.stream().map(ModelConfig::head).toList();
        for (int i = 0; i < parsed.size(); i++) {
            String name = parsed.get(i).name();
            if (parsed.subList(0, i).stream().anyMatch(earlier -> earlier.name().equals(name))) {
                throw heads.get(i).get("name").error("stands twice");
            }
        }
        return new ModelConfig(
                layers.stream().map(units -> (int) units.wholeNumber(1, MAX_UNITS)).toList(),
                root.find("activation").map(node -> node.oneOf(Activation.class)).orElse(Activation.RELU),
                root.find("missing_indicator").map(ConfigNode::bool).orElse(true),
                number(root, "input_clip", 10, Double.MIN_NORMAL, 1e6),
                root.find("linear_path").map(ConfigNode::bool).orElse(false),
                root.find("embeddings").map(ModelConfig::embeddings).orElse(null),
                parsed,
                root.find("training").map(ModelConfig::training).orElseGet(Training::defaults),
                root.find("online").map(ModelConfig::online).orElseGet(Online::defaults));
    }

    /**
     * The same inputs, heads and seed without hidden layers and dropout: linear in the numbers, and in the rows of the tables,
     * which is linear in the texts.
     */
    public ModelConfig asLogisticRegression() {
        Training t = training;
        return new ModelConfig(List.of(), activation, missingIndicator, inputClip, false, embeddings, heads,
                new Training(t.learningRate, t.batchSize, t.epochs, t.patience, t.l2, 0, t.clipNorm, t.seed), online);
    }

    public ModelConfig with(Training other) {
        return new ModelConfig(hiddenLayers, activation, missingIndicator, inputClip, linearPath, embeddings, heads, other, online);
    }

    public ModelConfig withLinearPath() {
        return new ModelConfig(hiddenLayers, activation, missingIndicator, inputClip, true, embeddings, heads, training, online);
    }

    public ModelConfig with(Embeddings other) {
        return new ModelConfig(hiddenLayers, activation, missingIndicator, inputClip, linearPath, other, heads, training, online);
    }

    public ModelConfig with(Online other) {
        return new ModelConfig(hiddenLayers, activation, missingIndicator, inputClip, linearPath, embeddings, heads, training, other);
    }

    public List<String> headNames() {
        return heads.stream().map(Head::name).toList();
    }

    private static Head head(ConfigNode node) {
        node.rejectOtherKeys("name", "positive_weight", "loss_weight");
        ConfigNode name = node.get("name");
        if (!name.text().matches("[a-z][a-z0-9_]*")) {
            throw name.error("must be lower-case letters, digits and _, a letter first");
        }
        double positiveWeight = node.find("positive_weight")
                .map(w -> w.text().equals("balanced") ? BALANCED : w.number(1e-6, 1e6))
                .orElse(1.0);
        return new Head(name.text(), positiveWeight, number(node, "loss_weight", 1, 1e-6, 1e6));
    }

    private static Training training(ConfigNode node) {
        node.rejectOtherKeys("learning_rate", "batch_size", "epochs", "patience", "l2", "dropout", "clip_norm", "seed");
        Training defaults = Training.defaults();
        return new Training(
                number(node, "learning_rate", defaults.learningRate, 1e-9, 1),
                (int) whole(node, "batch_size", defaults.batchSize, 1, 1 << 20),
                (int) whole(node, "epochs", defaults.epochs, 1, 100_000),
                (int) whole(node, "patience", defaults.patience, 1, 100_000),
                number(node, "l2", defaults.l2, 0, 1),
                number(node, "dropout", defaults.dropout, 0, 0.95),
                number(node, "clip_norm", defaults.clipNorm, 1e-6, 1e6),
                whole(node, "seed", defaults.seed, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static Embeddings embeddings(ConfigNode node) {
        node.rejectOtherKeys("buckets", "dimension", "learning_rate");
        return new Embeddings(
                (int) whole(node, "buckets", 1 << 16, 1, FeatureSchema.HASHES),
                (int) whole(node, "dimension", 8, 1, MAX_DIMENSION),
                number(node, "learning_rate", 0.05, 1e-9, 10));
    }

    private static Online online(ConfigNode node) {
        node.rejectOtherKeys("learning_rate", "batch_size", "replay_rows", "replay_steps", "statistics_rows", "held_out",
                "window", "gate_every", "least_positives");
        Online defaults = Online.defaults();
        return new Online(
                number(node, "learning_rate", defaults.learningRate, 1e-9, 1),
                (int) whole(node, "batch_size", defaults.batchSize, 1, 1 << 20),
                (int) whole(node, "replay_rows", defaults.replayRows, 0, 10_000_000),
                (int) whole(node, "replay_steps", defaults.replaySteps, 0, 1_000),
                (int) whole(node, "statistics_rows", defaults.statisticsRows, 1, 1_000_000_000),
                number(node, "held_out", defaults.heldOut, Online.LEAST_HELD_OUT, Online.MOST_HELD_OUT),
                (int) whole(node, "window", defaults.window, 1, 10_000_000),
                (int) whole(node, "gate_every", defaults.gateEvery, 1, 100_000_000),
                (int) whole(node, "least_positives", defaults.leastPositives, 1, 1_000_000));
    }

    private static double number(ConfigNode node, String key, double absent, double min, double max) {
        return node.find(key).map(value -> value.number(min, max)).orElse(absent);
    }

    private static long whole(ConfigNode node, String key, long absent, long min, long max) {
        return node.find(key).map(value -> value.wholeNumber(min, max)).orElse(absent);
    }

    private static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(key + " = " + value + ": must be " + allowed);
        }
    }
}
