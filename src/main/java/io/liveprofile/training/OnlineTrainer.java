package io.liveprofile.training;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.PlattCalibration;
import io.liveprofile.model.ReleaseGate;
import io.liveprofile.model.ReleaseGate.Decision;
import io.liveprofile.training.JudgingQueue.Judging;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Judges each example, then learns from it, and releases what has become better. The challenger is the model that learns; what
 * it says of an example before it learns from it estimates the model of that moment without bias (progressive validation: Blum,
 * Kalai, Langford, "Beating the Hold-Out", COLT 1999), so no example is set aside but where {@link JudgingQueue} says, and a
 * release contains all that is known.
 *
 * <p>Each judged example is also scored by the champion and by the champion before it, neither of which has seen it: the
 * {@link ReleaseGate} releases a challenger that is better beyond chance, and brings the predecessor back where that is.
 *
 * <p>Examples must come in order of the time at which they became known; equal examples give equal findings. Not thread-safe.
 */
public final class OnlineTrainer implements AutoCloseable {
    /** 2 begins with the form of the model and ends with the detectors of drift; 1 had neither. */
    private static final int FORMAT = 2;
    /** How fast the estimated share of late positives follows. */
    private static final double LATE_SHARE_STEP = 0.01;

    /** Writes a session's weights as a release and tells its manifest. */
    public interface Releases {
        /**
         * @param metrics by name
         * @param knownAt event time up to which the model has learned, ms UTC
         */
        Manifest release(MlpSession session, String parent, Map<String, Double> metrics, long knownAt);
    }

    private record Waiting(String user, LabeledExample example) {}

    private final ModelConfig config;
    private final LabelPlan labels;
    private final OnlineLearner learner;
    private final ExampleRecords records;
    private final Releases releases;
    private final ReleaseGate gate;
    private final JudgedWindow window;
    private final Prequential[] challengerFigures;
    private final Prequential[] championFigures;
    /** By head: logits of the challenger, releases or not, to which its calibration is fitted. */
    private final RecentScores[] calibration;
    private final TrainingDrift drift;
    private final String schemaHash;
    private final JudgingQueue judging;
    private final HeldRows held = new HeldRows();
    private final Champions champions;
    private final List<Waiting> waiting = new ArrayList<>();
    /** By head: share of the positives that come after they were learned as negatives. */
    private final double[] lateShare;
    /** By head: judged positives and judged ones. */
    private final long[] positives;
    private final long[] judged;

    private long released;
    private long judgedSinceGate;
    private long knownAt = Long.MIN_VALUE;

    /**
     * @param schema of the vectors
     * @param labels of the model's heads, in order
     * @param sessions makes sessions of the model's graph; this closes them
     * @param releases null = it learns and calibrates, and releases nothing
     */
    public OnlineTrainer(FeatureSchema schema, ModelConfig config, LabelPlan labels, Supplier<MlpSession> sessions,
            Releases releases) {
        int heads = labels.labels().size();
        this.config = config;
        this.labels = labels;
        this.records = new ExampleRecords(labels);
        this.releases = releases;
        this.learner = new OnlineLearner(sessions.get(), config, labels);
        this.gate = new ReleaseGate(config.online().leastPositives(), config.online().calibrationTolerance(),
                config.training().seed());
        this.window = new JudgedWindow(config.online().window());
        this.challengerFigures = new Prequential[heads];
        this.championFigures = new Prequential[heads];
        this.calibration = new RecentScores[heads];
        Arrays.setAll(challengerFigures, head -> new Prequential(config.online().window()));
        Arrays.setAll(championFigures, head -> new Prequential(config.online().window()));
        Arrays.setAll(calibration, head -> new RecentScores(config.online().window()));
        this.drift = new TrainingDrift(schema, labels);
        this.schemaHash = schema.hash();
        this.judging = new JudgingQueue(labels);
        this.champions = new Champions(sessions);
        this.lateShare = new double[heads];
        this.positives = new long[heads];
        this.judged = new long[heads];
    }

    /**
     * Begins with a release: it is champion, and learning goes on from its weights.
     *
     * @param weights of every variable
     */
    public void beginWith(String releaseId, Map<String, float[]> weights) {
        learner.session().writeAll(weights);
        champions.promote(releaseId, champions.with(weights));
    }

    /** The model that learns. */
    public OnlineLearner learner() {
        return learner;
    }

