package io.liveprofile.job;

import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.PlanHistory;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.KeyedEvent;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.ingest.OutcomeDecoder;
import io.liveprofile.job.types.KeyedEventTypeInfo;
import io.liveprofile.metrics.DropReasons;
import io.liveprofile.profile.RefreshSchedule;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Shell around {@link UserProfiler}: fetches the user, lets the profiler decide, sends what became of the event. One read
 * and one write of one state record an event at most, none while the user is hot.
 *
 * <p>State by user pseudonym: one record as {@link UserState} writes it, bounded by it. Kept for the user's lifetime.
 */
final class UserUpdateOperator extends HotStateOperator<UserUpdate, UserState>
        implements OneInputStreamOperator<IngestedRecord, UserUpdate> {
    private static final long serialVersionUID = 1L;

    static final OutputTag<LateEvent> LATE = new OutputTag<>("late-events", new AvroTypeInfo<>(LateEvent.class));
    static final OutputTag<QuarantinedEvent> QUARANTINE =
            new OutputTag<>("quarantine", new AvroTypeInfo<>(QuarantinedEvent.class));
    /** Counted events on their way to their other keys. */
    static final OutputTag<KeyedEvent> KEYED_EVENTS = new OutputTag<>("keyed-events", KeyedEventTypeInfo.INSTANCE);
    static final OutputTag<RiskAlert> ALERTS = new OutputTag<>("risk-alerts", new AvroTypeInfo<>(RiskAlert.class));

    /** Of an event on which domain code threw. */
    private static final Reason SET_ASIDE = new Reason("processing-failed", "", 0.0, 0.0, "the job cannot take this event");

    /** Of an outcome for which there was no room beside those of its user that wait for their time. */
    private static final Reason TOO_MANY_HELD = new Reason(
            "too-many-held", "", 0.0, (double) HeldOutcomes.MOST, "so many outcomes of the user wait for their time already");

    private final ProfileJobConfig config;

    /** What {@link PlanHistory} writes; one element, of the first subtask. */
    private transient ListState<byte[]> plans;

    private transient PlanHistory history;
    private transient UserProfiler profiler;
    private transient RefreshSchedule refreshes;
    private transient List<KeyedPlan> keyedPlans;
    private transient InternalTimerService<VoidNamespace> alertTimers;
    private transient HeldOutcomes heldOutcomes;
    private transient InternalTimerService<VoidNamespace> outcomeTimers;
    /** One timer a user at most. */
    private transient InternalTimerService<VoidNamespace> refreshTimers;
    private transient StreamRecord<UserUpdate> reuse;
    private transient DropReasons quarantineReasons;
    private transient DropReasons outcomeReasons;

    UserUpdateOperator(ProfileJobConfig config) {
        super("users", config.hotBytes(),
                Counts.DUPLICATES, Counts.LATE, Counts.QUARANTINED, Counts.PROFILED, Counts.CORRECTIONS, Counts.REFRESHED,
                Counts.FAILED_EXPRESSIONS, Counts.LEARNED, Counts.REPEATED_OUTCOMES, Counts.UNMATCHED_OUTCOMES,
                Counts.OUTCOME_DEAD_LETTERS, Counts.USERS, Counts.ALERTS);
        this.config = config;
    }

    private static ListStateDescriptor<byte[]> plansDescriptor() {
        return new ListStateDescriptor<>("plans", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        heldOutcomes = new HeldOutcomes(context.getKeyedStateStore());
        plans = context.getOperatorStateStore().getUnionListState(plansDescriptor());
        history = new PlanHistory();
        for (byte[] known : plans.get()) {
            history.addAll(known);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        FeaturePlan features = config.featurePlan();
        history.add(features.aggregates());
        keyedPlans = features.aggregates().keyed();
        profiler = new UserProfiler(config.profiler(), features, history);
        refreshes = profiler.refreshes();
        alertTimers = eventTimers("close-alerts", this::closeAlerts);
        outcomeTimers = eventTimers("learn-outcomes", this::learnHeld);
        refreshTimers = eventTimers("refresh-users", this::refresh);
        reuse = new StreamRecord<>(null);
        quarantineReasons = new DropReasons(getMetricGroup(), Counts.QUARANTINED, Counts.DROPPED);
        outcomeReasons = new DropReasons(getMetricGroup(), Counts.OUTCOME_DEAD_LETTERS, Counts.DROPPED);
    }

    @Override
    UserState create(String userId) {
        return profiler.newUser();
    }

    @Override
    UserState read(String userId, byte[] bytes) {
        return profiler.fromBytes(bytes);
    }

    @Override
    byte[] write(UserState user) {
        return user.toBytes();
    }

    @Override
    int memoryBytes(UserState user) {
        return user.memoryBytes();
    }

    @Override
    public void processElement(StreamRecord<IngestedRecord> element) throws Exception {
        IngestedRecord record = element.getValue();
        if (record.getEvent().getType() == EventType.OUTCOME) {
            learnInTime(record);
        } else {
            judge(record);
        }
    }

    private void judge(IngestedRecord record) throws IOException {
        String userId = record.getEvent().getUserId();
        UserState user = changed(userId);
        boolean isNew = user.isNew();
        long refreshAt = nextRefresh(user);
        Verdict verdict = change(userId, user, () -> profiler.process(user, record.getEvent(), record.getBrokerTime()),
                () -> placeOf(record)).orElse(null);
        if (verdict == null) {
            count(Counts.QUARANTINED);
            quarantineReasons.count(SET_ASIDE.getCode());
            setAside(record, SET_ASIDE);
            return;
        }
        count(Counts.USERS, isNew ? 1 : 0);
        if (verdict instanceof Verdict.Profiled profiled) {
            count(Counts.PROFILED);
            if (profiled.update().isCorrection()) {
                count(Counts.CORRECTIONS);
            }
            output.collect(reuse.replace(profiled.update(), record.getEvent().getEventTime()));
            for (KeyedPlan plan : keyedPlans) {
                sendToKey(plan, plan.keyOf(record.getEvent()), profiled.update().version(), record.getEvent());
            }
            raise(userId, profiled.alerts());
            countFailures(user);
            keepRefreshAhead(user, userId, refreshAt);
        } else if (verdict instanceof Verdict.Quarantined quarantined) {
            count(Counts.QUARANTINED);
            quarantined.reasons().forEach(reason -> quarantineReasons.count(reason.getCode()));
            output.collect(QUARANTINE, new StreamRecord<>(new QuarantinedEvent(
                    record.getEvent(), quarantined.reasons(), record.getTopic(), record.getPartition(), record.getOffset())));
            raise(userId, quarantined.alerts());
        } else if (verdict instanceof Verdict.Late late) {
            count(Counts.LATE);
            output.collect(LATE, new StreamRecord<>(new LateEvent(
                    record.getEvent(),
                    late.userTime(),
                    late.userTime() - record.getEvent().getEventTime(),
                    record.getTopic(),
                    record.getPartition(),
                    record.getOffset())));
        } else {
            count(Counts.DUPLICATES);
        }
    }

    private void dropOutcome(IngestedRecord outcome, Reason reason) {
        count(Counts.OUTCOME_DEAD_LETTERS);
        outcomeReasons.count(reason.getCode());
        setAside(outcome, reason);
    }

    private void setAside(IngestedRecord record, Reason reason) {
        output.collect(QUARANTINE, new StreamRecord<>(new QuarantinedEvent(
                record.getEvent(), List.of(reason), record.getTopic(), record.getPartition(), record.getOffset())));
    }

    private static String placeOf(IngestedRecord record) {
        return record.getTopic() + " " + record.getPartition() + " offset " + record.getOffset();
    }

    private void learnInTime(IngestedRecord record) throws Exception {
        if (record.getEvent().getEventTime() <= outcomeTimers.currentWatermark()) {
            learn(record);
        } else {
            setCurrentKey(record.getEvent().getUserId());
            if (!heldOutcomes.hold(record, outcomeTimers)) {
                dropOutcome(record, TOO_MANY_HELD);
            }
        }
    }

    /** What is known of the user from now on. */
    private void learnHeld(InternalTimer<String, VoidNamespace> timer) throws Exception {
        for (IngestedRecord outcome : heldOutcomes.release(timer.getTimestamp())) {
            learn(outcome);
        }
    }

    private void learn(IngestedRecord record) throws IOException {
        BehaviorEvent outcome = record.getEvent();
        UserState user = changed(outcome.getUserId());
        boolean isNew = user.isNew();
        long refreshAt = nextRefresh(user);
        Optional<Optional<UserProfiler.Learned>> taken = change(outcome.getUserId(), user,
                () -> profiler.learn(user, outcome, record.getBrokerTime()), () -> placeOf(record));
        if (taken.isEmpty()) {
            dropOutcome(record, SET_ASIDE);
            return;
        }
        count(Counts.USERS, isNew ? 1 : 0);
        Optional<UserProfiler.Learned> learned = taken.get();
        if (learned.isEmpty()) {
            count(Counts.REPEATED_OUTCOMES);
            return;
        }
        count(Counts.LEARNED);
        output.collect(reuse.replace(learned.get().update(), outcome.getEventTime()));
        countFailures(user);
        keepRefreshAhead(user, outcome.getUserId(), refreshAt);
        String[] keys = learned.get().keys();
        if (keys == null && OutcomeDecoder.eventIdOf(outcome) != null) {
            count(Counts.UNMATCHED_OUTCOMES);
        }
        for (int plan = 0; keys != null && plan < keys.length; plan++) {
            sendToKey(keyedPlans.get(plan), keys[plan], KeyedEvent.NOBODY_WAITS, outcome);
        }
    }

    /** The suppression time of one of the user's alerts is over. */
    private void closeAlerts(InternalTimer<String, VoidNamespace> timer) throws IOException {
        UserState user = changed(timer.getKey());
        change(timer.getKey(), user, () -> profiler.reportAlerts(user, timer.getKey(), timer.getTimestamp()),
                () -> "closing alerts at " + timer.getTimestamp())
                .ifPresent(closed -> raise(timer.getKey(), closed));
    }

    /** The user may have been silent for long. Reads and changes nothing. The end of the input is no time gone by. */
    private void refresh(InternalTimer<String, VoidNamespace> timer) throws IOException {
        if (refreshTimers.currentWatermark() == Watermark.MAX_WATERMARK.getTimestamp()) {
            return;
        }
        UserState user = peek(timer.getKey());
        change(timer.getKey(), user, () -> profiler.refresh(user, timer.getKey(), timer.getTimestamp()),
                () -> "refreshing a user at " + timer.getTimestamp()).flatMap(refreshed -> refreshed).ifPresent(update -> {
            count(Counts.REFRESHED);
            output.collect(reuse.replace(update, update.eventTime()));
            countFailures(user);
        });
        registerRefresh(timer.getKey(), refreshes.next(user.fedAt(), timer.getTimestamp()));
    }

    /**
     * Event time of the user's timer, or NEVER: the one that an event set, or where that has fired the next of the schedule.
     * After a restore, before there is a watermark, one that has fired is taken for set.
     */
    private long nextRefresh(UserState user) {
        long at = user.refreshAt();
        while (at != RefreshSchedule.NEVER && at <= refreshTimers.currentWatermark()) {
            at = refreshes.next(user.fedAt(), at);
        }
        return at;
    }

    /**
     * Moves the timer of a user who came again: one that is set for a longer silence would fire too late, and one that would
     * fire soon would find that he was not silent, and read him if he is cold by then. Not at each event, as a move is two
     * writes of state.
     *
     * @param setAt event time of his timer, or NEVER
     */
    private void keepRefreshAhead(UserState user, String userId, long setAt) {
        long next = refreshes.first(user.fedAt());
        if (next == RefreshSchedule.NEVER) {
            return;
        }
        if (setAt != RefreshSchedule.NEVER) {
            long early = next - setAt;
            boolean isKnown = refreshTimers.currentWatermark() > Long.MIN_VALUE;
            if (isKnown && early >= 0 && early < refreshes.refreshMillis() / 8 * 7) {
                user.setRefreshAt(setAt);
                return;
            }
            setCurrentKey(userId);
            refreshTimers.deleteEventTimeTimer(VoidNamespace.INSTANCE, setAt);
        }
        user.setRefreshAt(next);
        registerRefresh(userId, next);
    }

    private void registerRefresh(String userId, long atMillis) {
        if (atMillis != RefreshSchedule.NEVER) {
            setCurrentKey(userId);
            refreshTimers.registerEventTimeTimer(VoidNamespace.INSTANCE, atMillis);
        }
    }

    private void countFailures(UserState user) {
        count(Counts.FAILED_EXPRESSIONS, user.takeFailedExpressions());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        boolean isFirst = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        plans.update(isFirst ? List.of(history.toBytes()) : List.of());
    }

    /** @param key null = there is none */
    private void sendToKey(KeyedPlan plan, String key, long version, BehaviorEvent event) {
        if (key != null) {
            output.collect(KEYED_EVENTS, new StreamRecord<>(
                    new KeyedEvent(plan.number(), plan.partitionOf(key), version, event), event.getEventTime()));
        }
    }

    private void raise(String userId, List<RiskAlert> alerts) {
        if (!alerts.isEmpty()) {
            setCurrentKey(userId);
        }
        for (RiskAlert alert : alerts) {
            count(Counts.ALERTS);
            output.collect(ALERTS, new StreamRecord<>(alert));
            if (!alert.getClosed()) {
                alertTimers.registerEventTimeTimer(VoidNamespace.INSTANCE, profiler.closesAt(alert));
            }
        }
    }
}
