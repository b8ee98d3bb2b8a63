package io.liveprofile.training;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ReleaseGate;
import io.liveprofile.model.ReleaseGate.Decision;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import io.liveprofile.training.WaitingExamples.Example;
import io.liveprofile.training.WaitingExamples.Use;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Learns from examples of most users, judges by those of the others ({@link HeldOutUsers}), and releases what has become better.
 *
 * <p>An example is judged when its horizon is over, positive or not, and learned when negatives of its age are
 * ({@link WaitingExamples}). It is judged by the model that learns, which is the challenger, the champion and the champion before
 * it as they are at that moment ({@link Judge}). The {@link ReleaseGate} releases a challenger that is better beyond chance, and
 * brings the predecessor back where that is; it is tried again when the last release is active.
 *
 * <p>Examples must come in order of the time at which they became known; equal examples give equal findings. Not thread-safe.
 */
public final class OnlineTrainer implements AutoCloseable {
    private static final int FORMAT = 5;
    /** Watched the means of the inputs and not what is missing of them. */
    private static final int FORMAT_WITHOUT_MISSING_SHARES = 4;
    /** Did not say when the last release is active. */
    private static final int FORMAT_WITHOUT_ACTIVATION = 3;
    /** Had the weights of champion and predecessor. */
    private static final int OLD_FORMAT = 2;
    /** How fast the estimated share of late positives follows. */
    private static final double LATE_SHARE_STEP = 0.01;

    /** The model store. */
    public interface Releases {
        /**
         * Writes a session's weights as a release.
         *
         * @param learnedFrom vectors that it has learned of late; nothing = those of {@code parent}, which it is again
         * @param metrics by name
         * @param knownAt event time up to which the model has learned, ms UTC
         */
        Manifest release(MlpSession session, String parent, Optional<FeatureDistribution> learnedFrom,
                Map<String, Double> metrics, long knownAt);

        /**
         * A release of before, to be closed by who asked; empty = it is not there any more, as where none is kept.
         *
         * @throws java.io.UncheckedIOException when it cannot be read now
         */
        default Optional<MlpSession> load(String id) {
            return Optional.empty();
        }
    }

    private record Taken(String user, LabeledExample example) {}

    private final ModelConfig config;
    private final LabelPlan labels;
    private final OnlineLearner learner;
    private final ExampleRecords records;
    private final Releases releases;
    private final FeatureSchema schema;
    private final HeldOutUsers heldOut;
    private final WaitingExamples waiting;
    private final Champions champions;
    private final TrainingDrift drift;
    private final Judge judge;
    /** Fewer than a batch. */
    private final List<Taken> taken = new ArrayList<>();
    /** To be learned as soon as they are a batch. */
    private final List<OnlineLearner.Row> ready = new ArrayList<>();
    /** By head: share of the positives that come after they were learned as negatives. */
    private final double[] lateShare;
    private long knownAt = Long.MIN_VALUE;
    /** Event time from which the last release scores, ms UTC: until then there is no other. */
    private long activeFrom = Long.MIN_VALUE;

    /**
     * @param schema of the vectors
     * @param labels of the model's heads, in order
     * @param sessions makes sessions of the model's graph; this closes them
     * @param releases null = it learns and calibrates, and releases nothing
     */
    public OnlineTrainer(FeatureSchema schema, ModelConfig config, LabelPlan labels, Supplier<MlpSession> sessions,
            Releases releases) {
        this.config = config;
        this.labels = labels;
        this.records = new ExampleRecords(labels);
        this.releases = releases;
        this.learner = new OnlineLearner(sessions.get(), config, labels);
        this.schema = schema;
        this.heldOut = new HeldOutUsers(config.online().heldOut(), labels.longestHorizonMillis());
        this.waiting = new WaitingExamples(labels.longestHorizonMillis());
        this.champions = new Champions(sessions, id -> releases.load(id));
        this.drift = new TrainingDrift(schema, labels);
        this.judge = new Judge(labels, config, learner, champions, drift);
        this.lateShare = new double[labels.labels().size()];
    }

    /**
     * Begins with a release: it is champion, and learning goes on from its weights.
     *
     * @param weights of every variable
     */
    public void beginWith(String releaseId, Map<String, float[]> weights) {
        learner.beginWith(weights);
        champions.promote(releaseId, champions.with(weights));
    }

    /**
     * Begins from nothing, and releases what is better than this.
     *
     * @param released takes the same vectors and has the same heads, whatever its layers; this closes it
     */
    public void beginAgainst(String releaseId, MlpSession released) {
        champions.promote(releaseId, released);
    }

