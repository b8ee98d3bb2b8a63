package io.liveprofile.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Immutable numbers by key.
 *
 * @param keys one a number, no two alike
 * @param values finite
 */
public record NumbersByKey(TextList keys, double[] values) {
    public static final NumbersByKey EMPTY = new NumbersByKey(TextList.EMPTY, new double[0]);

    public boolean isEmpty() {
        return values.length == 0;
    }

    /** Number of {@code key}, shortened as keys are; {@code otherwise} when it has none. */
    public double of(String key, double otherwise) {
        int index = keys.indexOf(TextList.encodeShortened(key));
        return index < 0 ? otherwise : values[index];
    }

    /** The first of {@code numbers}, one for each of {@code keys}. */
    static NumbersByKey of(List<String> keys, double[] numbers) {
        return keys.isEmpty() ? EMPTY : new NumbersByKey(TextList.of(keys), Arrays.copyOf(numbers, keys.size()));
    }

    public static NumbersByKey of(Map<String, Double> numbers) {
        return new NumbersByKey(
                TextList.of(new ArrayList<>(numbers.keySet())),
                numbers.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    public Map<String, Double> toMap() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        List<String> texts = keys.toList();
        for (int i = 0; i < values.length; i++) {
            numbers.put(texts.get(i), values[i]);
        }
        return numbers;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumbersByKey that && that.keys.equals(keys) && Arrays.equals(that.values, values);
    }

    @Override
    public int hashCode() {
        return 31 * keys.hashCode() + Arrays.hashCode(values);
    }
}
