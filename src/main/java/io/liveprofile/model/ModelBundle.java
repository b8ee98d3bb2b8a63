package io.liveprofile.model;

import io.liveprofile.feature.FeatureSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * A release in memory, proven whole and made for the features at hand. Holds native memory until closed; close it once,
 * when nothing runs in its session.
 */
public final class ModelBundle implements AutoCloseable {

    private final Manifest manifest;
    private final Optional<FeatureDistribution> trainedOn;
    private final SavedModelBundle saved;

    private ModelBundle(Manifest manifest, Optional<FeatureDistribution> trainedOn, SavedModelBundle saved) {
        this.manifest = manifest;
        this.trainedOn = trainedOn;
        this.saved = saved;
    }

    /**
     * Loads a release.
     *
     * @param schema of the vectors that will be scored
     * @throws ReleaseException when a file is missing or changed, or the release was trained on another feature schema
     * @throws java.io.UncheckedIOException when it cannot be read now
     */
    public static ModelBundle load(ModelStore store, String id, FeatureSchema schema, SessionThreads threads) {
        return load(store, store.manifest(id), schema, threads);
    }

    /** Loads the release of a manifest that was read of this store; throws as the other does. */
    public static ModelBundle load(ModelStore store, Manifest manifest, FeatureSchema schema, SessionThreads threads) {
        manifest.requireSchema(schema);
        return store.read(manifest, directory -> open(manifest, directory, threads));
    }

    /** All of it is in memory afterwards: TensorFlow does not come back to the files. */
    private static ModelBundle open(Manifest manifest, Path directory, SessionThreads threads) {
        try {
            Optional<FeatureDistribution> trainedOn = FeatureDistribution.read(directory);
            trainedOn.ifPresent(distribution -> distribution.requireFeatures(manifest.featureNames()));
            return new ModelBundle(manifest, trainedOn, SavedModelBundle.loader(directory.toString())
                    .withTags(SavedModelBundle.DEFAULT_TAG)
                    .withConfigProto(threads.toProto())
                    .load());
        } catch (TensorFlowException e) {
            throw new ReleaseException(
                    "Release " + manifest.id() + " cannot be used: TensorFlow does not load it: " + e.getMessage(), e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Nothing in a release from before there was one. */
    public Optional<FeatureDistribution> trainedOn() {
        return trainedOn;
    }

    public Graph graph() {
        return saved.graph();
    }

    public Session session() {
        return saved.session();
    }

    public List<Signature> signatures() {
        return saved.signatures();
    }

    @Override
    public void close() {
        saved.close();
    }
}
