package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Tells when the mean of a stream has risen: by how much the numbers exceeded their running mean, summed up, less the
 * smallest that this sum ever was (Page, "Continuous Inspection Schemes", Biometrika 1954; in the form of Gama, Sebastião,
 * Rodrigues, "On Evaluating Stream Learning Algorithms", Machine Learning 2013, sec. 5.1).
 *
 * <pre>
 * m_T = Σ (x_t − mean_t − tolerance)     M_T = min m_t     alarm when m_T − M_T > threshold
 * </pre>
 *
 * <p>Begins anew after an alarm. For a fall of the mean feed the numbers negated.
 */
public final class PageHinkley {
    private final double tolerance;
    private final double threshold;
    private final long leastValues;

    private long count;
    private double mean;
    private double sum;
    private double smallest;

    /**
     * @param tolerance of a rise that is of no interest, at least 0, in the unit of the numbers
     * @param threshold above 0; larger = fewer false alarms and later true ones
     * @param leastValues before which there is no alarm, as the mean is not settled
     */
    public PageHinkley(double tolerance, double threshold, long leastValues) {
        if (!(tolerance >= 0) || !(threshold > 0) || leastValues < 1) {
            throw new IllegalArgumentException("tolerance = " + tolerance + ", threshold = " + threshold
                    + ", leastValues = " + leastValues + ": must be at least 0, above 0, at least 1");
        }
        this.tolerance = tolerance;
        this.threshold = threshold;
        this.leastValues = leastValues;
    }

    /** Takes the next number, finite; true = the mean has risen. */
    public boolean add(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value = " + value + ": must be finite");
        }
        count++;
        mean += (value - mean) / count;
        sum += value - mean - tolerance;
        smallest = Math.min(smallest, sum);
        if (count < leastValues || sum - smallest <= threshold) {
            return false;
        }
        count = 0;
        mean = 0;
        sum = 0;
        smallest = 0;
        return true;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeDouble(mean);
        out.writeDouble(sum);
        out.writeDouble(smallest);
    }

    void read(DataInput in) throws IOException {
        count = in.readLong();
        mean = in.readDouble();
        sum = in.readDouble();
        smallest = in.readDouble();
    }
}
