package io.liveprofile.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveprofile.feature.FeatureSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How each feature is distributed among the vectors that a release was trained on: what {@link FeatureStability} holds live
 * vectors against. It is a file among those of the release, where TensorFlow looks for nothing, so the manifest covers it and
 * a release without it is as good as before there were any.
 *
 * @param rows vectors that it is of, at least 1
 * @param features in vector order
 */
public record FeatureDistribution(long rows, List<Bins> features) {
    /** Of as many vectors each, where values differ enough. */
    static final int QUANTILES = 10;
    /** Beside the edges between quantiles one below the least value. */
    static final int MOST_EDGES = QUANTILES;

    private static final Path FILE = Path.of("assets.extra", "feature-distribution.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One feature. A value belongs to the first edge that it does not exceed, and to the last bin but one if it exceeds all;
     * to the last bin if it is missing.
     *
     * @param edges ascending, distinct, at most {@value #MOST_EDGES}. Where a tenth or more of the vectors have the least
     *     value, what is below it has a bin of its own, as what is above the largest has: of a feature that never varied, too
     * @param shares one more than there are edges and one for missing values; each from 0 to 1, together 1
     */
    public record Bins(String name, float[] edges, double[] shares) {

        /** Such as {@code above 2 to 5}. */
        String describe(int bin) {
            if (bin == edges.length + 1) {
                return "missing";
            }
            if (edges.length == 0) {
                return "present";
            }
            if (bin == 0) {
                return "at most " + edges[0];
            }
            return "above " + edges[bin - 1] + (bin == edges.length ? "" : " to " + edges[bin]);
        }
    }

    public FeatureDistribution {
        features = List.copyOf(features);
    }

    /**
     * Costs a sort of the rows a feature.
     *
     * @param x [rows][features], at least one row; NaN and infinite = missing
     * @param represented [rows], above 0: how many scored vectors a row stands for, as examples of one kind may be learned more
     *     often than those of another, and how they were chosen is no drift
     */
    public static FeatureDistribution of(FeatureSchema schema, float[][] x, float[] represented) {
        if (x.length == 0 || x.length != represented.length) {
            throw new IllegalArgumentException(x.length + " vectors, " + represented.length
                    + " weights: must be as many, and at least one");
        }
        List<Bins> features = new ArrayList<>();
        for (int feature = 0; feature < schema.size(); feature++) {
            float[] edges = edges(x, feature, represented);
            double[] shares = new double[edges.length + 2];
            double total = 0;
            for (int row = 0; row < x.length; row++) {
                shares[bin(edges, x[row][feature])] += represented[row];
                total += represented[row];
            }
            for (int bin = 0; bin < shares.length; bin++) {
                shares[bin] /= total;
            }
            features.add(new Bins(schema.features().get(feature).name(), edges, shares));
        }
        return new FeatureDistribution(x.length, features);
    }

    /** Adds it to a SavedModel that was written. */
    public void write(Path savedModel) {
        Path file = savedModel.resolve(FILE);
        try {
            Files.createDirectories(file.getParent());
            JSON.writeValue(file.toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing " + file + " failed: " + e.getMessage(), e);
        }
    }

    /**
     * That of a SavedModel; nothing where it has none.
     *
     * @throws ReleaseException when it cannot be read
     */
    public static Optional<FeatureDistribution> read(Path savedModel) {
        Path file = savedModel.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            FeatureDistribution read = JSON.readValue(file.toFile(), FeatureDistribution.class);
            read.features.forEach(FeatureDistribution::requireWhole);
            return Optional.of(read);
        } catch (JsonProcessingException e) {
            throw new ReleaseException(FILE + " cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file + " failed: " + e.getMessage(), e);
        }
    }

    /** @throws ReleaseException when it is of other features, or of these in another order */
    void requireFeatures(List<String> names) {
        if (!features.stream().map(Bins::name).toList().equals(names)) {
            throw new ReleaseException(FILE + " is of other features than the release");
        }
    }

    private static void requireWhole(Bins bins) {
        if (bins.name == null || bins.edges == null || bins.shares == null || bins.edges.length > MOST_EDGES
                || bins.shares.length != bins.edges.length + 2) {
            throw new ReleaseException(FILE + " has other than at most " + MOST_EDGES + " edges and two shares more of feature "
                    + bins.name);
        }
    }

    private static int bin(float[] edges, float value) {
        if (!Float.isFinite(value)) {
            return edges.length + 1;
        }
        int bin = 0;
        while (bin < edges.length && value > edges[bin]) {
            bin++;
        }
        return bin;
    }

    private static float[] edges(float[][] x, int feature, float[] represented) {
        long[] sorted = new long[x.length];
        int present = 0;
        double total = 0;
        for (int row = 0; row < x.length; row++) {
            if (Float.isFinite(x[row][feature])) {
                sorted[present++] = (long) ordered(x[row][feature]) << 32 | row;
                total += represented[row];
            }
        }
        Arrays.sort(sorted, 0, present);
        float[] edges = new float[MOST_EDGES];
        int found = 0;
        double passed = 0;
        int quantile = 1;
        for (int i = 0; i < present; i++) {
            float value = x[(int) sorted[i]][feature] + 0f; // -0 is 0
            passed += represented[(int) sorted[i]];
            for (; quantile < QUANTILES && passed >= total * quantile / QUANTILES; quantile++) {
                if (found == 0 && value == x[(int) sorted[0]][feature]) {
                    edges[found++] = Math.nextDown(value);
                }
                if (found == 0 || value > edges[found - 1]) {
                    edges[found++] = value;
                }
            }
        }
        return Arrays.copyOf(edges, found);
    }

    /** In the order of the values, -0 as 0. */
    private static int ordered(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits ^ (bits >> 31) & Integer.MAX_VALUE;
    }
}
