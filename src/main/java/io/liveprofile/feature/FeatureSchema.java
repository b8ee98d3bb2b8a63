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
        LOG1P,
        /**
         * A text, as a whole number of its hash from 0 to {@link #HASHES} − 1, all of which float32 holds exactly. The model looks
         * up a row of a table for it. Its name is {@code TABLE@SOURCE#SLOT}.
         */
        HASH
    }

    /** As many values as a hashed text can have: 2^24. */
    public static final int HASHES = 1 << 24;

    /**
     * One position of the vector.
     *
     * @param name unique within the schema
     * @param transform applied before the number enters the vector
     */
    public record Feature(String name, Transform transform) {
        private static final char AFTER_TABLE = '@';
        private static final char BEFORE_SLOT = '#';

        /**
         * Text number {@code slot} of a bag.
         *
         * @param table what the texts are, such as {@code itemId}: bags of one table share its rows
         * @param source where the bag's texts come from
         */
        public static Feature hashed(String table, String source, int slot) {
            return new Feature(table + AFTER_TABLE + source + BEFORE_SLOT + slot, Transform.HASH);
        }

        /** {@code TABLE@SOURCE} of a hashed text. */
        public String bag() {
            return name.substring(0, name.lastIndexOf(BEFORE_SLOT));
        }

        /** {@code TABLE} of a hashed text. */
        public String table() {
            return name.substring(0, name.indexOf(AFTER_TABLE));
        }
    }

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
