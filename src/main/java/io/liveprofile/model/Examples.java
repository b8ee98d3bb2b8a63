package io.liveprofile.model;

import java.util.Arrays;

/**
 * Rows to learn from.
 *
 * @param x [rows][features], NaN = missing
 * @param labels [rows][heads], 0 or 1, NaN = unknown
 * @param users [rows] pseudonym of each row's user
 * @param represented [rows] how many scored vectors each stands for, above 0: what was rarely taken stands for many
 */
public record Examples(float[][] x, float[][] labels, String[] users, float[] represented) {
    public Examples {
        if (x.length != labels.length || x.length != users.length || x.length != represented.length) {
            throw new IllegalArgumentException("Rows differ: " + x.length + " vectors, " + labels.length
                    + " label rows, " + users.length + " users, " + represented.length + " weights");
        }
    }

    /** All taken alike. */
    public Examples(float[][] x, float[][] labels, String[] users) {
        this(x, labels, users, ones(x.length));
    }

    public int rows() {
        return x.length;
    }

    /** Rows {@code order[from]} to {@code order[to − 1]}; the arrays of the rows are shared, not copied. */
    public Examples pick(int[] order, int from, int to) {
        float[][] pickedX = new float[to - from][];
        float[][] pickedLabels = new float[to - from][];
        String[] pickedUsers = new String[to - from];
        float[] pickedRepresented = new float[to - from];
        for (int i = from; i < to; i++) {
            pickedX[i - from] = x[order[i]];
            pickedLabels[i - from] = labels[order[i]];
            pickedUsers[i - from] = users[order[i]];
            pickedRepresented[i - from] = represented[order[i]];
        }
        return new Examples(pickedX, pickedLabels, pickedUsers, pickedRepresented);
    }

    /** One head's labels. */
    public float[] labelsOf(int head) {
        float[] column = new float[labels.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = labels[i][head];
        }
        return column;
    }

    private static float[] ones(int rows) {
        float[] ones = new float[rows];
        Arrays.fill(ones, 1);
        return ones;
    }
}