    /** The model that learns. */
    public OnlineLearner learner() {
        return learner;
    }

    /** Whether the next example may be followed by a step of learning. */
    public boolean isAboutToLearn() {
        return taken.size() + 1 >= config.online().batchSize();
    }

    /** Share of the vectors that are judged and learned, above 0 to 1. */
    public double takenShare() {
        return waiting.takenShare();
    }

    /** Labels, one a vector and head, that wait for their time to be judged or learned. */
    public int waitingLabels() {
        return waiting.size();
    }

    /** Event time up to which labels are known, ms UTC. */
    public long knownAt() {
        return knownAt;
    }

    /** What serves; null = nothing yet. Closed with the next release but one. */
    public MlpSession champion() {
        return champions.champion();
    }

    /** Release that serves; null = none yet. */
    public String championId() {
        return champions.championId();
    }

    /** Takes an example; findings come once there is a batch of them. */
    public List<Finding> take(String user, LabeledExample example) {
        for (HeadLabel label : example.labels()) {
            knownAt = Math.max(knownAt, label.knownAt());
        }
        if (!example.labels().isEmpty() && waiting.isTaken(example.prediction())) {
            taken.add(new Taken(user, example));
        }
        return taken.size() < config.online().batchSize() ? List.of() : flush();
    }

    /** Judges and learns what can be. */
    public List<Finding> flush() {
        if (taken.isEmpty()) {
            return List.of();
        }
        float[][] x = taken.stream().map(each -> each.example.prediction().vector()).toArray(float[][]::new);
        float[][] probabilities = learner.calibrated(learner.logits(x));
        for (int i = 0; i < x.length; i++) {
            letWait(taken.get(i).user(), taken.get(i).example(), probabilities[i]);
        }
        taken.clear();
        List<Example> due = waiting.due(knownAt);
        judge.judge(due.stream().filter(each -> each.use() == Use.JUDGED).toList());
        List<Finding> findings = new ArrayList<>(drift.endBatch(x));
        if (judge.isRoundOver()) { // before it learns: what is released is what was judged last, calibration and all
            findings.addAll(releases == null ? List.of() : judge.figures());
            boolean isReleased = releases != null && knownAt >= activeFrom && tryGate(findings);
            judge.recalibrate();
            judge.weighPositives();
            judge.beginRound(isReleased);
        }
        due.stream().filter(each -> each.use() == Use.LEARNED).map(this::row).forEach(ready::add);
        learnWhatIsReady();
        return findings;
    }

    /** Everything that is needed to go on as if nothing had been. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(FORMAT);
        out.writeUTF(form());
        learner.write(out);
        champions.write(out);
        judge.write(out);
        out.writeLong(knownAt);
        for (double share : lateShare) {
            out.writeDouble(share);
        }
        SingleObject<TrainingExample> encoding = new SingleObject<>(TrainingExample.class);
        out.writeInt(taken.size());
        for (Taken each : taken) {
            byte[] bytes = encoding.encode(records.record(each.user(), each.example()));
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        waiting.write(out);
        out.writeInt(ready.size());
        for (OnlineLearner.Row row : ready) {
            row.write(out);
        }
        drift.write(out);
        out.writeLong(activeFrom);
    }

    /**
     * Reads what {@link #write} wrote. Where the champion is not there any more, or there was none, that of before the reading takes its
     * place, and what was judged until then, which has what another said, is not held against it.
     *
     * @throws java.io.UncheckedIOException when a release cannot be read now; this is of no use then
     * @throws OtherModelException when it was written of other features, heads or layers; this is as it was
     */
    public void read(DataInput in) throws IOException, OtherModelException {
        int format = in.readInt();
        if (format < OLD_FORMAT || format > FORMAT) {
            throw new IllegalStateException(
                    "A trainer of format " + format + "; this version reads " + OLD_FORMAT + " to " + FORMAT);
        }
        String form = in.readUTF();
        if (!form.equals(form())) {
            throw new OtherModelException(form, form());
        }
        learner.read(in);
        boolean isSameChampion = champions.read(in, format == OLD_FORMAT);
        judge.read(in);
        if (!isSameChampion) {
            judge.beginRound(true);
        }
        knownAt = in.readLong();
        for (int head = 0; head < lateShare.length; head++) {
            lateShare[head] = in.readDouble();
        }
        SingleObject<TrainingExample> encoding = new SingleObject<>(TrainingExample.class);
        taken.clear();
        for (int i = in.readInt(); i > 0; i--) {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            TrainingExample record = encoding.decode(bytes);
            taken.add(new Taken(record.getUserId(), records.example(record)));
        }
        waiting.read(in);
        ready.clear();
        for (int i = in.readInt(); i > 0; i--) {
            ready.add(OnlineLearner.Row.read(in));
        }
        drift.read(in, format > FORMAT_WITHOUT_MISSING_SHARES);
        activeFrom = format <= FORMAT_WITHOUT_ACTIVATION ? Long.MIN_VALUE : in.readLong();
    }

