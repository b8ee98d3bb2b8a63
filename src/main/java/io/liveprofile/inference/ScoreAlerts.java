package io.liveprofile.inference;

import io.liveprofile.event.EventType;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.Severity;
import io.liveprofile.feature.UserUpdate;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * Alerts of events that the model thinks likely to be what a head foretells, with the inputs that speak for it. Within the
 * suppression time a user's alert of one head has one id, so that a later one replaces an earlier one, as after a failure.
 *
 * @param limits probability from which on there is an alert, by head
 * @param judged types of the events that a head is about, by head: it never learned what it says of others. Absent = of any
 */
public record ScoreAlerts(TreeMap<String, Double> limits, TreeMap<String, Set<EventType>> judged, Duration suppression)
        implements Serializable {
    /** No alerts. */
    public static final ScoreAlerts NONE = new ScoreAlerts(new TreeMap<>(), new TreeMap<>(), Duration.ofMinutes(10));

    /** The same alerts for events of these types only. */
    public ScoreAlerts of(TreeMap<String, Set<EventType>> types) {
        return new ScoreAlerts(limits, types, suppression);
    }

    /** Whether an alert is due for any head. */
    boolean isDue(ScoredUpdate scored) {
        for (int head = 0; head < scored.heads().size(); head++) {
            if (isDue(scored, head)) {
                return true;
            }
        }
        return false;
    }

    /** @param row of the update in the explanation */
    List<RiskAlert> of(ScoredUpdate scored, Explanation explanation, int row) {
        List<RiskAlert> alerts = new ArrayList<>();
        for (int head = 0; head < scored.heads().size(); head++) {
            if (isDue(scored, head)) {
                alerts.add(alert(scored, head, reasons(scored, head, explanation, row)));
            }
        }
        return alerts;
    }

    private boolean isDue(ScoredUpdate scored, int head) {
        String name = scored.heads().get(head);
        Double limit = limits.get(name);
        return limit != null && scored.update().isOfAnEvent()
                && (!judged.containsKey(name) || judged.get(name).contains(scored.update().eventType()))
                && scored.probabilities()[head] >= limit.floatValue();
    }

    private RiskAlert alert(ScoredUpdate scored, int head, List<Reason> reasons) {
        UserUpdate update = scored.update();
        String kind = "likely-" + scored.heads().get(head).replace('_', '-');
        long span = Math.max(1, suppression.toMillis());
        return RiskAlert.newBuilder()
                .setAlertId(kind + ":" + update.userId() + ":" + Math.floorDiv(update.eventTime(), span) * span)
                .setUserId(update.userId())
                .setKind(kind)
                .setSeverity(Severity.HIGH)
                .setScore((double) scored.probabilities()[head])
                .setReasons(reasons)
                .setSource("model:" + scored.releaseId())
                .setEventTime(update.eventTime())
                .setLastTime(update.eventTime())
                .setOccurrences(1L)
                .setClosed(false)
                .setEvidenceEventIds(List.of(update.eventId()))
                .build();
    }

    /** The probability, and the inputs that raise it most. */
    private List<Reason> reasons(ScoredUpdate scored, int head, Explanation explanation, int row) {
        String name = scored.heads().get(head);
        double probability = scored.probabilities()[head];
        List<Reason> reasons = new ArrayList<>();
        reasons.add(new Reason("probability", name, probability, limits.get(name),
                String.format(Locale.ROOT, "%s with probability %.3f", name, probability)));
        reasons.addAll(Reasons.raising(explanation, row, head));
        return reasons;
    }

    /**
     * Reads {@code fraud=0.9,churn_7d=0.8}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static ScoreAlerts parse(String text, Duration suppression) {
        TreeMap<String, Double> limits = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            String[] sides = part.trim().split("=");
            double limit;
            try {
                limit = sides.length == 2 ? Double.parseDouble(sides[1].trim()) : Double.NaN;
            } catch (NumberFormatException e) {
                limit = Double.NaN;
            }
            if (!(limit > 0 && limit <= 1)) {
                throw new IllegalArgumentException("must be HEAD=PROBABILITY, comma-separated, each above 0, at most 1");
            }
            limits.put(sides[0].trim(), limit);
        }
        return new ScoreAlerts(limits, new TreeMap<>(), suppression);
    }
}
