package io.liveprofile.inference;

import io.liveprofile.feature.UserUpdate;
import io.liveprofile.metrics.Ledger;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Scores every update, in order, in micro-batches. Rows wait in memory until the batch is full or its time is up, and
 * never across a checkpoint barrier, a watermark or the end of input: a snapshot holds no row, so none is lost or repeated.
 *
 * <p>Without a release each update goes on at once, unscored. Rows in = {@code scored} + {@code unscored} + rows that wait;
 * both counts are operator state and after a failure stand where the checkpoint stood.
 */
public final class ScoreOperator extends AbstractStreamOperator<ScoredUpdate>
        implements OneInputStreamOperator<UserUpdate, ScoredUpdate> {
    private static final long serialVersionUID = 1L;
    private static final int HISTOGRAM_BATCHES = 1_000;
    private static final String SCORED = "scored";
    private static final String UNSCORED = "unscored";

    private final ScorerFactory factory;
    private final MicroBatching batching;

    private transient Scorer scorer;
    /** Bounded by {@code maxRows}; empty at each barrier. */
    private transient List<UserUpdate> waiting;
    /** Record timestamps of {@code waiting}; anything where a record has none. */
    private transient long[] timestamps;
    private transient boolean[] hasTimestamp;
    /** Processing time of the oldest waiting row, ms. */
    private transient long waitingSince;
    private transient boolean timerSet;
    private transient StreamRecord<ScoredUpdate> reuse;

    private transient Ledger ledger;
    private transient Counter batches;
    private transient Histogram batchRows;
    private transient Histogram batchMicros;

    public ScoreOperator(ScorerFactory factory, MicroBatching batching) {
        this.factory = factory;
        this.batching = batching;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), SCORED, UNSCORED);
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup group = getMetricGroup().addGroup(Ledger.GROUP);
        batches = group.counter("score-batches");
        batchRows = group.histogram("score-batch-rows", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
        batchMicros = group.histogram("score-batch-micros", new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
        waiting = new ArrayList<>(batching.maxRows());
        timestamps = new long[batching.maxRows()];
        hasTimestamp = new boolean[batching.maxRows()];
        reuse = new StreamRecord<>(null);
        timerSet = false;
        scorer = factory.open().orElse(null);
        String release = scorer == null ? "" : scorer.releaseId();
        group.gauge("release", (Gauge<String>) () -> release);
        LOG.info("Scoring with {}", scorer == null ? "no release: profiles carry no predictions" : scorer.releaseId());
    }

    @Override
    public void processElement(StreamRecord<UserUpdate> element) {
        if (scorer == null) {
            ledger.of(UNSCORED).inc();
            output.collect(element.replace(ScoredUpdate.unscored(element.getValue())));
            return;
        }
        if (waiting.isEmpty()) {
            waitingSince = getProcessingTimeService().getCurrentProcessingTime();
            setTimer();
        }
        hasTimestamp[waiting.size()] = element.hasTimestamp();
        timestamps[waiting.size()] = element.hasTimestamp() ? element.getTimestamp() : 0;
        waiting.add(element.getValue());
        if (waiting.size() >= batching.maxRows()) {
            flush();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
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

    @Override
    public void close() throws Exception {
        if (scorer != null) {
            scorer.close();
            scorer = null;
        }
        super.close();
    }

    /** One timer at a time: a full batch leaves it running, and it then looks at the batch that waits by then. */
    private void setTimer() {
        if (!timerSet) {
            timerSet = true;
            getProcessingTimeService().registerTimer(waitingSince + batching.maxWait().toMillis(), this::onTimer);
        }
    }

    private void onTimer(long now) {
        timerSet = false;
        if (waiting.isEmpty()) {
            return;
        }
        if (waitingSince + batching.maxWait().toMillis() <= now) {
            flush();
        } else {
            setTimer();
        }
    }

    private void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        float[][] vectors = new float[waiting.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = waiting.get(i).vector();
        }
        long start = System.nanoTime();
        Scores scores = scorer.score(vectors);
        batchMicros.update((System.nanoTime() - start) / 1_000);
        batchRows.update(vectors.length);
        batches.inc();
        ledger.of(SCORED).inc(vectors.length);
        String release = scorer.releaseId();
        List<String> heads = scorer.heads();
        for (int i = 0; i < vectors.length; i++) {
            ScoredUpdate update = new ScoredUpdate(
                    waiting.get(i), release, heads, scores.probabilities()[i], scores.embeddings()[i]);
            reuse.replace(update);
            if (hasTimestamp[i]) {
                reuse.setTimestamp(timestamps[i]);
            } else {
                reuse.eraseTimestamp();
            }
            output.collect(reuse);
        }
        waiting.clear();
    }
}
