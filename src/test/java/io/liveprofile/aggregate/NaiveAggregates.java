package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Keeps every event and computes each statistic anew, in the most obvious way: the oracle of the tile engine. */
final class NaiveAggregates {
    private final List<BehaviorEvent> events = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    void add(BehaviorEvent event) {
        events.add(event);
        now = Math.max(now, event.getEventTime());
    }

    long now() {
        return now;
    }

    /** Events in order of time; those of one time in order of arrival. */
    List<BehaviorEvent> in(long lengthMillis, long hopMillis, Predicate<BehaviorEvent> filter) {
        long start = lengthMillis == Window.FOREVER
                ? Long.MIN_VALUE
                : Math.floorDiv(now - lengthMillis, hopMillis) * hopMillis;
        return events.stream()
                .filter(event -> event.getEventTime() >= start && event.getEventTime() <= now)
                .filter(filter)
                .sorted(Comparator.comparingLong(BehaviorEvent::getEventTime))
                .toList();
    }

    static double sum(List<Double> values) {
        return values.stream().mapToDouble(v -> v).sum();
    }

    static double mean(List<Double> values) {
        return values.isEmpty() ? Double.NaN : sum(values) / values.size();
    }

    static double sampleDeviation(List<Double> values) {
        if (values.size() < 2) {
            return Double.NaN;
        }
        double mean = mean(values);
        return Math.sqrt(values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / (values.size() - 1));
    }

    static List<String> newest(List<String> values, int k) {
        List<String> reversed = new ArrayList<>(values);
        Collections.reverse(reversed);
        return List.copyOf(reversed.subList(0, Math.min(k, reversed.size())));
    }

    /** Share of decayed weight by key, from the definition: weight × 2^(-age / half-life). */
    Map<String, Double> shares(List<BehaviorEvent> in, double halfLifeMillis, Map<String, Double> typeWeights) {
        Map<String, Double> weights = new LinkedHashMap<>();
        for (BehaviorEvent event : in) {
            double weight = typeWeights.get(event.getType().name())
                    * Math.pow(2, -(now - event.getEventTime()) / halfLifeMillis);
            weights.merge(event.getCategoryId(), weight, Double::sum);
        }
        double total = weights.values().stream().mapToDouble(w -> w).sum();
        weights.replaceAll((key, weight) -> weight / total);
        return weights;
    }
}
