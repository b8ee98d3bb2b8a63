package io.liveprofile.risk;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One alert for what happens many times: the first occurrence raises it at once, further ones of the same kind within the
 * suppression time are counted, and at its end the same alert is sent again, closed, with the count. The alert's id comes
 * from user, kind and time of the first occurrence, so a repeat after a failure replaces itself.
 */
public final class AlertSuppressor {
    private static final int MAX_EVIDENCE = 10;

    private final long suppressionMillis;

    public AlertSuppressor(Duration suppression) {
        this.suppressionMillis = suppression.toMillis();
    }

    /**
     * Tells of one occurrence.
     *
     * @param open the user's open alerts; changed
     * @return the alert to send now, nothing while the same kind is being suppressed
     */
    public Optional<RiskAlert> occur(
            List<OpenAlert> open, AlertKind kind, BehaviorEvent event, List<Reason> reasons) {
        for (OpenAlert alert : open) {
            if (alert.kind == kind) {
                alert.occurrences++;
                alert.lastTime = Math.max(alert.lastTime, event.getEventTime());
                if (alert.evidence.size() < MAX_EVIDENCE) {
                    alert.evidence.add(event.getEventId());
                }
                return Optional.empty();
            }
        }
        long time = event.getEventTime();
        OpenAlert alert = new OpenAlert(kind, time, time, 1, reasons, new ArrayList<>(List.of(event.getEventId())));
        open.add(alert);
        return Optional.of(message(alert, event.getUserId(), false));
    }

    /** Event time at which the alert closes. */
    public long closesAt(RiskAlert alert) {
        return alert.getEventTime() + suppressionMillis;
    }

    /**
     * Removes alerts whose suppression time is over on the user's own clock; returns, closed, those with occurrences that
     * no message told of yet.
     */
    public List<RiskAlert> close(List<OpenAlert> open, String userId, long userTimeMillis) {
        List<RiskAlert> closed = report(open, userId, userTimeMillis);
        open.removeIf(alert -> alert.firstTime + suppressionMillis <= userTimeMillis);
        return closed;
    }

    /**
     * Tells of repeats of alerts whose suppression time is over at {@code nowMillis}, when the user may have no further
     * event. The alerts stay: whether an occurrence belongs to one is for the user's clock alone to say, so that a replay
     * gives the same ids.
     */
    public List<RiskAlert> report(List<OpenAlert> open, String userId, long nowMillis) {
        List<RiskAlert> closed = new ArrayList<>(0);
        for (OpenAlert alert : open) {
            if (alert.firstTime + suppressionMillis <= nowMillis && alert.occurrences > alert.reported) {
                alert.reported = alert.occurrences;
                closed.add(message(alert, userId, true));
            }
        }
        return closed;
    }

    private static RiskAlert message(OpenAlert alert, String userId, boolean closed) {
        return RiskAlert.newBuilder()
                .setAlertId(alert.kind.alertName() + ":" + userId + ":" + alert.firstTime)
                .setUserId(userId)
                .setKind(alert.kind.alertName())
                .setSeverity(alert.kind.severity())
                .setScore(score(alert.reasons))
                .setReasons(alert.reasons)
                .setSource(alert.kind.source())
                .setEventTime(alert.firstTime)
                .setLastTime(alert.lastTime)
                .setOccurrences(alert.occurrences)
                .setClosed(closed)
                .setEvidenceEventIds(List.copyOf(alert.evidence))
                .build();
    }

    /** How far the worst reason is over its limit: 0.5 at the limit, towards 1 far above. */
    private static double score(List<Reason> reasons) {
        return reasons.stream()
                .mapToDouble(reason -> reason.getValue() / (reason.getValue() + reason.getLimit()))
                .max()
                .orElse(0);
    }
}
