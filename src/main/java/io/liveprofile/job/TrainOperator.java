package io.liveprofile.job;

import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.training.ExampleRecords;
import io.liveprofile.training.Finding;
import io.liveprofile.training.FindingRecords;
import io.liveprofile.training.OnlineTrainer;
import io.liveprofile.training.OtherModelException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Shell around {@link OnlineTrainer}: hands it the examples of all users in order of the time at which they became known, and
 * sends what it finds out. One subtask, as there is one model.
 *
 * <p>Operator state: the trainer as it writes itself, weights and moments included, and the examples that event time has not
 * passed. A release that was written after the last checkpoint is written again, under another id and with the same weights.
 */
final class TrainOperator extends AbstractStreamOperator<ModelEvaluation>
        implements OneInputStreamOperator<TrainingExample, ModelEvaluation> {
    private static final long serialVersionUID = 1L;

    static final OutputTag<ModelRelease> RELEASES = new OutputTag<>("model-releases", new AvroTypeInfo<>(ModelRelease.class));

    private final TrainingJobConfig config;

    /** In pieces, in order: there is one subtask. */
    private transient ListState<byte[]> trainerState;
    private transient ListState<byte[]> waitingState;
    private transient boolean isRestored;

    private transient SingleObject<TrainingExample> encoding;
    private transient String schemaHash;
    private transient StoredReleases releases;
    private transient ExampleRecords records;
    private transient FindingRecords findings;
    private transient OnlineTrainer trainer;
    private transient PriorityQueue<TrainingExample> waiting;
    /** For the metric, which another thread reads. */
    private transient volatile double takenShare;
    private transient volatile int examplesWaiting;
    private transient Ledger ledger;

    TrainOperator(TrainingJobConfig config) {
        this.config = config;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        trainerState = context.getOperatorStateStore().getListState(
                new ListStateDescriptor<>("trainer", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        waitingState = context.getOperatorStateStore().getListState(
                new ListStateDescriptor<>("waiting", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        isRestored = context.isRestored();
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), Counts.TRAINED, Counts.RELEASED,
                Counts.ROLLED_BACK, Counts.GATE_TRIES, Counts.DRIFTS, Counts.OTHER_EXAMPLES);
    }

    @Override
    public void open() throws Exception {
        super.open();
        encoding = new SingleObject<>(TrainingExample.class);
        releases = new StoredReleases(config, getProcessingTimeService()::getCurrentProcessingTime);
        records = new ExampleRecords(config.labelPlan());
        findings = new FindingRecords();
        waiting = new PriorityQueue<>(Comparator.comparingLong(TrainingExample::getKnownAt)
                .thenComparing(TrainingExample::getExampleId));
        schemaHash = config.schema().hash();
        if (isRestored) {
            restore();
        } else {
            begin();
        }
        noteState();
        MetricGroup group = getMetricGroup().addGroup(Ledger.GROUP);
        group.gauge(Counts.TAKEN_SHARE, (Gauge<Double>) () -> takenShare);
        group.gauge(Counts.EXAMPLES_WAITING, (Gauge<Integer>) () -> examplesWaiting);
        group.gauge(Counts.CHAMPION, (Gauge<String>) this::champion);
    }

    @Override
    public void processElement(StreamRecord<TrainingExample> element) {
        if (element.getValue().getSchemaHash().equals(schemaHash) && !records.example(element.getValue()).labels().isEmpty()) {
            waiting.add(element.getValue());
        } else {
            ledger.of(Counts.OTHER_EXAMPLES).inc();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        boolean isEnd = mark.getTimestamp() == Watermark.MAX_WATERMARK.getTimestamp();
        while (!waiting.isEmpty() && waiting.peek().getKnownAt() <= mark.getTimestamp()) {
            TrainingExample example = waiting.remove();
            ledger.of(Counts.TRAINED).inc();
            tell(trainer.take(example.getUserId(), records.example(example)));
        }
        if (isEnd) {
            tell(trainer.flush());
        }
        noteState();
        super.processWatermark(mark);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        ledger.snapshot();
        PiecesOutputStream bytes = new PiecesOutputStream();
        trainer.write(new DataOutputStream(bytes));
        trainerState.update(bytes.pieces());
        waitingState.update(waiting.stream().map(encoding::encode).toList());
    }

    @Override
    public void close() throws Exception {
        if (trainer != null) {
            trainer.close();
            trainer = null;
        }
        super.close();
    }

    /** The release that it holds to serve; empty = none. */
    String champion() {
        OnlineTrainer now = trainer; // a reporter may ask after the end
        return now == null || now.championId() == null ? "" : now.championId();
    }

    /** One of the {@link Counts}; for tests. */
    long counted(String name) {
        return ledger.of(name).getCount();
    }

    /** For the metrics. */
    private void noteState() {
        takenShare = trainer.takenShare();
        examplesWaiting = waiting.size() + trainer.waitingLabels();
    }

    private void begin() {
        trainer = new OnlineTrainer(config.schema(), config.modelConfig(), config.labelPlan(), releases::newModel, releases);
        releases.beginWithTheNewest(trainer);
    }

    private void restore() throws Exception {
        begin();
        Iterable<byte[]> pieces = trainerState.get();
        if (pieces.iterator().hasNext()) {
            try {
                trainer.read(new DataInputStream(PiecesOutputStream.read(pieces)));
            } catch (OtherModelException e) {
                LOG.warn("Learning begins with the newest release, or from nothing: {}", e.getMessage());
            }
        }
        for (byte[] example : waitingState.get()) {
            processElement(new StreamRecord<>(encoding.decode(example)));
        }
    }

    private void tell(List<Finding> found) {
        for (Finding finding : found) {
            if (finding instanceof Finding.Released released) {
                ledger.of(released.isRollback() ? Counts.ROLLED_BACK : Counts.RELEASED).inc();
                output.collect(RELEASES, new StreamRecord<>(findings.release(released)));
            } else if (finding instanceof Finding.Gate) {
                ledger.of(Counts.GATE_TRIES).inc();
            } else if (finding instanceof Finding.Drift) {
                ledger.of(Counts.DRIFTS).inc();
            }
            output.collect(new StreamRecord<>(findings.evaluation(finding, trainer.knownAt())));
        }
    }
}
