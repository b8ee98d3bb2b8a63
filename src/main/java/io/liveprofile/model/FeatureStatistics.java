package io.liveprofile.model;

/**
 * Mean and variance of each number over its present values.
 *
 * @param mean [numbers]; 0 where a number is always missing
 * @param variance [numbers], population variance, above 0; 1 where a number never varies
 * @param rows [numbers]: present values of each
 */
public record FeatureStatistics(float[] mean, float[] variance, float[] rows) {

    /**
     * Two passes in double precision; missing (NaN) and infinite values are left out.
     *
     * @param numbers positions of the numbers in a vector
     */
    public static FeatureStatistics of(float[][] x, int[] numbers) {
        float[] mean = new float[numbers.length];
        float[] variance = new float[numbers.length];
        float[] rows = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int position = numbers[i];
            double sum = 0;
            long count = 0;
            for (float[] row : x) {
                if (Float.isFinite(row[position])) {
                    sum += row[position];
                    count++;
                }
            }
            double average = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (float[] row : x) {
                if (Float.isFinite(row[position])) {
                    squares += (row[position] - average) * (row[position] - average);
                }
            }
            mean[i] = (float) average;
            float spread = count == 0 ? 0 : (float) (squares / count);
            variance[i] = spread > 1e-12f ? spread : 1;
            rows[i] = count;
        }
        return new FeatureStatistics(mean, variance, rows);
    }
}
