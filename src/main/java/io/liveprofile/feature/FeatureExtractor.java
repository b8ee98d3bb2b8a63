package io.liveprofile.feature;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.feature.FeatureSource.Computed;
import io.liveprofile.feature.FeatureSource.Statistic;
import io.liveprofile.feature.FeatureSource.TypeIs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Fills vectors. The sources are sorted by kind once, so that an event costs two loops over arrays, one for the many
 * statistics and one for the few computed numbers, and touches one type of all. Thread-safe.
 */
final class FeatureExtractor {
    private static final int TYPES = EventType.values().length;

    /** Where a number goes, and how. */
    private record Place(int index, boolean isLog) {
        private float of(double value) {
            return isLog ? SignedLog1p.of(value) : (float) value;
        }
    }

    private final int size;
    /** Parallel: position among the statistics, number for none, and place of each statistic. */
    private final int[] statistics;
    private final double[] whenEmpty;
    private final int[] statisticIndexes;
    private final boolean[] isStatisticLog;
    private final Computed[] computed;
    private final Place[] computedPlaces;
    /** Places that are 1 before their transform for an event of the type, by the type's ordinal. */
    private final Place[][] typePlaces = new Place[TYPES][];

    /** @param features in vector order */
    FeatureExtractor(Map<Feature, FeatureSource> features) {
        List<Statistic> statisticSources = new ArrayList<>();
        List<Place> statisticPlaces = new ArrayList<>();
        List<Computed> computedSources = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        List<List<Place>> ofTypes = new ArrayList<>();
        for (int i = 0; i < TYPES; i++) {
            ofTypes.add(new ArrayList<>());
        }
        int index = 0;
        for (Map.Entry<Feature, FeatureSource> feature : features.entrySet()) {
            Place place = new Place(index++, feature.getKey().transform() == Transform.LOG1P);
            if (feature.getValue() instanceof Statistic statistic) {
                statisticSources.add(statistic);
                statisticPlaces.add(place);
            } else if (feature.getValue() instanceof TypeIs typeIs) {
                ofTypes.get(typeIs.type().ordinal()).add(place);
            } else if (feature.getValue() instanceof Computed other) {
                computedSources.add(other);
                places.add(place);
            }
        }
        size = index;
        statistics = statisticSources.stream().mapToInt(Statistic::position).toArray();
        whenEmpty = statisticSources.stream().mapToDouble(Statistic::whenEmpty).toArray();
        statisticIndexes = statisticPlaces.stream().mapToInt(Place::index).toArray();
        isStatisticLog = new boolean[statistics.length];
        for (int i = 0; i < statistics.length; i++) {
            isStatisticLog[i] = statisticPlaces.get(i).isLog();
        }
        computed = computedSources.toArray(Computed[]::new);
        computedPlaces = places.toArray(Place[]::new);
        for (int i = 0; i < TYPES; i++) {
            typePlaces[i] = ofTypes.get(i).toArray(Place[]::new);
        }
    }

    /**
     * Puts in anew what comes of the statistics from number {@code from} on.
     *
     * @param isMissing whether the statistic at a position is missing whatever its number for none
     */
    void refill(float[] vector, double[] numbers, int from, IntPredicate isMissing) {
        for (int i = 0; i < statistics.length; i++) {
            if (statistics[i] >= from && isMissing.test(statistics[i])) {
                vector[statisticIndexes[i]] = Float.NaN;
            } else if (statistics[i] >= from) {
                fill(vector, numbers, i);
            }
        }
    }

    float[] extract(BehaviorEvent event, AggregateValues values) {
        float[] vector = new float[size];
        double[] numbers = values.statistics();
        for (int i = 0; i < statistics.length; i++) {
            fill(vector, numbers, i);
        }
        for (int i = 0; i < computed.length; i++) {
            vector[computedPlaces[i].index()] = computedPlaces[i].of(computed[i].value(event, values));
        }
        if (event.getType() != null) {
            for (Place place : typePlaces[event.getType().ordinal()]) {
                vector[place.index()] = place.of(1);
            }
        }
        return vector;
    }

    private void fill(float[] vector, double[] numbers, int i) {
        double value = numbers[statistics[i]];
        if (Double.isNaN(value)) {
            value = whenEmpty[i];
        }
        vector[statisticIndexes[i]] = isStatisticLog[i] ? SignedLog1p.of(value) : (float) value;
    }
}
