package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.SessionThreads;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Opens releases of a model store for one feature schema, and tries each on a few vectors before anybody relies on it. */
public final class ModelStoreLoader implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    /** Releases that are tried before a job begins without one. */
    private static final int NEWEST = 10;

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
    public List<String> newest() {
        return ModelStores.open(store).newestFirst().limit(NEWEST).toList();
    }

    @Override
    public Scorer load(String releaseId, String sha256) {
        try {
            ModelBundle bundle = open(releaseId, sha256);
            try {
                TensorFlowScorer scorer = new TensorFlowScorer(bundle);
                tryOut(scorer);
                return scorer;
            } catch (RuntimeException e) {
                bundle.close();
                throw e;
            }
        } catch (ReleaseException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) { // a manifest or graph of a form that nobody thought of
            throw new ReleaseException("Release " + releaseId + " cannot be used: " + e, e);
        }
    }

    private ModelBundle open(String releaseId, String sha256) {
        ModelStore releases = ModelStores.open(store);
        Manifest manifest = releases.manifest(releaseId);
        if (!sha256.isEmpty() && !sha256.equals(manifest.sha256())) {
            throw new ReleaseException("Release " + releaseId + " was announced with the seal " + sha256 + ", the store has "
                    + manifest.sha256());
        }
        return ModelBundle.load(releases, manifest, schema(), new SessionThreads(intraOpThreads, interOpThreads));
    }

    /** Vectors of nothing, of zeros and of ones: what comes of them must be probabilities, and reasons. */
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
        try {
            scorer.explain(canaries);
        } catch (RuntimeException e) {
            throw new ReleaseException("Release " + scorer.releaseId() + " does not explain: " + e.getMessage(), e);
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
