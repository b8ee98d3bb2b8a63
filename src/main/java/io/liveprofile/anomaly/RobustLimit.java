package io.liveprofile.anomaly;

import java.util.Arrays;

/**
 * Upper limit from the median and the median absolute deviation (MAD) of the last values: both stay put while fewer than
 * half of the values are outliers, so outliers may enter the history and a lasting change of level becomes the new normal
 * after half a history. Rule: value &gt; median + threshold × 1.4826 × max(MAD, floor); 1.4826 makes the MAD a
 * standard deviation for normal values (Iglewicz, Hoaglin, "How to Detect and Handle Outliers", ASQC 1993, sec. 3.3).
 *
 * <p>History is a ring of at most {@code capacity} floats; judging sorts a copy of it.
 */
public final class RobustLimit {
    static final double MAD_TO_SIGMA = 1.4826;

    /** The last values of one user; at most the capacity given. */
    public static final class History {
        private final float[] ring;
        private int added;

        public History(int capacity) {
            ring = new float[capacity];
        }

        public void add(double value) {
            ring[added % ring.length] = (float) value;
            added++;
            if (added == 2 * ring.length) {
                added = ring.length;
            }
        }

        public int size() {
            return Math.min(added, ring.length);
        }

        /** Values, oldest first. */
        public float[] values() {
            float[] values = new float[size()];
            int start = added <= ring.length ? 0 : added % ring.length;
            for (int i = 0; i < values.length; i++) {
                values[i] = ring[(start + i) % ring.length];
            }
            return values;
        }
    }

    private final double threshold;
    private final double deviationFloor;

    /**
     * @param threshold in standard deviations, above 0
     * @param deviationFloor smallest MAD that counts, in units of the values; keeps a user whose values never vary from
     *     being an outlier at the first change
     */
    public RobustLimit(double threshold, double deviationFloor) {
        this.threshold = threshold;
        this.deviationFloor = deviationFloor;
    }

    /** Largest value that is no outlier after this history, which holds at least one value. */
    public double after(History history) {
        float[] values = history.values();
        double median = median(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.abs(values[i] - median);
        }
        return median + threshold * MAD_TO_SIGMA * Math.max(median(values), deviationFloor);
    }

    private static double median(float[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + (double) values[middle]) / 2;
    }
}
