package io.liveprofile.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a release is: {@code manifest.json} beside the SavedModel.
 *
 * @param id {@code r} and a number that grows from release to release of the store
 * @param parent release it was trained on from; null = from nothing
 * @param schemaHash {@link FeatureSchema#hash} of the vectors it was trained on
 * @param features in vector order, each {@code name:TRANSFORM}
 * @param heads in the order of the probabilities
 * @param metrics name to value, such as {@code purchase_24h.roc_auc}; finite values only
 * @param createdAt when it was written, ms UTC
 * @param activationEventTime event time from which it scores, ms UTC
 * @param files path below the release's directory, with {@code /}, to SHA-256 in hex
 * @param sha256 SHA-256 in hex over this manifest with an empty {@code sha256}
 */
public record Manifest(
        String id,
        String parent,
        String schemaHash,
        List<String> features,
        List<String> heads,
        SortedMap<String, Double> metrics,
        long createdAt,
        long activationEventTime,
        SortedMap<String, String> files,
        String sha256) {
    public static final String FILE = "manifest.json";
    /** Of a file below the release's directory; none leads out of it. */
    private static final String NAME = ModelStore.SAVED_MODEL + "(/(?!\\.\\.?(/|$))[^/\\x00]+)+";
    private static final int NAMES_SHOWN = 5;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public Manifest {
        features = List.copyOf(features);
        heads = List.copyOf(heads);
        metrics = new TreeMap<>(metrics);
        metrics.values().removeIf(value -> !Double.isFinite(value));
        files = new TreeMap<>(files);
    }

    /**
     * What the author of a release knows before it is written.
     *
     * @param parent null = trained from nothing
     * @param metrics values that are not finite are left out
     */
    public record Draft(
            String parent, FeatureSchema schema, List<String> heads, Map<String, Double> metrics, long createdAt,
            long activationEventTime) {}

    /** The features it was trained on. */
    public FeatureSchema schema() {
        return new FeatureSchema(features.stream()
                .map(feature -> new Feature(feature.substring(0, feature.lastIndexOf(':')),
                        Transform.valueOf(feature.substring(feature.lastIndexOf(':') + 1))))
                .toList());
    }

    /** Feature names in vector order. */
    public List<String> featureNames() {
        return features.stream().map(feature -> feature.substring(0, feature.lastIndexOf(':'))).toList();
    }

    static Manifest of(String id, Draft draft, SortedMap<String, String> files) {
        Manifest unsealed = new Manifest(id, draft.parent(), draft.schema().hash(), describe(draft.schema()),
                draft.heads(), new TreeMap<>(draft.metrics()), draft.createdAt(), draft.activationEventTime(), files, "");
        return unsealed.withSha256(unsealed.digest());
    }

    static List<String> describe(FeatureSchema schema) {
        return schema.features().stream().map(feature -> feature.name() + ":" + feature.transform()).toList();
    }

    /** Reads what {@link #toJson} wrote; throws when a field is missing, the seal does not fit, or a file leaves the release. */
    static Manifest parse(String json) throws JsonProcessingException {
        JsonNode node = JSON.readTree(json);
        for (String field : List.of("id", "schemaHash", "features", "heads", "metrics", "files", "sha256")) {
            if (!node.hasNonNull(field)) {
                throw new ReleaseException(FILE + " has no " + field);
            }
        }
        Manifest manifest = JSON.treeToValue(node, Manifest.class);
        if (!manifest.digest().equals(manifest.sha256)) {
            throw new ReleaseException(FILE + " was changed after the release: its sha256 does not fit its content");
        }
        for (String name : manifest.files.keySet()) {
            if (!name.matches(NAME)) {
                throw new ReleaseException(FILE + " names '" + name + "', which is no file of a release");
            }
        }
        return manifest;
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A manifest is always JSON", e);
        }
    }

    private String digest() {
        return Sha256.of(withSha256("").toJson().getBytes(StandardCharsets.UTF_8));
    }

    private Manifest withSha256(String seal) {
        return new Manifest(id, parent, schemaHash, features, heads, metrics, createdAt, activationEventTime, files, seal);
    }

    /**
     * Refuses vectors of another schema than the release was trained on.
     *
     * @throws UnfitReleaseException naming both hashes and some of the features that differ
     */
    public void requireSchema(FeatureSchema schema) {
        if (schemaHash.equals(schema.hash())) {
            return;
        }
        List<String> trained = features;
        List<String> offered = describe(schema);
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
        throw new UnfitReleaseException("Release " + id + " was trained on feature schema "
                + schemaHash + ", this job computes " + schema.hash() + ": "
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
