package io.liveprofile.inference;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.model.FeatureStability;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Scores every update, in order, in micro-batches, each by the release of its time ({@link ServingReleases}). A release that is
 * announced is loaded in the background and scores from the moment at which it is ready; one that cannot be used is refused, one
 * that cannot be read now is tried again, and those that score go on ({@link ReleaseTurnover}). Rows wait in memory until the batch
 * is full or its time is up, and never across a checkpoint barrier, a watermark or the end of input: a snapshot holds no row, so
 * none is lost or repeated.
 *
 * <p>A job that starts scores all, also what is of before its newest release. One that finds no release lets each update go on
 * unscored, also later those of before the activation of the first one. Rows in = {@code scored} + {@code unscored} + rows that
 * wait; both counts are operator state and after a failure stand where the checkpoint stood. So are the ids of the releases that
 * score, and from when on there were any: they, and what was announced since, are loaded before the first row. So a row that comes
 * again meets the release that it met first, or none again, unless that was taken late ({@code release-swaps-late}): after rows of
 * its time had gone out without it. A row that is behind the activation of two releases may meet the older or the oldest of those
 * that are kept.
 */
public final class ScoreOperator extends AbstractStreamOperator<ScoredUpdate>
        implements TwoInputStreamOperator<UserUpdate, ModelRelease, ScoredUpdate> {
    private static final long serialVersionUID = 1L;
    private static final int HISTOGRAM_BATCHES = 1_000;

    /** Names of the counts, which are metric names: never renamed. */
    public static final String SCORED = "scored";
    public static final String UNSCORED = "unscored";
    public static final String SWAPS = "release-swaps";
    /** Of the swaps, those to a release that should have scored rows which had gone out before it was there. */
    public static final String LATE_SWAPS = "release-swaps-late";
    public static final String REFUSED = "releases-refused";
    public static final String RAISED = "alerts";
    /** Since the task began. */
    public static final String BATCHES = "score-batches";
    public static final String EXPLAINED_ROWS = "score-explained-rows";
    /** Histograms. */
    public static final String BATCH_ROWS = "score-batch-rows";
    public static final String BATCH_MICROS = "score-batch-micros";
    public static final String LOAD_MILLIS = "release-load-millis";
    /** Largest population stability index of a feature, how many are above {@link FeatureStability#LARGE}, vectors compared. */
    public static final String STABILITY_LARGEST = "feature-psi-largest";
    public static final String FEATURES_SHIFTED = "features-shifted";
    public static final String STABILITY_VECTORS = "feature-psi-vectors";
    /** The release that scored the newest event, by its number, 0 = none: for who shows no texts. */
    public static final String RELEASE_NUMBER = "release-number";
    /** Text: the release that scored the newest event; empty = none. */
    public static final String RELEASE = "release";

    /** Releases that cannot be used, and how far the features are from what the newest was trained on. */
    public static final OutputTag<ModelEvaluation> EVALUATIONS =
            new OutputTag<>("model-evaluations", new AvroTypeInfo<>(ModelEvaluation.class));

    /** What the model thinks likely, and why. */
    public static final OutputTag<RiskAlert> ALERTS = new OutputTag<>("score-alerts", new AvroTypeInfo<>(RiskAlert.class));

    private final ReleaseLoader loader;
    private final AnnouncedReleases announced;
    private final MicroBatching batching;
    private final ScoreAlerts alerts;
    private final ExplainedShare explained;
    private final StabilityWindow stabilityWindow;

    /** Ids of the releases that score; those of all subtasks together. Few, as few are kept. */
    private transient ListState<String> servingIds;
    /** Ids of the newest releases that were refused, but for those with which nothing is wrong. */
    private transient ListState<String> refusedIds;
    /**
     * A line a subtask: its watermark, the largest time of a row that has gone out, and event time from which rows are scored, as
     * {@link ReleaseTurnover.Known} has it. In savepoints of before the third all were scored once there was a release.
     */
    private transient ListState<long[]> progress;
    private transient ReleaseTurnover releases;
    /** For the metric, which another thread reads. */
    private transient volatile String scoring;
    /** Empty at each barrier. */
    private transient WaitingRows waiting;
    /** Processing time of the oldest waiting row, ms. */
    private transient long waitingSince;
    private transient boolean timerSet;
    /** Event time that has passed, ms UTC, also before the snapshot. */
    private transient long watermark;
    /** Largest time of a row that has gone out, ms UTC. */
    private transient long sentTo;

    private transient StabilityWatch stability;
    private transient Ledger ledger;
    private transient Counter batches;
    private transient Counter explainedRows;
    private transient Histogram batchRows;
    private transient Histogram batchMicros;
    private transient Histogram loadMillis;

    /**
     * @param announced what the second input has brought before the task began, and will bring again where it begins anew
     * @param explained which updates carry their reasons, whether they raise an alert or not
     * @param stabilityWindow how many vectors are compared with what the release was trained on
     */
    public ScoreOperator(ReleaseLoader loader, AnnouncedReleases announced, MicroBatching batching, ScoreAlerts alerts,
            ExplainedShare explained, StabilityWindow stabilityWindow) {
        this.loader = loader;
        this.announced = announced;
        this.batching = batching;
        this.alerts = alerts;
        this.explained = explained;
        this.stabilityWindow = stabilityWindow;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), SCORED, UNSCORED, SWAPS, LATE_SWAPS, REFUSED,
                RAISED);
        OperatorStateStore states = context.getOperatorStateStore();
        servingIds = states.getUnionListState(new ListStateDescriptor<>("releases", Types.STRING));
        refusedIds = states.getUnionListState(new ListStateDescriptor<>("releases-refused", Types.STRING));
        progress = states.getUnionListState(
                new ListStateDescriptor<>("progress", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup group = getMetricGroup().addGroup(Ledger.GROUP);
        batches = group.counter(BATCHES);
        explainedRows = group.counter(EXPLAINED_ROWS);
        batchRows = group.histogram(BATCH_ROWS, new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
        batchMicros = group.histogram(BATCH_MICROS, new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
        loadMillis = group.histogram(LOAD_MILLIS, new DescriptiveStatisticsHistogram(HISTOGRAM_BATCHES));
        waiting = new WaitingRows(batching.maxRows());
        timerSet = false;
        watermark = Long.MIN_VALUE;
        sentTo = Long.MIN_VALUE;
        releases = new ReleaseTurnover(loader, new Turnover());
        begin();
        scoring = "";
        stability = new StabilityWatch(stabilityWindow, subtask(), group);
        group.gauge(RELEASE, (Gauge<String>) () -> scoring);
        group.gauge(RELEASE_NUMBER, (Gauge<Integer>) () -> scoring.isEmpty() ? 0 : Integer.parseInt(scoring.substring(1)));
        LOG.info("Scoring with {}", releases.newest().isEmpty() ? "no release: profiles carry no predictions" : releases.newest());
    }

    private void begin() throws Exception {
        Set<String> serving = new TreeSet<>();
        servingIds.get().forEach(serving::add);
        Set<String> refused = new TreeSet<>();
        refusedIds.get().forEach(refused::add);
        long passed = Long.MAX_VALUE;
        long scoredFrom = Long.MAX_VALUE;
        boolean isNew = true;
        for (long[] line : progress.get()) {
            isNew = false;
            passed = Math.min(passed, line[0]);
            sentTo = Math.max(sentTo, line[1]);
            long began = serving.isEmpty() ? ServingReleases.NONE_YET : Long.MIN_VALUE;
            scoredFrom = Math.min(scoredFrom, line.length > 2 ? line[2] : began);
        }
        watermark = isNew ? Long.MIN_VALUE : passed;
        releases.begin(new ReleaseTurnover.Known(serving, refused, watermark, isNew ? Long.MIN_VALUE : scoredFrom),
                announced.untilNow());
    }

    /** An announced release. */
    @Override
    public void processElement2(StreamRecord<ModelRelease> element) {
        releases.announce(element.getValue());
        releases.takeLoaded();
    }

    @Override
    public void processElement1(StreamRecord<UserUpdate> element) {
        releases.takeLoaded();
        if (waiting.isEmpty()) {
            if (releases.of(element.getValue().updatedAt()) == null) { // at once, as it would wait for nothing
                output.collect(element.replace(unscored(element.getValue())));
                return;
            }
            waitingSince = getProcessingTimeService().getCurrentProcessingTime();
            setTimer();
        }
        waiting.add(element);
        if (waiting.isFull()) {
            flush();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) { // the end of the input is no time gone by
            watermark = Math.max(watermark, mark.getTimestamp());
            releases.advanceTo(watermark);
        }
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
        servingIds.update(releases.serving());
        refusedIds.update(releases.refused());
        progress.update(List.of(new long[] {watermark, sentTo, releases.scoredFrom()}));
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (releases != null) {
            releases.close();
            releases = null;
        }
        super.close();
    }

    /** Counts, tells and logs what becomes of releases. */
    private final class Turnover implements ReleaseTurnover.Listener {
        @Override
        public void willChange() {
            flush();
        }

        @Override
        public void isTaken(Scorer scorer, long millis) {
            ledger.of(SWAPS).inc();
            if (scorer.activeFrom() <= sentTo) {
                ledger.of(LATE_SWAPS).inc();
            }
            loadMillis.update(millis);
            LOG.info("Release {} scores events from {} on, loaded in {} ms", scorer.releaseId(), scorer.activeFrom(), millis);
        }

        @Override
        public void isRefused(String id, long eventTime, RuntimeException why) {
            ledger.of(REFUSED).inc();
            LOG.warn("Release {} is not used: {}", id, why.getMessage());
            evaluate(new ModelEvaluation(EvaluationKind.REFUSED + ":" + id + ":" + subtask(),
                    EvaluationKind.REFUSED, eventTime, null, id, null, List.of(String.valueOf(why.getMessage())), Map.of()));
        }
    }

    private void evaluate(ModelEvaluation evaluation) {
        output.collect(EVALUATIONS, new StreamRecord<>(evaluation));
    }

    private int subtask() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
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
        ScoredUpdate[] scored = new ScoredUpdate[waiting.size()];
        long start = System.nanoTime();
        for (int first = nextOpen(scored, 0); first < scored.length; first = nextOpen(scored, first)) {
            Scorer scorer = releases.of(waiting.get(first).updatedAt());
            if (scorer == null) {
                scored[first] = unscored(waiting.get(first));
            } else {
                score(scorer, first, scored);
            }
        }
        batchMicros.update((System.nanoTime() - start) / 1_000);
        batchRows.update(scored.length);
        batches.inc();
        Scorer ofNewest = releases.of(sentTo);
        scoring = ofNewest == null ? "" : ofNewest.releaseId();
        waiting.release(scored, output::collect);
    }

    private static int nextOpen(ScoredUpdate[] scored, int from) {
        int next = from;
        while (next < scored.length && scored[next] != null) {
            next++;
        }
        return next;
    }

    /** Scores the rows from {@code first} on that are this release's, in one call. */
    private void score(Scorer scorer, int first, ScoredUpdate[] scored) {
        int[] rows = IntStream.range(first, scored.length)
                .filter(i -> scored[i] == null && releases.of(waiting.get(i).updatedAt()) == scorer)
                .toArray();
        float[][] vectors = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            vectors[i] = waiting.get(rows[i]).vector();
        }
        Scores scores = scorer.score(vectors);
        for (int i = 0; i < rows.length; i++) {
            sentTo = Math.max(sentTo, waiting.get(rows[i]).updatedAt());
            scored[rows[i]] = new ScoredUpdate(waiting.get(rows[i]), scorer.releaseId(), scorer.heads(),
                    scores.probabilities()[i], scores.embeddings()[i]);
            stability.add(scorer, waiting.get(rows[i])).ifPresent(this::evaluate);
        }
        ledger.of(SCORED).inc(rows.length);
        explain(scorer, rows, scored);
    }

    private ScoredUpdate unscored(UserUpdate update) {
        sentTo = Math.max(sentTo, update.updatedAt());
        ledger.of(UNSCORED).inc();
        return ScoredUpdate.unscored(update);
    }

    /** One call for all rows of a batch that raise an alert or are to say why; none when there are none. */
    private void explain(Scorer scorer, int[] rows, ScoredUpdate[] scored) {
        int[] due = Arrays.stream(rows).filter(row -> alerts.isDue(scored[row]) || explained.includes(scored[row].update())).toArray();
        if (due.length == 0) {
            return;
        }
        Explanation explanation = scorer.explain(
                Arrays.stream(due).mapToObj(row -> scored[row].update().vector()).toArray(float[][]::new));
        explainedRows.inc(due.length);
        for (int i = 0; i < due.length; i++) {
            ScoredUpdate each = scored[due[i]];
            for (RiskAlert alert : alerts.of(each, explanation, i)) {
                ledger.of(RAISED).inc();
                output.collect(ALERTS, new StreamRecord<>(alert, each.update().eventTime()));
            }
            if (explained.includes(each.update())) {
                scored[due[i]] = each.because(Reasons.ofEachHead(explanation, i));
            }
        }
    }
}
