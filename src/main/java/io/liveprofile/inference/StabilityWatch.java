package io.liveprofile.inference;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.model.FeatureStability;
import io.liveprofile.model.FeatureStability.Shift;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Holds the vectors that the newest release scores against those that it was trained on, so many at a time, by {@link
 * FeatureStability}. Only vectors of events: no other is ever learned. After a failure, and with each release, it begins anew.
 * Not thread-safe, but for the gauges.
 */
final class StabilityWatch {
    /** Features that a record names in words; it has the index of all. */
    private static final int NAMED = 5;

    private final StabilityWindow window;
    private final int subtask;
    private final Counter compared;
    private String releaseId;
    private long activeFrom = Long.MIN_VALUE;
    /** Null = the release does not say what it was trained on, or nothing is compared. */
    private FeatureStability stability;
    private long offered;
    private long newestEventTime = Long.MIN_VALUE;
    /** For the metrics, which another thread reads; NaN until so many vectors of the release were compared. */
    private volatile double largest = Double.NaN;
    private volatile double shifted = Double.NaN;

    StabilityWatch(StabilityWindow window, int subtask, MetricGroup group) {
        this.window = window;
        this.subtask = subtask;
        this.compared = group.counter(ScoreOperator.STABILITY_VECTORS);
        group.gauge(ScoreOperator.STABILITY_LARGEST, (Gauge<Double>) () -> largest);
        group.gauge(ScoreOperator.FEATURES_SHIFTED, (Gauge<Double>) () -> shifted);
    }

    /** @return what there is to say once there are as many vectors as are compared */
    Optional<ModelEvaluation> add(Scorer scorer, UserUpdate update) {
        if (scorer.activeFrom() > activeFrom || releaseId == null) {
            follow(scorer);
        }
        if (stability == null || !update.isOfAnEvent() || !scorer.releaseId().equals(releaseId)
                || ++offered % window.every() != 0) {
            return Optional.empty();
        }
        stability.add(update.vector());
        compared.inc();
        newestEventTime = Math.max(newestEventTime, update.eventTime());
        return stability.vectors() < window.vectors() ? Optional.empty() : Optional.of(compare());
    }

    private void follow(Scorer scorer) {
        releaseId = scorer.releaseId();
        activeFrom = scorer.activeFrom();
        stability = window.vectors() == 0 ? null : scorer.trainedOn().map(FeatureStability::new).orElse(null);
        largest = Double.NaN;
        shifted = Double.NaN;
    }

    private ModelEvaluation compare() {
        List<Shift> shifts = stability.shifts();
        long large = shifts.stream().filter(Shift::isLarge).count();
        largest = shifts.get(0).index();
        shifted = large;
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("vectors", (double) stability.vectors());
        metrics.put("features_shifted", (double) large);
        shifts.forEach(shift -> metrics.put("psi." + shift.feature(), shift.index()));
        stability.clear();
        String id = EvaluationKind.STABILITY + ":" + releaseId + ":" + subtask + ":" + newestEventTime;
        return new ModelEvaluation(id, EvaluationKind.STABILITY, newestEventTime, null, releaseId, null,
                shifts.stream().limit(NAMED).map(Shift::toString).toList(), metrics);
    }
}
