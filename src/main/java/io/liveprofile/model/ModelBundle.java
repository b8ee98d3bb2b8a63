package io.liveprofile.model;

import io.liveprofile.feature.FeatureSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    private static final int NAMES_SHOWN = 5;

    private final Manifest manifest;
    private final SavedModelBundle saved;

    private ModelBundle(Manifest manifest, SavedModelBundle saved) {
        this.manifest = manifest;
        this.saved = saved;
    }

    /**
     * Loads a release.
     *
     * @param schema of the vectors that will be scored
     * @throws ReleaseException when a file is missing or changed, or the release was trained on another feature schema
     */
    public static ModelBundle load(ModelStore store, String id, FeatureSchema schema, SessionThreads threads) {
        Manifest manifest = store.manifest(id);
        refuseOtherSchema(manifest, schema);
        Path directory = store.verifiedSavedModel(manifest);
        try {
            return new ModelBundle(manifest, SavedModelBundle.loader(directory.toString())
                    .withTags(SavedModelBundle.DEFAULT_TAG)
                    .withConfigProto(threads.toProto())
                    .load());
        } catch (TensorFlowException e) {
            throw new ReleaseException(
                    "Release " + id + " cannot be used: TensorFlow does not load it: " + e.getMessage(), e);
        }
    }

    public Manifest manifest() {
        return manifest;
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

    private static void refuseOtherSchema(Manifest manifest, FeatureSchema schema) {
        if (manifest.schemaHash().equals(schema.hash())) {
            return;
        }
        List<String> trained = manifest.features();
        List<String> offered = Manifest.describe(schema);
        List<String> differences = new ArrayList<>();
        describe(differences, "only in the model", minus(trained, offered));
        describe(differences, "only in the job", minus(offered, trained));
        if (differences.isEmpty()) {
            int position = 0;
            while (position < trained.size() && trained.get(position).equals(offered.get(position))) {
                position++;
            }
            differences.add(position == trained.size()
                    ? "same names and transforms"
                    : "another order, first at position " + position + ": " + trained.get(position)
                            + " in the model, " + offered.get(position) + " in the job");
        }
        throw new ReleaseException("Release " + manifest.id() + " was trained on feature schema "
                + manifest.schemaHash() + ", this job computes " + schema.hash() + ": "
                + String.join("; ", differences));
    }

    private static void describe(List<String> differences, String where, List<String> names) {
        if (!names.isEmpty()) {
            String shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
            int more = names.size() - NAMES_SHOWN;
            differences.add(where + ": " + shown + (more > 0 ? " and " + more + " more" : ""));
        }
    }

    private static List<String> minus(List<String> all, List<String> without) {
        Set<String> rest = new LinkedHashSet<>(all);
        without.forEach(rest::remove);
        return List.copyOf(rest);
    }
}
