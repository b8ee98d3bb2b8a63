package io.liveprofile.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Immutable shares of a whole by key, largest first.
 *
 * @param keys one a share
 * @param values 0 to 1, summing to at most 1
 */
public record Shares(TextList keys, double[] values) {
    public static final Shares EMPTY = new Shares(TextList.EMPTY, new double[0]);

    public boolean isEmpty() {
        return values.length == 0;
    }

    /** Share of {@code key}; 0 when it has none. */
    public double of(String key) {
        int index = keys.indexOf(TextList.encode(key));
        return index < 0 ? 0 : values[index];
    }

    public static Shares of(Map<String, Double> shares) {
        return new Shares(
                TextList.of(new ArrayList<>(shares.keySet())),
                shares.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    public Map<String, Double> toMap() {
        Map<String, Double> shares = new LinkedHashMap<>();
        List<String> texts = keys.toList();
        for (int i = 0; i < values.length; i++) {
            shares.put(texts.get(i), values[i]);
        }
        return shares;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shares shares && shares.keys.equals(keys) && Arrays.equals(shares.values, values);
    }

    @Override
    public int hashCode() {
        return 31 * keys.hashCode() + Arrays.hashCode(values);
    }
}
