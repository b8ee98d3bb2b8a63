package io.liveprofile.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judged vectors in order of time: what each model said of them when they happened, and what came of them. */
final class JudgedRows {
    static final long UNKNOWN = Long.MIN_VALUE;

    private final int heads;
    private final int models;
    private final Map<String, Integer> users = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    /** One vector. */
    static final class Row {
        final String id;
        final int user;
        final long time;
        /** One bit a slice. */
        final int slices;
        /** [models * heads], NaN = not scored. */
        final float[] scores;
        /** [heads], NaN = unknown. */
        final float[] labels;
        /** [heads]: after how long the positive came, ms. */
        final long[] positiveAfter;

        private Row(String id, int user, long time, int slices, int heads, int models) {
            this.id = id;
            this.user = user;
            this.time = time;
            this.slices = slices;
            this.scores = new float[models * heads];
            this.labels = new float[heads];
            this.positiveAfter = new long[heads];
            Arrays.fill(scores, Float.NaN);
            Arrays.fill(labels, Float.NaN);
            Arrays.fill(positiveAfter, UNKNOWN);
        }
    }

    JudgedRows(int heads, int models) {
        this.heads = heads;
        this.models = models;
    }

    Row add(String id, String user, long time, int slices) {
        Row row = new Row(id, users.computeIfAbsent(user, name -> users.size()), time, slices, heads, models);
        rows.add(row);
        return row;
    }

    List<Row> rows() {
        return rows;
    }
}
