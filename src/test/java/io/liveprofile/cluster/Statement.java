package io.liveprofile.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What one record says, part by part. Texts of two runs must be the same. Figures of the model may differ by {@value #TOLERANCE}:
 * their last digits hang on what is scored in one call, and a rounded one would differ now and then at an edge.
 *
 * @param texts by part
 * @param figures by part
 */
record Statement(TreeMap<Part, String> texts, TreeMap<Part, Double> figures) {
    static final double TOLERANCE = 1e-4;

    /** @param name what a case names when it is meant to differ */
    record Part(String kind, String name) implements Comparable<Part> {
        @Override
        public int compareTo(Part other) {
            int kinds = kind.compareTo(other.kind);
            return kinds != 0 ? kinds : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return kind.equals(name) ? name : kind + " " + name;
        }
    }

    Statement() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    /** Adds a text of which there is one a record. */
    Statement with(String name, Object value) {
        texts.put(new Part(name, name), String.valueOf(value));
        return this;
    }

    Statement with(String kind, Map<String, ?> values) {
        values.forEach((name, value) -> texts.put(new Part(kind, name), String.valueOf(value)));
        return this;
    }

    /** Adds maps of which each is one text. */
    Statement withMaps(String kind, Map<String, Map<String, Double>> values) {
        values.forEach((name, value) -> texts.put(new Part(kind, name), new TreeMap<>(value).toString()));
        return this;
    }

    Statement withFigures(String kind, Map<String, Double> values) {
        values.forEach((name, value) -> figures.put(new Part(kind, name), value));
        return this;
    }

    Statement withFigures(String kind, Collection<? extends Number> values) {
        values.forEach(value -> figures.put(new Part(kind, "%04d".formatted(figures.size())), value.doubleValue()));
        return this;
    }

    /** The same without the parts of these names. */
    Statement without(Predicate<String> names) {
        Statement fewer = new Statement(new TreeMap<>(texts), new TreeMap<>(figures));
        fewer.texts.keySet().removeIf(part -> names.test(part.name()));
        fewer.figures.keySet().removeIf(part -> names.test(part.name()));
        return fewer;
    }

    /** What the other says otherwise; empty when it says the same. */
    String differenceTo(Statement other) {
        String text = difference(texts, other.texts, Object::equals);
        return text.isEmpty() ? difference(figures, other.figures, Statement::isClose) : text;
    }

    /** Whether a text of that kind is one of those. */
    boolean says(String kind, Predicate<String> which) {
        return texts.entrySet().stream().anyMatch(text -> text.getKey().kind().equals(kind) && which.test(text.getValue()));
    }

    boolean isAs(Statement other) {
        return differenceTo(other).isEmpty();
    }

    private static boolean isClose(double one, double other) {
        return Double.compare(one, other) == 0 || Math.abs(one - other) <= TOLERANCE;
    }

    private static <V> String difference(TreeMap<Part, V> one, TreeMap<Part, V> other, BiPredicate<V, V> isSame) {
        TreeMap<Part, V> all = new TreeMap<>(other);
        all.putAll(one);
        for (Part part : all.keySet()) {
            V first = one.get(part);
            V second = other.get(part);
            if (first == null || second == null || !isSame.test(first, second)) {
                return part + ": " + first + " and " + second;
            }
        }
        return "";
    }
}
