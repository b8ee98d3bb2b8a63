package io.liveprofile.job;

import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.Progress;
import io.liveprofile.event.Topic;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.job.types.EncodedRecordTypeInfo;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.profile.ProfileEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.util.OutputTag;

/**
 * Sends each scored vector, and the profile it belongs to: at once, or the newest a user once in each coalescing interval.
 * What is being held is sent before a checkpoint barrier, so a snapshot holds nothing and loses nothing.
 *
 * <p>Vectors of the history are not sent: they are there to be learned, and what decides their labels lies in the history as
 * well, which the training job does not read, so each would be learned as negative.
 */
final class PublishOperator extends AbstractStreamOperator<EncodedRecord>
        implements OneInputStreamOperator<ScoredUpdate, EncodedRecord>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1L;

    static final OutputTag<EncodedRecord> SCORED_FEATURES =
            new OutputTag<>("scored-features", EncodedRecordTypeInfo.INSTANCE);

    private static final int LATENCIES = 4_096;

    private final ProfileJobConfig config;

    private transient Map<String, ScoredUpdate> held;
    private transient ProfileEncoder encoder;
    private transient Progress progress;
    private transient StreamRecord<EncodedRecord> reuse;
    private transient Histogram latency;
    /** Event times of the live stream; what is before them is of the history. */
    private transient EventSpan live;
    private transient Ledger ledger;

    PublishOperator(ProfileJobConfig config) {
        this.config = config;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), Counts.PROFILES, Counts.COALESCED,
                Counts.UNPUBLISHED, Counts.SET_ASIDE);
    }

    @Override
    public void open() throws Exception {
        super.open();
        FeaturePlan features = config.featurePlan();
        encoder = new ProfileEncoder(features.aggregates(), features.schema());
        TaskInfo task = getRuntimeContext().getTaskInfo();
        progress = new Progress(Long.MIN_VALUE, task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks());
        held = new LinkedHashMap<>();
        reuse = new StreamRecord<>(null);
        latency = getMetricGroup().addGroup(Ledger.GROUP)
                .histogram(Counts.LATENCY, new DescriptiveStatisticsHistogram(LATENCIES));
        live = config.liveSpan();
        if (isCoalescing()) {
            scheduleFlush();
        }
    }

    @Override
    public void processElement(StreamRecord<ScoredUpdate> element) {
        ScoredUpdate scored = element.getValue();
        if (isOfALiveEvent(scored)) { // else nothing was judged, or nobody can say what came of it
            encode(Counts.SET_ASIDE, scored, () -> encoder.scoredFeatures(scored, progress)).ifPresent(
                    vector -> output.collect(SCORED_FEATURES, new StreamRecord<>(vector, element.getTimestamp())));
        }
        if (!isCoalescing()) {
            publish(scored);
        } else if (held.put(scored.update().userId(), scored) != null) {
            ledger.of(Counts.COALESCED).inc();
        }
    }

    /** Behind it no vector of an event up to then is written, as nothing waits across a watermark in the stages before. */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        progress.setWatermark(mark.getTimestamp());
        super.processWatermark(mark);
    }

    @Override
    public void onProcessingTime(long time) {
        flush();
        scheduleFlush();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
        super.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        ledger.snapshot();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    /** One of the {@link Counts}; for tests. */
    long counted(String name) {
        return ledger.of(name).getCount();
    }

    /** How many profiles entered the latency; for tests. */
    long timed() {
        return latency.getCount();
    }

    private boolean isCoalescing() {
        return !config.coalesce().equals(Duration.ZERO);
    }

    private void scheduleFlush() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService().registerTimer(now + Math.max(1, config.coalesce().toMillis()), this);
    }

    private void flush() {
        held.values().forEach(this::publish);
        held.clear();
    }

    private boolean isOfALiveEvent(ScoredUpdate scored) {
        return scored.update().isOfAnEvent() && live.covers(scored.update().eventTime());
    }

    private void publish(ScoredUpdate scored) {
        EncodedRecord profile = encode(Counts.UNPUBLISHED, scored, () -> encoder.profile(scored)).orElse(null);
        if (profile == null) {
            return;
        }
        ledger.of(Counts.PROFILES).inc();
        if (isOfALiveEvent(scored)) { // the history has no latency
            latency.update(getProcessingTimeService().getCurrentProcessingTime() - scored.update().ingestedAt());
        }
        output.collect(reuse.replace(profile, scored.update().eventTime()));
    }

    /**
     * What cannot be written now, or is more than its topic takes, could not be after a restart either: it is counted as
     * {@code failed}, and all else goes on.
     */
    private Optional<EncodedRecord> encode(String failed, ScoredUpdate scored, Supplier<EncodedRecord> encoding) {
        try {
            EncodedRecord record = encoding.get();
            int bytes = record.key().length + record.value().length;
            if (bytes <= Topic.MAX_RECORD_BYTES) {
                return Optional.of(record);
            }
            ledger.of(failed).inc();
            LOG.warn("What became of an update at {} is not written: {} bytes, and its topic takes {}",
                    scored.update().updatedAt(), bytes, Topic.MAX_RECORD_BYTES);
            return Optional.empty();
        } catch (RuntimeException e) {
            ledger.of(failed).inc();
            LOG.warn("What became of an update at {} cannot be written: {}", scored.update().updatedAt(), HotStateOperator.place(e));
            return Optional.empty();
        }
    }
}
