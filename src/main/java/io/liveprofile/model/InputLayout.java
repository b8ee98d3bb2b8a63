package io.liveprofile.model;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the positions of a vector hold.
 *
 * @param size positions
 * @param numbers positions of numbers, ascending
 * @param bags hashed texts, by position
 */
public record InputLayout(int size, int[] numbers, List<Bag> bags) {

    /**
     * Hashed texts that stand beside one another and are told apart by nothing: what counts is which they are.
     *
     * @param table whose rows stand for them
     * @param from position of the first
     * @param slots positions; NaN in those that are not filled
     */
    public record Bag(String table, int from, int slots) {}

    public static InputLayout of(FeatureSchema schema) {
        List<Feature> features = schema.features();
        List<Bag> bags = new ArrayList<>();
        for (int from = 0; from < features.size(); from++) {
            if (features.get(from).transform() == Transform.HASH) {
                int to = from;
                while (to + 1 < features.size() && isOfOneBag(features.get(from), features.get(to + 1))) {
                    to++;
                }
                bags.add(new Bag(features.get(from).table(), from, to + 1 - from));
                from = to;
            }
        }
        int[] numbers = IntStream.range(0, features.size())
                .filter(i -> features.get(i).transform() != Transform.HASH)
                .toArray();
        return new InputLayout(features.size(), numbers, List.copyOf(bags));
    }

    /** Of a vector of numbers alone. */
    public static InputLayout ofNumbers(int size) {
        return new InputLayout(size, IntStream.range(0, size).toArray(), List.of());
    }

    private static boolean isOfOneBag(Feature one, Feature other) {
        return other.transform() == Transform.HASH && other.bag().equals(one.bag());
    }
}
