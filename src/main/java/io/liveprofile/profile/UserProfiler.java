package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.anomaly.OutlierFilter;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.risk.AlertKind;
import io.liveprofile.risk.AlertSuppressor;
import java.util.List;

/**
 * The stages between an event and the update of its user, in order: dedupe, lateness, outlier filter, aggregates,
 * features. The live job, the first model's training history and every test go through this one method.
 *
 * <p>Lateness is judged against the user's own newest event. A user's events keep their order in the broker's partition,
 * so after a failure the same events are late again, whatever other users did meanwhile; a watermark over all users could
 * not promise that. An event so old that its id could have been forgotten is late too, since nobody can tell it from a
 * repeat. The verdicts depend on the state and the event alone.
 */
public final class UserProfiler {
    private final ProfilerConfig config;
    private final FeaturePlan features;
    private final OutlierFilter outlierFilter;
    private final AlertSuppressor suppressor;

    public UserProfiler(ProfilerConfig config, FeaturePlan features) {
        this.config = config;
        this.features = features;
        this.outlierFilter = new OutlierFilter(config.outliers());
        this.suppressor = new AlertSuppressor(config.alertSuppression());
    }

    public UserState newUser() {
        return new UserState(features.aggregates());
    }

    public UserState fromBytes(byte[] state) {
        return UserState.fromBytes(features.aggregates(), state);
    }

    /** Takes one event of the user; changes {@code state} unless the event is a repeat. */
    public Verdict process(UserState state, BehaviorEvent event, long brokerTimeMillis) {
        long eventTime = event.getEventTime();
        long userTime = Math.max(state.updatedAt, eventTime);
        boolean isFresh = state.recentIds.add(
                event.getEventId(), eventTime, userTime, config.dedupe().toMillis(), config.dedupeMaxIds());
        if (!isFresh) {
            return new Verdict.Duplicate();
        }
        if (eventTime < userTime - config.allowedLateness().toMillis() || state.recentIds.mayHaveForgotten(eventTime)) {
            return new Verdict.Late(userTime);
        }
        List<RiskAlert> alerts = suppressor.close(state.openAlerts, event.getUserId(), userTime);
        List<Reason> reasons = outlierFilter.judge(state.outliers, event);
        if (!reasons.isEmpty()) {
            state.quarantined++;
            List<Reason> rate = reasons.stream().filter(OutlierFilter::isRate).toList();
            if (!rate.isEmpty()) {
                suppressor.occur(state.openAlerts, AlertKind.BOT_BURST, event, rate).ifPresent(alerts::add);
            }
            return new Verdict.Quarantined(reasons, alerts);
        }
        return new Verdict.Profiled(update(state, event, userTime, brokerTimeMillis), alerts);
    }

    /** Tells of the repeats of the user's alerts whose suppression time is over at {@code nowMillis}. */
    public List<RiskAlert> reportAlerts(UserState state, String userId, long nowMillis) {
        return suppressor.report(state.openAlerts, userId, nowMillis);
    }

    /** Event time at which an alert closes. */
    public long closesAt(RiskAlert alert) {
        return suppressor.closesAt(alert);
    }

    private UserUpdate update(UserState state, BehaviorEvent event, long userTime, long brokerTimeMillis) {
        state.version++;
        state.events++;
        state.updatedAt = userTime;
        state.firstSeenAt = state.firstSeenAt == UserState.NEVER
                ? event.getEventTime()
                : Math.min(state.firstSeenAt, event.getEventTime());
        state.aggregates.add(event, userTime);
        AggregateValues values = state.aggregates.read(userTime);
        return new UserUpdate(
                event.getUserId(),
                state.version,
                event.getEventId(),
                event.getEventTime(),
                brokerTimeMillis,
                state.firstSeenAt,
                state.updatedAt,
                state.events,
                state.quarantined,
                values,
                features.extract(event, values));
    }
}
