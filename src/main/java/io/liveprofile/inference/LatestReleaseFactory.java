package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens the newest release of a model store for one feature schema. */
public final class LatestReleaseFactory implements ScorerFactory {
    private static final long serialVersionUID = 1L;

    private final String store;
    private final String[] names;
    private final Transform[] transforms;
    private final int intraOpThreads;
    private final int interOpThreads;

    /**
     * @param store directory of the model store, readable on every worker
     * @param schema of the vectors that will be scored
     */
    public LatestReleaseFactory(Path store, FeatureSchema schema, SessionThreads threads) {
        this.store = store.toString();
        this.names = schema.names().toArray(String[]::new);
        this.transforms = schema.features().stream().map(Feature::transform).toArray(Transform[]::new);
        this.intraOpThreads = threads.intraOp();
        this.interOpThreads = threads.interOp();
    }

    public LatestReleaseFactory(Path store, FeatureSchema schema) {
        this(store, schema, SessionThreads.SINGLE);
    }

    @Override
    public Optional<Scorer> open() {
        ModelStore models = new ModelStore(Path.of(store));
        return models.latest().map(Manifest::id).map(id -> new TensorFlowScorer(
                ModelBundle.load(models, id, schema(), new SessionThreads(intraOpThreads, interOpThreads))));
    }

    private FeatureSchema schema() {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            features.add(new Feature(names[i], transforms[i]));
        }
        return new FeatureSchema(features);
    }
}
