package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.FloatTensor;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.ModelBundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Scores with the signature {@code serve} of a release: one native tensor in and two out a batch, each moved by one bulk
 * copy and all closed before the call returns.
 */
public final class TensorFlowScorer implements Scorer {
    private final ModelBundle bundle;
    private final Operand<?> input;
    private final Output<?> probabilities;
    private final Output<?> embedding;
    private final int features;
    private final InputLayout layout;
    private final List<String> inputs;
    /** [inputs]; null until somebody asks. */
    private float[] usual;
    /** Holds one tensor at a time; as long as the largest so far. */
    private float[] flat = new float[0];

    /** Owns the bundle and closes it. */
    public TensorFlowScorer(ModelBundle bundle) {
        this.bundle = bundle;
        this.input = bundle.graph().outputOrThrow(MlpGraph.FEATURES + ":0");
        this.probabilities = bundle.graph().outputOrThrow(MlpGraph.PROBABILITIES + ":0");
        this.embedding = bundle.graph().outputOrThrow(MlpGraph.EMBEDDING + ":0");
        FeatureSchema schema = bundle.manifest().schema();
        this.features = schema.size();
        this.layout = InputLayout.of(schema);
        this.inputs = new ArrayList<>();
        for (int number : layout.numbers()) {
            inputs.add(schema.features().get(number).name());
        }
        layout.bags().forEach(bag -> inputs.add(schema.features().get(bag.from()).bag()));
    }

    @Override
    public Scores score(float[][] vectors) {
        if (vectors.length == 0) {
            return new Scores(new float[0][], new float[0][]);
        }
        flatten(vectors);
        try (TFloat32 x = FloatTensor.matrix(flat, vectors.length, features);
                Result result = bundle.session().runner()
                        .feed(input, x).fetch(probabilities).fetch(embedding).run()) {
            return new Scores(rows(result.get(0)), rows(result.get(1)));
        }
    }

    @Override
    public Explanation explain(float[][] vectors) {
        if (bundle.graph().operation(MlpGraph.ATTRIBUTIONS) == null) { // made before releases could say why
            return new Explanation(List.of(), new float[0], values(vectors), new float[vectors.length][heads().size()][0]);
        }
        flatten(vectors);
        int heads = heads().size();
        try (TFloat32 x = FloatTensor.matrix(flat, vectors.length, features);
                Result result = bundle.session().runner().feed(input, x).fetch(MlpGraph.ATTRIBUTIONS).run()) {
            float[] all = FloatTensor.values(result.get(0));
            int attributed = all.length / vectors.length / heads;
            float[][][] attributions = new float[vectors.length][heads][];
            for (int i = 0; i < vectors.length * heads; i++) {
                attributions[i / heads][i % heads] = Arrays.copyOfRange(all, i * attributed, (i + 1) * attributed);
            }
            return new Explanation(inputs.subList(0, attributed), usual(), values(vectors), attributions);
        }
    }

    private float[] usual() {
        if (usual == null) {
            try (Result result = bundle.session().runner().fetch(MlpGraph.MEAN).run()) {
                usual = Arrays.copyOf(FloatTensor.values(result.get(0)), inputs.size());
                Arrays.fill(usual, layout.numbers().length, usual.length, Float.NaN);
            }
        }
        return usual;
    }

    private float[][] values(float[][] vectors) {
        float[][] values = new float[vectors.length][inputs.size()];
        for (int row = 0; row < vectors.length; row++) {
            Arrays.fill(values[row], Float.NaN);
            for (int i = 0; i < layout.numbers().length; i++) {
                values[row][i] = vectors[row][layout.numbers()[i]];
            }
        }
        return values;
    }

    @Override
    public String releaseId() {
        return bundle.manifest().id();
    }

    @Override
    public long activeFrom() {
        return bundle.manifest().activationEventTime();
    }

    @Override
    public List<String> heads() {
        return bundle.manifest().heads();
    }

    @Override
    public Optional<FeatureDistribution> trainedOn() {
        return bundle.trainedOn();
    }

    @Override
    public void close() {
        bundle.close();
    }

    private float[][] rows(Tensor tensor) {
        makeRoom((int) tensor.shape().size());
        return FloatTensor.rows(tensor, flat);
    }

    private void makeRoom(int values) {
        if (flat.length < values) {
            flat = new float[values];
        }
    }

    private void flatten(float[][] vectors) {
        makeRoom(vectors.length * features);
        for (int i = 0; i < vectors.length; i++) {
            if (vectors[i].length != features) {
                throw new IllegalArgumentException("Vector " + i + " has " + vectors[i].length
                        + " features, release " + releaseId() + " takes " + features);
            }
            System.arraycopy(vectors[i], 0, flat, i * features, features);
        }
    }
}
