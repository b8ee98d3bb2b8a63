package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.PlanHistory;
import io.liveprofile.anomaly.OutlierFilter;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.ingest.OutcomeDecoder;
import io.liveprofile.ingest.RecentIds;
import io.liveprofile.risk.AlertKind;
import io.liveprofile.risk.AlertSuppressor;
import java.util.List;
import java.util.Optional;

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
    /** A version is so many times the number of events and outcomes that changed the user, and the number of the refresh since. */
    static final int VERSIONS_AN_UPDATE = RefreshSchedule.MOST + 1;

    private final ProfilerConfig config;
    private final FeaturePlan features;
    private final PlanHistory history;
    private final RefreshSchedule refreshes;
    private final boolean remembersKeys;
    /** Truth is told again long after: what waits for outcomes is remembered for so long, and so are their ids. */
    private final long outcomeDedupeMillis;
    private final OutlierFilter outlierFilter;
    private final AlertSuppressor suppressor;

    public UserProfiler(ProfilerConfig config, FeaturePlan features) {
        this(config, features, new PlanHistory());
    }

    /** @param history the plans under which users that are read were written */
    public UserProfiler(ProfilerConfig config, FeaturePlan features, PlanHistory history) {
        this.config = config;
        this.features = features;
        this.history = history;
        this.refreshes = new RefreshSchedule(config.refresh(), features.aggregates());
        this.remembersKeys = features.aggregates().keyed().stream().anyMatch(KeyedPlan::countsOutcomes);
        this.outcomeDedupeMillis = Math.max(config.dedupe().toMillis(), config.outcomeMemory().toMillis());
        this.outlierFilter = new OutlierFilter(config.outliers());
        this.suppressor = new AlertSuppressor(config.alertSuppression());
    }

    public UserState newUser() {
        return new UserState(features.aggregates());
    }

    public UserState fromBytes(byte[] state) {
        return UserState.fromBytes(features.aggregates(), history, state);
    }

    /** Takes one event of the user; changes {@code state} unless the event is a repeat. */
    public Verdict process(UserState state, BehaviorEvent event, long brokerTimeMillis) {
        long eventTime = event.getEventTime();
        long userTime = Math.max(state.newestAt, eventTime);
        boolean isFresh = state.recentIds.add(
                event.getEventId(), eventTime, state.newestAt, config.dedupe().toMillis(), config.dedupeMaxIds());
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

    /**
     * What an outcome changed.
     *
     * @param keys keys of the event that it is about, by keyed plan; null = it is about no event that is remembered
     */
    public record Learned(UserUpdate update, String[] keys) {}

    /** Takes an outcome, as an event of the type OUTCOME; nothing when it is a repeat. It is never late: truth takes its time. */
    public Optional<Learned> learn(UserState state, BehaviorEvent outcome, long brokerTimeMillis) {
        long time = outcome.getEventTime();
        state.outcomeIds = state.outcomeIds == null ? new RecentIds() : state.outcomeIds;
        boolean isFresh = state.outcomeIds.add(outcome.getEventId(), time, state.newestOutcomeAt,
                outcomeDedupeMillis, config.dedupeMaxIds());
        if (!isFresh) {
            return Optional.empty();
        }
        state.newestOutcomeAt = Math.max(state.newestOutcomeAt, time);
        state.version = nextVersion(state);
        state.updatedAt = Math.max(state.updatedAt, time);
        state.firstSeenAt = state.firstSeenAt == UserState.NEVER ? time : state.firstSeenAt;
        state.aggregates.add(outcome, state.updatedAt);
        String about = OutcomeDecoder.eventIdOf(outcome);
        String[] keys = about == null ? null : state.rememberedKeys.of(about);
        BehaviorEvent silence = silence(state, outcome.getUserId(), state.updatedAt);
        return Optional.of(new Learned(
                updated(UserUpdate.Cause.OUTCOME, state, state.version, silence, state.updatedAt, brokerTimeMillis), keys));
    }

    /** When profiles of silent users are published anew. */
    public RefreshSchedule refreshes() {
        return refreshes;
    }

    /**
     * The profile of a silent user as of {@code atMillis}; does not change him.
     *
     * @return nothing when no refresh takes place at that time
     */
    public Optional<UserUpdate> refresh(UserState state, String userId, long atMillis) {
        int number = refreshes.numberAt(state.fedAt(), atMillis);
        if (number == 0) {
            return Optional.empty();
        }
        return Optional.of(updated(UserUpdate.Cause.REFRESH, state, state.version + number, silence(state, userId, atMillis),
                atMillis, state.lastIngestedAt));
    }

    /**
     * Above those of all refreshes there may have been since the version before: which there were depends on how the streams
     * met, and the versions of events must not.
     */
    private static long nextVersion(UserState state) {
        return (state.version / VERSIONS_AN_UPDATE + 1) * VERSIONS_AN_UPDATE;
    }

    /** No event: what a vector takes of one is missing. */
    private static BehaviorEvent silence(UserState state, String userId, long atMillis) {
        return BehaviorEvent.newBuilder()
                .setEventId(state.lastEventId)
                .setUserId(userId)
                .setEventTime(atMillis)
                .build();
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
        UserUpdate.Cause cause =
                event.getEventTime() < state.newestAt ? UserUpdate.Cause.CORRECTION : UserUpdate.Cause.EVENT;
        state.version = nextVersion(state);
        state.events++;
        state.newestAt = userTime;
        state.updatedAt = Math.max(state.updatedAt, userTime);
        state.lastEventId = event.getEventId();
        state.lastIngestedAt = brokerTimeMillis;
        state.firstSeenAt = state.firstSeenAt == UserState.NEVER
                ? event.getEventTime()
                : Math.min(state.firstSeenAt, event.getEventTime());
        state.aggregates.add(event, state.updatedAt);
        rememberKeys(state, event);
        return updated(cause, state, state.version, event, state.updatedAt, brokerTimeMillis);
    }

    private void rememberKeys(UserState state, BehaviorEvent event) {
        if (!remembersKeys || config.outcomeMemoryEvents() == 0) {
            return;
        }
        List<KeyedPlan> plans = features.aggregates().keyed();
        String[] keys = new String[plans.size()];
        boolean hasKey = false;
        for (KeyedPlan plan : plans) {
            keys[plan.number()] = plan.countsOutcomes() ? plan.keyOf(event) : null;
            hasKey |= keys[plan.number()] != null;
        }
        if (hasKey) {
            state.rememberedKeys.add(event.getEventId(), event.getEventTime(), keys,
                    state.newestAt - config.outcomeMemory().toMillis(), config.outcomeMemoryEvents());
        }
    }

    private UserUpdate updated(UserUpdate.Cause cause, UserState state, long version, BehaviorEvent event, long nowMillis,
            long brokerTimeMillis) {
        AggregateValues values = state.aggregates.read(nowMillis);
        return new UserUpdate(
                cause,
                event.getUserId(),
                version,
                event.getEventId(),
                event.getType(),
                event.getEventTime(),
                brokerTimeMillis,
                state.firstSeenAt,
                nowMillis,
                state.events,
                state.quarantined,
                state.aggregates.countsSince(nowMillis),
                features.keysOf(event),
                values,
                features.extract(event, values));
    }
}
