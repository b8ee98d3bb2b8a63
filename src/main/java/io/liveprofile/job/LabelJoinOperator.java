package io.liveprofile.job;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.ingest.OutcomeDecoder;
import io.liveprofile.training.ExampleRecords;
import io.liveprofile.training.LabelJoin;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.LabeledExample;
import io.liveprofile.training.UserLabels;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Shell around {@link LabelJoin}: lets vectors wait for what comes of them and sends the examples.
 *
 * <p>Event time passes with the slower of vectors and facts, and stands still while no vector comes: when the profile job is
 * behind or down, its vectors are still to come, and what decides them must wait for them.
 *
 * <p>State by user pseudonym: one record as {@link UserLabels} writes it, bounded by {@code labels.max-waiting} and the join's facts; cleared when
 * nothing waits and nothing was taken or seen for twice the longest horizon, nor for the longest {@code every}.
 */
final class LabelJoinOperator extends HotStateOperator<TrainingExample, UserLabels>
        implements TwoInputStreamOperator<ScoredFeatures, IngestedRecord, TrainingExample> {
    private static final long serialVersionUID = 1L;

    private static final int VECTORS = 0;

    private final TrainingJobConfig config;

    private transient LabelPlan plan;
    private transient LabelJoin join;
    private transient ExampleRecords records;
    private transient FeatureSchema schema;
    /** One timer a user at most. */
    private transient InternalTimerService<VoidNamespace> timers;
    /** A line a subtask: its number, how many there are, and its watermark. */
    private transient ListState<long[]> reachedState;
    /** Event time that has passed, also before the snapshot: no watermark comes with one, and what was over then is over still. */
    private transient long reached;

    LabelJoinOperator(TrainingJobConfig config) {
        super("labels", config.hotBytes(),
                Counts.VECTORS, Counts.WAITED, Counts.NOT_JUDGED, Counts.LATE_VECTORS, Counts.REPEATED_VECTORS, Counts.CROWDED_OUT,
                Counts.OTHER_SCHEMA, Counts.LABEL_FACTS, Counts.LATE_FACTS, Counts.CROWDED_FACTS,
                Counts.EXAMPLES, Counts.POSITIVES);
        this.config = config;
    }

    @Override
    public void open() throws Exception {
        super.open();
        plan = config.labelPlan();
        join = new LabelJoin(plan, config.maxWaiting());
        records = new ExampleRecords(plan);
        schema = config.schema();
        timers = eventTimers("close-labels", this::close);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        reachedState = context.getOperatorStateStore().getUnionListState(
                new ListStateDescriptor<>("reached", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        reached = restored(reachedState.get());
    }

    /** Its own, where users are spread as they were; else the one that all subtasks had reached. */
    private long restored(Iterable<long[]> lines) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        long least = Long.MAX_VALUE;
        for (long[] line : lines) {
            if (line[0] == task.getIndexOfThisSubtask() && line[1] == task.getNumberOfParallelSubtasks()) {
                return line[2];
            }
            least = Math.min(least, line[2]);
        }
        return least == Long.MAX_VALUE ? Long.MIN_VALUE : least;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        TaskInfo task = getRuntimeContext().getTaskInfo();
        reachedState.update(List.of(new long[] {task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks(), reached}));
    }

    /** The end of the input is no time gone by. */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
            reached = Math.max(reached, mark.getTimestamp());
        }
        super.processWatermark(mark);
    }

    @Override
    UserLabels create(String userId) {
        return new UserLabels(plan);
    }

    @Override
    UserLabels read(String userId, byte[] bytes) {
        return UserLabels.fromBytes(plan, bytes);
    }

    @Override
    byte[] write(UserLabels user) {
        return user.toBytes();
    }

    @Override
    int memoryBytes(UserLabels user) {
        return user.memoryBytes();
    }

    @Override
    public void processElement1(StreamRecord<ScoredFeatures> element) throws Exception {
        ScoredFeatures scored = element.getValue();
        count(Counts.VECTORS);
        if (!scored.getSchemaHash().equals(schema.hash()) || scored.getVector().size() != schema.size()) {
            count(Counts.OTHER_SCHEMA);
            return;
        }
        UserLabels user = changed(scored.getUserId());
        Optional<LabelJoin.Taken> taken = change(scored.getUserId(), user,
                () -> join.add(user, records.prediction(scored), reached), () -> "a vector at " + scored.getAsOf());
        if (taken.isEmpty()) {
            return;
        }
        count(switch (taken.get()) {
            case YES -> Counts.WAITED;
            case NO_ROOM -> Counts.CROWDED_OUT;
            case NOT_ASKED -> Counts.NOT_JUDGED;
            case LATE -> Counts.LATE_VECTORS;
            case REPEATED -> Counts.REPEATED_VECTORS;
        });
        if (user.timerAt() == UserLabels.NEVER && join.canForget(user, reached)) {
            forget(scored.getUserId()); // nothing waits that would clear it
        } else {
            setTimer(scored.getUserId(), user);
        }
    }

    /** Events, and outcomes as events of their type; the profile job keeps what could not become one. */
    @Override
    public void processElement2(StreamRecord<IngestedRecord> element) throws Exception {
        BehaviorEvent event = element.getValue().getEvent();
        if (event == null || !join.concerns(event)) {
            return;
        }
        count(Counts.LABEL_FACTS);
        if (event.getEventTime() <= reached) {
            count(Counts.LATE_FACTS); // decides what is still undecided
        }
        UserLabels user = changed(event.getUserId());
        Optional<Boolean> isOfUse = change(event.getUserId(), user,
                () -> event.getType() == EventType.OUTCOME ? join.add(user, outcome(event)) : join.add(user, event),
                () -> element.getValue().getTopic() + " " + element.getValue().getPartition() + " offset "
                        + element.getValue().getOffset());
        if (isOfUse.isPresent()) {
            count(Counts.CROWDED_FACTS, join.dropCrowded(user));
            setTimer(event.getUserId(), user);
        }
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) throws Exception {
        if (input != VECTORS || status.isActive()) {
            super.processWatermarkStatus(status, input);
        }
    }

    private static LabeledOutcome outcome(BehaviorEvent event) {
        return new LabeledOutcome(event.getEventId(), event.getUserId(), event.getAttributes().get("label"),
                Double.parseDouble(event.getAttributes().get("value")), event.getEventTime(), OutcomeDecoder.eventIdOf(event));
    }

    /** Something is due. The end of the input is no time gone by. */
    private void close(InternalTimer<String, VoidNamespace> timer) throws IOException {
        long watermark = timers.currentWatermark();
        UserLabels user = changed(timer.getKey());
        user.setTimerAt(UserLabels.NEVER);
        long until = watermark == Watermark.MAX_WATERMARK.getTimestamp() ? timer.getTimestamp() : watermark;
        Optional<List<LabeledExample>> examples = change(timer.getKey(), user, () -> join.advance(user, until),
                () -> "closing labels at " + timer.getTimestamp());
        if (examples.isEmpty()) {
            setTimer(timer.getKey(), changed(timer.getKey()), until + plan.longestHorizonMillis()); // a later version may take it
            return;
        }
        for (LabeledExample example : examples.get()) {
            TrainingExample record = records.record(timer.getKey(), example);
            count(Counts.EXAMPLES);
            count(Counts.POSITIVES, example.labels().stream().anyMatch(LabeledExample.HeadLabel::isPositive) ? 1 : 0);
            output.collect(new StreamRecord<>(record, record.getKnownAt()));
        }
        if (join.canForget(user, until)) {
            forget(timer.getKey());
        } else {
            setTimer(timer.getKey(), user);
        }
    }

    private void setTimer(String userId, UserLabels user) {
        setTimer(userId, user, join.nextDue(user).orElseGet(() -> join.forgetAt(user)));
    }

    private void setTimer(String userId, UserLabels user, long next) {
        if (next == UserLabels.NEVER || user.timerAt() != UserLabels.NEVER && user.timerAt() <= next) {
            return;
        }
        setCurrentKey(userId);
        if (user.timerAt() != UserLabels.NEVER) {
            timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, user.timerAt());
        }
        user.setTimerAt(next);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, next);
    }
}
