package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.SessionThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Opens releases of a model store for one feature schema, and tries each on a few vectors before anybody relies on it. */
public final class ModelStoreLoader implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    private final String store;
    private final String[] names;
    private final Transform[] transforms;
    private final int intraOpThreads;
    private final int interOpThreads;

    /**
     * @param store as {@link ModelStores} takes it, readable on every worker
     * @param schema of the vectors that will be scored
     */
    public ModelStoreLoader(String store, FeatureSchema schema, SessionThreads threads) {
        this.store = store;
        this.names = schema.names().toArray(String[]::new);
        this.transforms = schema.features().stream().map(Feature::transform).toArray(Transform[]::new);
        this.intraOpThreads = threads.intraOp();
        this.interOpThreads = threads.interOp();
    }

    public ModelStoreLoader(String store, FeatureSchema schema) {
        this(store, schema, SessionThreads.SINGLE);
    }

    @Override
    public Optional<Scorer> latest() {
        return ModelStores.open(store).latest().map(Manifest::id).map(this::load);
    }

    @Override
    public Scorer load(String releaseId) {
        TensorFlowScorer scorer = new TensorFlowScorer(ModelBundle.load(
                ModelStores.open(store), releaseId, schema(), new SessionThreads(intraOpThreads, interOpThreads)));
        try {
            tryOut(scorer);
            return scorer;
        } catch (RuntimeException e) {
            scorer.close();
            throw e;
        }
    }

    /** Vectors of nothing, of zeros and of ones: what comes of them must be probabilities. */
    private void tryOut(Scorer scorer) {
        float[][] canaries = new float[3][names.length];
        Arrays.fill(canaries[0], Float.NaN);
        Arrays.fill(canaries[2], 1);
        Scores scores;
        try {
            scores = scorer.score(canaries);
        } catch (RuntimeException e) {
            throw new ReleaseException("Release " + scorer.releaseId() + " does not score: " + e.getMessage(), e);
        }
        for (float[] row : scores.probabilities()) {
            if (row.length != scorer.heads().size()) {
                throw new ReleaseException("Release " + scorer.releaseId() + " gives " + row.length + " probabilities for "
                        + scorer.heads().size() + " heads");
            }
            for (float probability : row) {
                if (!(probability >= 0 && probability <= 1)) {
                    throw new ReleaseException("Release " + scorer.releaseId() + " gives the probability " + probability);
                }
            }
        }
    }

    private FeatureSchema schema() {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            features.add(new Feature(names[i], transforms[i]));
        }
        return new FeatureSchema(features);
    }
}