    /** Whether the next example fills the batch. */
    public boolean isAboutToLearn() {
        return waiting.size() + 1 >= config.online().batchSize();
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

    /** Takes an example; findings come once a batch is full. */
    public List<Finding> take(String user, LabeledExample example) {
        waiting.add(new Waiting(user, example));
        return waiting.size() < config.online().batchSize() ? List.of() : flush();
    }

    /** Judges and learns what waits. */
    public List<Finding> flush() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        float[][] x = waiting.stream().map(each -> each.example.prediction().vector()).toArray(float[][]::new);
        List<Said> said = say(x);
        List<OnlineLearner.Row> rows = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            LabeledExample example = waiting.get(i).example();
            judging.add(waiting.get(i).user(), example, said.get(i), released);
            learnInTime(example, said.get(i).challenger(), rows);
            for (HeadLabel label : example.labels()) {
                knownAt = Math.max(knownAt, label.knownAt());
            }
        }
        judgeDue();
        held.release(knownAt, rows);
        waiting.clear();
        findings.addAll(drift.endBatch(x));
        if (!rows.isEmpty()) {
            learner.learn(rows);
        }
        if (judgedSinceGate >= config.online().gateEvery()) {
            judgedSinceGate = 0;
            if (releases != null) {
                tryGate(findings);
            }
            recalibrate();
            if (findings.stream().anyMatch(Finding.Released.class::isInstance)) {
                window.clear();
            }
        }
        return findings;
    }

    /** Everything that is needed to go on as if nothing had been. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(FORMAT);
        out.writeUTF(form());
        learner.write(out);
        champions.write(out);
        window.write(out);
        out.writeLong(released);
        out.writeLong(judgedSinceGate);
        out.writeLong(knownAt);
        for (int head = 0; head < lateShare.length; head++) {
            out.writeDouble(lateShare[head]);
            out.writeLong(positives[head]);
            out.writeLong(judged[head]);
            challengerFigures[head].write(out);
            championFigures[head].write(out);
            calibration[head].write(out);
        }
        SingleObject<TrainingExample> encoding = new SingleObject<>(TrainingExample.class);
        out.writeInt(waiting.size());
        for (Waiting each : waiting) {
            byte[] bytes = encoding.encode(records.record(each.user(), each.example()));
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        held.write(out);
        judging.write(out);
        drift.write(out);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws OtherModelException when it was written of other features, heads or layers; this is as it was
     */
    public void read(DataInput in) throws IOException, OtherModelException {
        int format = in.readInt();
        if (format < 1 || format > FORMAT) {
            throw new IllegalStateException("A trainer of format " + format + "; this version reads 1 to " + FORMAT);
        }
        if (format >= 2) {
            String form = in.readUTF();
            if (!form.equals(form())) {
                throw new OtherModelException(form, form());
            }
        }
        learner.read(in);
        champions.read(in);
        window.read(in);
        released = in.readLong();
        judgedSinceGate = in.readLong();
        knownAt = in.readLong();
        for (int head = 0; head < lateShare.length; head++) {
            lateShare[head] = in.readDouble();
            positives[head] = in.readLong();
            judged[head] = in.readLong();
            challengerFigures[head].read(in);
            championFigures[head].read(in);
            calibration[head].read(in);
        }
        SingleObject<TrainingExample> encoding = new SingleObject<>(TrainingExample.class);
        waiting.clear();
        for (int i = in.readInt(); i > 0; i--) {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            TrainingExample record = encoding.decode(bytes);
            waiting.add(new Waiting(record.getUserId(), records.example(record)));
        }
        held.read(in);
        judging.read(in);
        if (format >= 2) {
            drift.read(in);
        }
    }

    @Override
    public void close() {
        learner.close();
        champions.close();
    }

    /** Of state that only a trainer of the same features, heads and layers can read. */
    private String form() {
        return "features %s, heads %s, layers %s%s%s".formatted(schemaHash, config.headNames(), config.hiddenLayers(),
                config.linearPath() ? " and a linear path" : "",
                config.embeddings() == null
                        ? ""
                        : ", tables of %d x %d".formatted(config.embeddings().buckets(), config.embeddings().dimension()));
    }

    private void judgeDue() {
        List<Judging> heldOut = new ArrayList<>();
        for (Judging each : judging.due(knownAt)) {
            if (each.vector != null) {
                heldOut.add(each);
            } else {
                judge(each, each.said, each.releases == released); // else the champion may have learned from it
            }
        }
        if (!heldOut.isEmpty()) {
            List<Said> said = say(heldOut.stream().map(each -> each.vector).toArray(float[][]::new));
            for (int i = 0; i < said.size(); i++) {
                judge(heldOut.get(i), said.get(i), true);
            }
        }
    }

    private void judge(Judging each, Said said, boolean isForTheGate) {
        tell(each.head, each.isPositive(), said);
        judgedSinceGate++;
        if (isForTheGate) {
            float[] known = new float[lateShare.length];
            Arrays.fill(known, Float.NaN);
            known[each.head] = each.isPositive() ? 1 : 0;
            window.add(new JudgedWindow.Row(each.user, known, said.challenger(), said.champion(), said.predecessor()));
        }
    }

    /** What the models of now say. */
    private List<Said> say(float[][] x) {
        float[][] logits = learner.logits(x);
        float[][] challenger = learner.calibrated(logits);
        float[][] championScores = champions.champion() == null ? null : champions.champion().score(x);
        float[][] predecessorScores = champions.predecessor() == null ? null : champions.predecessor().score(x);
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            said.add(new Said(logits[i], challenger[i],
                    championScores == null ? shareOfPositives() : championScores[i],
                    predecessorScores == null ? null : predecessorScores[i]));
        }
        return said;
    }

    private void tell(int head, boolean isPositive, Said said) {
        judged[head]++;
        positives[head] += isPositive ? 1 : 0;
        float probability = said.challenger()[head];
        challengerFigures[head].judge(probability, isPositive);
        championFigures[head].judge(said.champion()[head], isPositive);
        calibration[head].add(said.logits()[head], isPositive);
        drift.judge(head, probability, isPositive);
    }

    /**
     * What is to be learned of an example: now, or when vectors of its age are learned as negative. What is known sooner waits
     * until then, as the waiting time of Yang et al. 2021 asks for: else the newest vectors would be learned as positive or not at
     * all, and a head of which nothing but positives is known yet as positive whatever the vector.
     */
    private void learnInTime(LabeledExample example, float[] probabilities, List<OnlineLearner.Row> now) {
        for (HeadLabel label : example.labels()) {
            int head = label.head();
            Label of = labels.labels().get(head);
            if (of.isEarly() && label.isPositive()) {
                double isLate = label.certainty() == Certainty.LATE_POSITIVE ? 1 : 0;
                lateShare[head] += LATE_SHARE_STEP * (isLate - lateShare[head]);
            }
            if (!label.certainty().isLearned() || of.isEarly() && JudgingQueue.isHeldOut(example.prediction().id())) {
                continue;
            }
            float[] known = new float[lateShare.length];
            float[] weights = new float[lateShare.length];
            Arrays.fill(known, Float.NaN);
            known[head] = label.isPositive() ? 1 : 0;
            weights[head] = of.isEarly()
                    ? (float) DelayedFeedback.weight(label.isPositive(), probabilities[head], lateShare[head])
                    : 1;
            OnlineLearner.Row row = new OnlineLearner.Row(example.prediction().vector(), known, weights);
            long learnAt = example.prediction().asOf() + of.negativeAfter().toMillis();
            if (learnAt <= label.knownAt()) {
                now.add(row);
            } else {
                held.add(learnAt, row);
            }
        }
    }

    private void tryGate(List<Finding> findings) {
        for (int head = 0; head < judged.length; head++) {
            String name = labels.labels().get(head).head();
            findings.add(new Finding.Figures(name, "challenger", judged[head], challengerFigures[head].figures()));
            if (champion() != null) {
                findings.add(new Finding.Figures(name, "champion", judged[head], championFigures[head].figures()));
            }
        }
        List<String> heads = labels.labels().stream().map(Label::head).toList();
        Decision decision = gate.decide(window.examples(), heads, window.champion(), window.challenger());
        findings.add(new Finding.Gate(false, championId(), decision));
        float[][] predecessorScores = champions.predecessor() == null ? null : window.predecessor();
        if (decision.isPassed()) {
            release(learner.session().readAll(), decision, false, findings);
        } else if (predecessorScores != null) {
            Decision back = gate.decide(window.examples(), heads, window.champion(), predecessorScores);
            findings.add(new Finding.Gate(true, championId(), back));
            if (back.isPassed()) {
                release(champions.predecessor().readAll(), back, true, findings);
            }
        }
    }

    private void release(Map<String, float[]> weights, Decision decision, boolean isRollback, List<Finding> findings) {
        MlpSession next = champions.with(weights);
        Manifest manifest = releases.release(next, isRollback ? champions.predecessorId() : championId(),
                decision.comparison().metrics(champion() == null ? "prior" : "champion"), knownAt);
        champions.promote(manifest.id(), next);
        released++;
        findings.add(new Finding.Released(manifest, isRollback));
    }

    /** By what was judged, for what comes. */
    private void recalibrate() {
        for (int head = 0; head < judged.length; head++) {
            int of = head;
            PlattCalibration.fit(calibration[head].scores(), calibration[head].labels(), config.online().leastPositives())
                    .ifPresent(fitted -> learner.calibrate(of, fitted));
        }
    }

    /** What one knows without a model. */
    private float[] shareOfPositives() {
        float[] share = new float[judged.length];
        for (int head = 0; head < share.length; head++) {
            share[head] = (float) ((positives[head] + 1.0) / (judged[head] + 2.0));
        }
        return share;
    }
}
