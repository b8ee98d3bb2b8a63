package io.liveprofile.feature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names, order and types of a feature vector. A model is bound to the {@link #hash}: a vector of another schema is
 * refused, never reinterpreted.
 *
 * @param features in vector order, at least one, names distinct
 */
public record FeatureSchema(List<Feature> features) {

    /** How a number enters the vector. */
    public enum Transform {
        /** As it is. */
        IDENTITY,
        /** Natural logarithm of one plus the value; a value below zero enters as minus the logarithm of one minus it. */
        LOG1P
    }

    /**
     * One position of the vector.
     *
     * @param name unique within the schema
     * @param transform applied before the number enters the vector
     */
    public record Feature(String name, Transform transform) {}

    public FeatureSchema {
        features = List.copyOf(features);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("A feature schema needs at least one feature");
        }
        if (features.stream().map(Feature::name).distinct().count() != features.size()) {
            throw new IllegalArgumentException("Two features have one name");
        }
    }

    public int size() {
        return features.size();
    }

    public List<String> names() {
        return features.stream().map(Feature::name).toList();
    }

    /** First 16 hex digits of the SHA-256 over name, type and transform of each feature in order. */
    public String hash() {
        StringBuilder text = new StringBuilder();
        for (Feature feature : features) {
            text.append(feature.name()).append("\tfloat32\t").append(feature.transform()).append('\n');
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
