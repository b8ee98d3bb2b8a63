package io.liveprofile.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Counts live vectors by the bins of a {@link FeatureDistribution} and says how far each feature has moved from it by the
 * population stability index, the sum over the bins of {@code (live − trained) · ln(live / trained)} of the shares. By custom
 * less than 0.1 is no change and more than 0.25 a large one. Where nothing has changed the index of B bins is distributed as
 * {@code (1/n + 1/m) · χ²(B − 1)} of n live and m trained vectors (B. Yurdakul, "Statistical Properties of Population Stability
 * Index", dissertation, Western Michigan University 2018): with ten thousand of each it stays below 0.006 as long as vectors are
 * independent, which those of one user are not.
 *
 * <p>Each bin counts half a vector more than it has, live and trained, so that an empty one gives a large index and no infinite one.
 *
 * <p>Example: of two equal bins one has gone from 50 % to 70 %: 0.2 ln 1.4 + (−0.2) ln 0.6 = 0.169.
 *
 * <p>Takes 128 bytes a feature. Not thread-safe.
 */
public final class FeatureStability {
    /** An index above this is a large change. */
    public static final double LARGE = 0.25;

    /** A power of two above the edges that there are, so that four halvings find a bin. */
    private static final int PLACES = 16;
    private static final int MISSING = PLACES - 1;
    private static final double SMOOTHING = 0.5;

    private final FeatureDistribution trained;
    /** [features][{@link #PLACES}], filled up with infinity. */
    private final float[] edges;
    /** [features][{@link #PLACES}]. */
    private final int[] counts;
    private int vectors;

    /**
     * How far a feature has moved.
     *
     * @param index population stability index, at least 0
     * @param bin the one that says most of it
     * @param live share of the live vectors in that bin
     */
    public record Shift(FeatureDistribution.Bins of, double index, int bin, double live) {
        public String feature() {
            return of.name();
        }

        public boolean isLarge() {
            return index > LARGE;
        }

        /** Such as {@code sessions_7d 7.234: 99.8 % at most 1.0986123, trained on 11.7 %}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.3f: %.1f %% %s, trained on %.1f %%", of.name(), index, 100 * live,
                    of.describe(bin), 100 * of.shares()[bin]);
        }
    }

    public FeatureStability(FeatureDistribution trained) {
        this.trained = trained;
        int features = trained.features().size();
        this.edges = new float[features * PLACES];
        this.counts = new int[features * PLACES];
        Arrays.fill(edges, Float.POSITIVE_INFINITY);
        for (int i = 0; i < features; i++) {
            float[] of = trained.features().get(i).edges();
            System.arraycopy(of, 0, edges, i * PLACES, of.length);
        }
    }

    /** @param vector in the order of the distribution's features; NaN and infinite = missing */
    public void add(float[] vector) {
        int first = 0;
        for (float value : vector) {
            int place = first;
            place += above(value, place + 7) << 3;
            place += above(value, place + 3) << 2;
            place += above(value, place + 1) << 1;
            place += above(value, place);
            counts[Float.isFinite(value) ? place : first + MISSING]++;
            first += PLACES;
        }
        vectors++;
    }

    /** 1 where the value is above the edge, else 0: the sign of the difference, so that there is no branch to guess wrong. */
    private int above(float value, int edge) {
        return Float.floatToRawIntBits(edges[edge] - value) >>> 31;
    }

    /** Vectors counted. */
    public int vectors() {
        return vectors;
    }

    /** Begins anew. */
    public void clear() {
        Arrays.fill(counts, 0);
        vectors = 0;
    }

    /** Of every feature, those that moved most first. */
    public List<Shift> shifts() {
        List<Shift> shifts = new ArrayList<>();
        for (int feature = 0; feature < trained.features().size(); feature++) {
            shifts.add(shift(feature));
        }
        shifts.sort(Comparator.comparingDouble(Shift::index).reversed().thenComparing(Shift::feature));
        return shifts;
    }

    private Shift shift(int feature) {
        FeatureDistribution.Bins of = trained.features().get(feature);
        int bins = of.shares().length;
        double index = 0;
        int most = 0;
        double mostTerm = -1;
        for (int bin = 0; bin < bins; bin++) {
            double live = (count(feature, bin) + SMOOTHING) / (vectors + SMOOTHING * bins);
            double was = (of.shares()[bin] * trained.rows() + SMOOTHING) / (trained.rows() + SMOOTHING * bins);
            double term = (live - was) * Math.log(live / was);
            index += term;
            if (term > mostTerm) {
                mostTerm = term;
                most = bin;
            }
        }
        return new Shift(of, index, most, (double) count(feature, most) / Math.max(1, vectors));
    }

    private int count(int feature, int bin) {
        boolean isMissing = bin == trained.features().get(feature).shares().length - 1;
        return counts[feature * PLACES + (isMissing ? MISSING : bin)];
    }
}