    @Override
    public void close() {
        learner.close();
        champions.close();
    }

    /** Of state that only a trainer of the same features, labels and graph can read. */
    private String form() {
        List<String> heads = labels.labels().stream().map(Label::form).toList();
        return "features %s, heads %s, layers %s, %s, %sinputs cut at %s%s%s".formatted(schema.hash(), heads, config.hiddenLayers(),
                config.activation(), config.missingIndicator() ? "missing indicators, " : "", config.inputClip(),
                config.linearPath() ? ", a linear path" : "",
                config.embeddings() == null
                        ? ""
                        : ", tables of %d x %d".formatted(config.embeddings().buckets(), config.embeddings().dimension()));
    }

    /**
     * Until when each label of an example waits, and for what. What is known sooner is learned no sooner than negatives of its
     * age, as the waiting time of Yang et al. 2021 asks for: else the newest vectors would be learned as positive or not at all.
     *
     * @param probabilities that the challenger gives the vector now
     */
    private void letWait(String user, LabeledExample example, float[] probabilities) {
        long asOf = example.prediction().asOf();
        boolean isHeldOut = heldOut.isHeldOut(user, asOf);
        for (HeadLabel label : example.labels()) {
            Label of = labels.labels().get(label.head());
            if (of.isEarly() && label.isPositive()) {
                double isLate = label.certainty() == Certainty.LATE_POSITIVE ? 1 : 0;
                lateShare[label.head()] += LATE_SHARE_STEP * (isLate - lateShare[label.head()]);
            }
            if (waiting.isTaken(example.prediction()) && isOfUse(label, of, isHeldOut, user, asOf)) {
                Duration age = isHeldOut ? of.horizon() : of.negativeAfter();
                float weight = of.isEarly()
                        ? (float) DelayedFeedback.weight(label.isPositive(), probabilities[label.head()], lateShare[label.head()])
                        : 1;
                waiting.add(new Example(example.prediction().id(), label.head(), user, example.prediction().vector(),
                        label.isPositive(), weight, asOf, Math.max(label.knownAt(), asOf + age.toMillis()),
                        isHeldOut ? Use.JUDGED : Use.LEARNED));
            }
        }
    }

    private boolean isOfUse(HeadLabel label, Label of, boolean isHeldOut, String user, long asOf) {
        return isHeldOut
                ? label.certainty().isJudged() && heldOut.mayJudge(user, asOf, of.horizon().toMillis())
                : label.certainty().isLearned();
    }

    private OnlineLearner.Row row(Example example) {
        float[] known = labels.unknown();
        float[] weights = new float[known.length];
        known[example.head()] = example.isPositive() ? 1 : 0;
        weights[example.head()] = example.weight();
        return new OnlineLearner.Row(example.vector(), known, weights);
    }

    private void learnWhatIsReady() {
        int batch = config.online().batchSize();
        while (ready.size() >= batch) {
            List<OnlineLearner.Row> first = ready.subList(0, batch);
            learner.learn(List.copyOf(first));
            first.clear();
        }
    }

    /** Whether there is another champion now. */
    private boolean tryGate(List<Finding> findings) {
        Decision decision = judge.onChallenger();
        findings.add(new Finding.Gate(false, championId(), decision));
        if (decision.isPassed()) {
            MlpSession next = champions.with(learner.session().readAll());
            Manifest manifest = release(next, championId(), decision, false, findings);
            champions.promote(manifest.id(), next);
            return true;
        }
        Optional<Decision> back = judge.onPredecessor();
        back.ifPresent(each -> findings.add(new Finding.Gate(true, championId(), each)));
        if (back.filter(Decision::isPassed).isEmpty()) {
            return false;
        }
        Manifest manifest = release(champions.predecessor(), champions.predecessorId(), back.get(), true, findings);
        champions.rollBack(manifest.id());
        return true;
    }

    private Manifest release(MlpSession next, String parent, Decision decision, boolean isRollback, List<Finding> findings) {
        Manifest manifest = releases.release(next, parent, isRollback ? Optional.empty() : learner.learnedFrom(schema),
                decision.comparison().metrics(champion() == null ? "prior" : "champion"), knownAt);
        activeFrom = manifest.activationEventTime();
        findings.add(new Finding.Released(manifest, isRollback));
        return manifest;
    }
}
