package io.liveprofile.model;

/**
 * Mean and variance of each feature over its present values.
 *
 * @param mean [features]; 0 where a feature is always missing
 * @param variance [features], population variance, above 0; 1 where a feature never varies
 */
public record FeatureStatistics(float[] mean, float[] variance) {

    /** Two passes in double precision; missing (NaN) and infinite values are left out. */
    public static FeatureStatistics of(float[][] x, int features) {
        float[] mean = new float[features];
        float[] variance = new float[features];
        for (int f = 0; f < features; f++) {
            double sum = 0;
            long count = 0;
            for (float[] row : x) {
                if (Float.isFinite(row[f])) {
                    sum += row[f];
                    count++;
                }
            }
            double average = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (float[] row : x) {
                if (Float.isFinite(row[f])) {
                    squares += (row[f] - average) * (row[f] - average);
                }
            }
            mean[f] = (float) average;
            float spread = count == 0 ? 0 : (float) (squares / count);
            variance[f] = spread > 1e-12f ? spread : 1;
        }
        return new FeatureStatistics(mean, variance);
    }
}
