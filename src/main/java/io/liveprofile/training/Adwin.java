package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Adaptive window over a stream of numbers in [0, 1]: it grows while their mean stays and drops its older part when the mean
 * of the newer part differs by more than chance explains (ADWIN2: Bifet, Gavaldà, "Learning from Time-Changing Data with
 * Adaptive Windowing", SDM 2007, fig. 1 and sec. 4).
 *
 * <p>The cut of a window of n numbers into n0 older and n1 newer ones is significant when their means differ by more than
 *
 * <pre>
 * ε = sqrt(2/m σ² ln(2/δ')) + 2/(3m) ln(2/δ')     1/m = 1/n0 + 1/n1, δ' = δ / ln n, σ² the window's variance   (eq. 3.1)
 * </pre>
 *
 * so a stream whose mean stays is cut with a chance of at most δ a check (theorem 3.1). Numbers lie in buckets of 1, 2, 4, ...
 * of them, at most {@value #BUCKETS} of a size, so the window takes {@code O(log n)} memory and cuts are tried between
 * buckets only, once every {@value #CHECK_EVERY} numbers.
 */
public final class Adwin {
    /** M of the paper. */
    static final int BUCKETS = 5;
    static final int CHECK_EVERY = 32;
    /** A part of fewer numbers says nothing. */
    private static final int LEAST_PART = 5;

    /** Buckets of one size, oldest first. */
    private static final class Row {
        private final double[] sums = new double[BUCKETS + 1];
        /** Sum of squared distances from the bucket's mean. */
        private final double[] spreads = new double[BUCKETS + 1];
        private int count;

        private void add(double sum, double spread) {
            sums[count] = sum;
            spreads[count++] = spread;
        }

        private void removeOldest(int removed) {
            count -= removed;
            System.arraycopy(sums, removed, sums, 0, count);
            System.arraycopy(spreads, removed, spreads, 0, count);
        }
    }

    private final double delta;
    /** Row i: buckets of 2^i numbers. */
    private final List<Row> rows = new ArrayList<>();
    private long size;
    private double sum;
    private double spread;
    private long seen;

    /** @param delta chance of a false alarm a check, above 0 and below 1; 0.002 is usual */
    public Adwin(double delta) {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta = " + delta + ": must be above 0, below 1");
        }
        this.delta = delta;
        rows.add(new Row());
    }

    /**
     * Takes the next number.
     *
     * @param value in [0, 1]
     * @return whether the mean has changed, so that older numbers were dropped
     */
    public boolean add(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("value = " + value + ": must be from 0 to 1");
        }
        if (size > 0) {
            double distance = value - mean();
            spread += distance * distance * size / (size + 1);
        }
        size++;
        sum += value;
        rows.get(0).add(value, 0);
        compress();
        return ++seen % CHECK_EVERY == 0 && cut();
    }

    /** Numbers in the window. */
    public long size() {
        return size;
    }

    /** Mean of the window; NaN while it is empty. */
    public double mean() {
        return size == 0 ? Double.NaN : sum / size;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(seen);
        out.writeLong(size);
        out.writeDouble(sum);
        out.writeDouble(spread);
        out.writeInt(rows.size());
        for (Row row : rows) {
            out.writeInt(row.count);
            for (int bucket = 0; bucket < row.count; bucket++) {
                out.writeDouble(row.sums[bucket]);
                out.writeDouble(row.spreads[bucket]);
            }
        }
    }

    void read(DataInput in) throws IOException {
        seen = in.readLong();
        size = in.readLong();
        sum = in.readDouble();
        spread = in.readDouble();
        rows.clear();
        for (int i = in.readInt(); i > 0; i--) {
            Row row = new Row();
            for (int buckets = in.readInt(); buckets > 0; buckets--) {
                row.add(in.readDouble(), in.readDouble());
            }
            rows.add(row);
        }
    }

    /** Two buckets of a size that has too many become one of the next. */
    private void compress() {
        for (int i = 0; i < rows.size() && rows.get(i).count > BUCKETS; i++) {
            Row row = rows.get(i);
            if (i + 1 == rows.size()) {
                rows.add(new Row());
            }
            double half = bucketSize(i);
            double difference = (row.sums[0] - row.sums[1]) / half;
            rows.get(i + 1).add(row.sums[0] + row.sums[1],
                    row.spreads[0] + row.spreads[1] + difference * difference * half / 2);
            row.removeOldest(2);
        }
    }

    /** Drops oldest buckets as long as some cut is significant. */
    private boolean cut() {
        boolean isCut = false;
        while (isSignificantSomewhere()) {
            dropOldestBucket();
            isCut = true;
        }
        return isCut;
    }

    private boolean isSignificantSomewhere() {
        long older = 0;
        double olderSum = 0;
        for (int i = rows.size() - 1; i >= 0; i--) {
            for (int bucket = 0; bucket < rows.get(i).count; bucket++) {
                older += bucketSize(i);
                olderSum += rows.get(i).sums[bucket];
                if (older >= LEAST_PART && size - older >= LEAST_PART
                        && Math.abs(olderSum / older - (sum - olderSum) / (size - older)) > epsilon(older, size - older)) {
                    return true;
                }
            }
        }
        return false;
    }

    private double epsilon(double older, double newer) {
        double inverse = 1 / older + 1 / newer;
        double log = Math.log(2 * Math.log(size) / delta);
        return Math.sqrt(2 * inverse * spread / size * log) + 2.0 / 3 * inverse * log;
    }

    private void dropOldestBucket() {
        int last = rows.size() - 1;
        Row row = rows.get(last);
        double dropped = bucketSize(last);
        double rest = size - dropped;
        double difference = row.sums[0] / dropped - (sum - row.sums[0]) / rest;
        spread = Math.max(0, spread - row.spreads[0] - difference * difference * dropped * rest / size);
        size -= (long) dropped;
        sum -= row.sums[0];
        row.removeOldest(1);
        while (last > 0 && rows.get(last).count == 0) {
            rows.remove(last--);
        }
    }

    private static double bucketSize(int row) {
        return 1L << row;
    }
}
