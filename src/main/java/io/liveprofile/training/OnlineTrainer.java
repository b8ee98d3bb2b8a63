package io.liveprofile.training;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ReleaseGate;
import io.liveprofile.model.ReleaseGate.Decision;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Judges each example, then learns from it, and releases what has become better. The challenger is the model that learns; what
 * it says of an example before it learns from it estimates the model of that moment without bias (progressive validation: Blum,
 * Kalai, Langford, "Beating the Hold-Out", COLT 1999), so no example is set aside and a release contains all that is known.
 *
 * <p>Each judged example is also scored by the champion and by the champion before it, neither of which has seen it: the
 * {@link ReleaseGate} releases a challenger that is better beyond chance, and brings the predecessor back where that is.
 *
 * <p>A vector is learned when it is as old as those that are learned as negative, and judged when its horizon is over, positive or
 * not: positives are known sooner than negatives, and would fill batches and windows alone. Where negatives are learned early,
 * what the model said before it learned is a horizon old by the time it can be judged; there a tenth of the vectors is never
 * learned and judged with the weights of that time. Where more wait than there is room for, a share of the vectors is
 * judged, chosen by their hash and so whatever came of them.
 *
 * <p>Examples must come in order of the time at which they became known; equal examples give equal findings. Not thread-safe.
 */
public final class OnlineTrainer implements AutoCloseable {
    private static final int FORMAT = 1;
    /** Vectors and heads that wait to be judged. */
    private static final int MAX_JUDGING = 100_000;
    /** Rows that are known before they are learned; beyond it the oldest is learned sooner. */
    private static final int MAX_HELD = 100_000;
    /** Of the vectors of a head that learns negatives early those that are judged and never learned. */
    private static final double HELD_OUT_SHARE = 0.1;
    private static final long JUDGING_SEED = 0x6a75646765L;
    private static final double ADWIN_DELTA = 0.002;
    private static final double LOSS_TOLERANCE = 0.01;
    private static final double LOSS_THRESHOLD = 5;
    private static final long LOSS_SETTLED = 30;
    /** How fast the estimated share of late positives follows. */
    private static final double LATE_SHARE_STEP = 0.01;
    private static final double MOST_LOSS = 20;

    /** Writes a session's weights as a release and tells its manifest. */
    public interface Releases {
        /**
         * @param metrics by name
         * @param knownAt event time up to which the model has learned, ms UTC
         */
        Manifest release(MlpSession session, String parent, Map<String, Double> metrics, long knownAt);
    }

    /** What the models say of a batch's vectors before they learn from it. */
    private record Said(float[] logits, float[] challenger, float[] champion, float[] predecessor) {
        private void write(DataOutput out) throws IOException {
            Weights.write(logits, out);
            Weights.write(challenger, out);
            Weights.write(champion, out);
            out.writeBoolean(predecessor != null);
            if (predecessor != null) {
                Weights.write(predecessor, out);
            }
        }

        private static Said read(DataInput in) throws IOException {
            return new Said(Weights.read(in), Weights.read(in), Weights.read(in), in.readBoolean() ? Weights.read(in) : null);
        }
    }

    /**
     * A head of a vector that waits to be judged: what came of it once it is known, and what was said of it at first sight, or
     * the vector itself where nobody learns from it.
     */
    private static final class Judging {
        private final String id;
        private final int head;
        private final String user;
        private final long due;
        private final Said said;
        private final float[] vector;
        private final long releases;
        private float label = Float.NaN;

        private Judging(String id, int head, String user, long due, Said said, float[] vector, long releases) {
            this.id = id;
            this.head = head;
            this.user = user;
            this.due = due;
            this.said = said;
            this.vector = vector;
            this.releases = releases;
        }

        private String key() {
            return id + '/' + head;
        }
    }

    private record Waiting(String user, LabeledExample example) {}

    /** A row that is learned when event time has come so far; the number keeps rows of one time in order. */
    private record Held(long learnAt, long number, OnlineLearner.Row row) {}

    /** Sums over what a batch judged of one head. */
    private static final class BatchMeans {
        private int count;
        private double score;
        private double squaredError;
        private double loss;

        private void add(double probability, double squared, double logLoss) {
            count++;
            score += probability;
            squaredError += squared;
            loss += logLoss;
        }

        private void clear() {
            count = 0;
            score = 0;
            squaredError = 0;
            loss = 0;
        }
    }

    private final ModelConfig config;
    private final LabelPlan labels;
    private final OnlineLearner learner;
    private final ExampleRecords records;
    private final Supplier<MlpSession> sessions;
    private final Releases releases;
    private final ReleaseGate gate;
    private final JudgedWindow window;
    private final Prequential[] challengerFigures;
    private final Prequential[] championFigures;
    private final CalibrationWindow[] calibration;
    private final List<String> inputs;
    private final InputDrift inputDrift;
    private final Adwin[] scoreDrift;
    private final Adwin[] errorDrift;
    private final PageHinkley[] lossDrift;
    private final BatchMeans[] batches;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<String, Judging> judging = new HashMap<>();
    private final PriorityQueue<Judging> byDue =
            new PriorityQueue<>(Comparator.<Judging>comparingLong(each -> each.due).thenComparing(Judging::key));
    private final PriorityQueue<Held> held =
            new PriorityQueue<>(Comparator.comparingLong(Held::learnAt).thenComparingLong(Held::number));
    private long heldSoFar;
    /** Of the vectors those are judged whose hash is below it: it falls when too many wait, and with it the share. */
    private long hashLimit = Long.MAX_VALUE;
    /** By head: share of the positives that come after they were learned as negatives. */
    private final double[] lateShare;
    /** By head: judged positives and judged ones. */
    private final long[] positives;
    private final long[] judged;

    private MlpSession champion;
    private String championId;
    private MlpSession predecessor;
    private String predecessorId;
    private long released;
    private long judgedExamples;
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
        this.sessions = sessions;
        this.releases = releases;
        this.learner = new OnlineLearner(sessions.get(), config, labels);
        this.gate = new ReleaseGate(config.online().leastPositives(), config.online().calibrationTolerance(),
                config.training().seed());
        this.window = new JudgedWindow(config.online().window());
        this.challengerFigures = new Prequential[heads];
        this.championFigures = new Prequential[heads];
        this.inputs = schema.names();
        this.inputDrift = new InputDrift(InputLayout.of(schema));
        this.scoreDrift = new Adwin[heads];
        this.errorDrift = new Adwin[heads];
        this.lossDrift = new PageHinkley[heads];
        Arrays.setAll(challengerFigures, head -> new Prequential(config.online().window()));
        this.calibration = new CalibrationWindow[heads];
        Arrays.setAll(calibration, head -> new CalibrationWindow(config.online().window()));
        Arrays.setAll(championFigures, head -> new Prequential(config.online().window()));
        Arrays.setAll(scoreDrift, head -> new Adwin(ADWIN_DELTA));
        Arrays.setAll(errorDrift, head -> new Adwin(ADWIN_DELTA));
        Arrays.setAll(lossDrift, head -> new PageHinkley(LOSS_TOLERANCE, LOSS_THRESHOLD, LOSS_SETTLED));
        this.batches = new BatchMeans[heads];
        Arrays.setAll(batches, head -> new BatchMeans());
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
        champion = sessions.get();
        champion.writeAll(weights);
        championId = releaseId;
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

    /** What serves; null = nothing yet. Closed when a release takes its place. */
    public MlpSession champion() {
        return champion;
    }

    /** Release that serves; null = none yet. */
    public String championId() {
        return championId;
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
            await(waiting.get(i).user(), example, said.get(i));
            learnInTime(example, said.get(i).challenger(), rows);
            for (HeadLabel label : example.labels()) {
                knownAt = Math.max(knownAt, label.knownAt());
            }
        }
        judgeDue();
        learnDue(rows);
        waiting.clear();
        tellOfDrift(findings);
        for (int position : inputDrift.add(x)) {
            findings.add(new Finding.Drift("input." + inputs.get(position), "adwin", judgedExamples));
        }
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

    /** Everything that is needed to go on as if nothing had been; detectors of drift begin anew. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(FORMAT);
        learner.write(out);
        write(championId, champion, out);
        write(predecessorId, predecessor, out);
        window.write(out);
        out.writeLong(released);
        out.writeLong(judgedExamples);
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
        out.writeLong(heldSoFar);
        out.writeInt(held.size());
        for (Held each : held) {
            out.writeLong(each.learnAt);
            out.writeLong(each.number);
            each.row.write(out);
        }
        out.writeLong(hashLimit);
        out.writeInt(judging.size());
        for (Judging each : judging.values()) {
            out.writeUTF(each.id);
            out.writeInt(each.head);
            out.writeUTF(each.user);
            out.writeLong(each.due);
            out.writeLong(each.releases);
            out.writeFloat(each.label);
            out.writeBoolean(each.vector != null);
            if (each.vector != null) {
                Weights.write(each.vector, out);
            } else {
                each.said.write(out);
            }
        }
    }

    /** Reads what {@link #write} wrote of a trainer of the same model and heads. */
    public void read(DataInput in) throws IOException {
        int format = in.readInt();
        if (format != FORMAT) {
            throw new IllegalStateException("A trainer of format " + format + "; this version reads " + FORMAT);
        }
        learner.read(in);
        championId = in.readBoolean() ? in.readUTF() : null;
        champion = readSession(championId, in);
        predecessorId = in.readBoolean() ? in.readUTF() : null;
        predecessor = readSession(predecessorId, in);
        window.read(in);
        released = in.readLong();
        judgedExamples = in.readLong();
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
        heldSoFar = in.readLong();
        held.clear();
        for (int i = in.readInt(); i > 0; i--) {
            held.add(new Held(in.readLong(), in.readLong(), OnlineLearner.Row.read(in)));
        }
        hashLimit = in.readLong();
        judging.clear();
        byDue.clear();
        for (int i = in.readInt(); i > 0; i--) {
            String id = in.readUTF();
            int head = in.readInt();
            String user = in.readUTF();
            long due = in.readLong();
            long releases = in.readLong();
            float label = in.readFloat();
            boolean isVector = in.readBoolean();
            float[] vector = isVector ? Weights.read(in) : null;
            Said said = isVector ? null : Said.read(in);
            Judging each = new Judging(id, head, user, due, said, vector, releases);
            each.label = label;
            judging.put(each.key(), each);
            byDue.add(each);
        }
    }

    @Override
    public void close() {
        learner.close();
        if (champion != null) {
            champion.close();
        }
        if (predecessor != null) {
            predecessor.close();
        }
    }

    /** Takes down what was said at first sight, and what came of it. */
    private void await(String user, LabeledExample example, Said now) {
        String id = example.prediction().id();
        for (HeadLabel label : example.labels()) {
            Judging each = judging.get(id + '/' + label.head());
            boolean isFirstSight = label.certainty() == Certainty.MATURED || label.certainty() == Certainty.EARLY_NEGATIVE;
            Label of = labels.labels().get(label.head());
            if (each == null && isFirstSight && hash(id) < hashLimit && (!of.isEarly() || isHeldOut(id))) {
                each = new Judging(id, label.head(), user, example.prediction().asOf() + of.horizon().toMillis(),
                        of.isEarly() ? null : now, of.isEarly() ? example.prediction().vector() : null, released);
                judging.put(each.key(), each);
                byDue.add(each);
            }
            if (each != null && label.certainty().isJudged()) {
                each.label = label.isPositive() ? 1 : 0;
            }
        }
        if (judging.size() > MAX_JUDGING) {
            hashLimit /= 2;
            judging.values().removeIf(each -> hash(each.id) >= hashLimit);
            byDue.removeIf(each -> hash(each.id) >= hashLimit);
        }
    }

    /** Those whose horizon is over. One without a label by then had no room in the join. */
    private void judgeDue() {
        List<Judging> heldOut = new ArrayList<>();
        while (!byDue.isEmpty() && byDue.peek().due < knownAt) {
            Judging each = byDue.remove();
            judging.remove(each.key());
            if (Float.isNaN(each.label)) {
                continue;
            }
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
        tell(each.head, each.label > 0, said);
        judgedExamples++;
        judgedSinceGate++;
        if (isForTheGate) {
            float[] known = new float[lateShare.length];
            Arrays.fill(known, Float.NaN);
            known[each.head] = each.label;
            window.add(new JudgedWindow.Row(each.user, known, said.challenger(), said.champion(), said.predecessor()));
        }
    }

    /** What the models of now say. */
    private List<Said> say(float[][] x) {
        float[][] logits = learner.logits(x);
        float[][] challenger = learner.calibrated(logits);
        float[][] championScores = champion == null ? null : champion.score(x);
        float[][] predecessorScores = predecessor == null ? null : predecessor.score(x);
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            said.add(new Said(logits[i], challenger[i],
                    championScores == null ? shareOfPositives() : championScores[i],
                    predecessorScores == null ? null : predecessorScores[i]));
        }
        return said;
    }

    private static boolean isHeldOut(String id) {
        return hash(id) < HELD_OUT_SHARE * Long.MAX_VALUE;
    }

    private static long hash(String id) {
        return MurmurHash3.hash(id.getBytes(StandardCharsets.UTF_8), JUDGING_SEED)[0] >>> 1;
    }

    private void tell(int head, boolean isPositive, Said said) {
        judged[head]++;
        positives[head] += isPositive ? 1 : 0;
        float probability = said.challenger()[head];
        challengerFigures[head].judge(probability, isPositive);
        championFigures[head].judge(said.champion()[head], isPositive);
        calibration[head].add(said.logits()[head], isPositive);
        double error = probability - (isPositive ? 1 : 0);
        batches[head].add(probability, error * error,
                Math.min(MOST_LOSS, -Math.log(isPositive ? probability : 1 - probability)));
    }

    /** By means over a batch, as the examples of one user that become known together are not so many pieces of news. */
    private void tellOfDrift(List<Finding> findings) {
        for (int head = 0; head < batches.length; head++) {
            BatchMeans batch = batches[head];
            if (batch.count == 0) {
                continue;
            }
            String name = labels.labels().get(head).head();
            if (scoreDrift[head].add(batch.score / batch.count)) {
                findings.add(new Finding.Drift(name + ".score", "adwin", judged[head]));
            }
            if (errorDrift[head].add(batch.squaredError / batch.count)) {
                findings.add(new Finding.Drift(name + ".squared_error", "adwin", judged[head]));
            }
            if (lossDrift[head].add(batch.loss / batch.count)) {
                findings.add(new Finding.Drift(name + ".log_loss", "page-hinkley", judged[head]));
            }
            batch.clear();
        }
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
            if (!label.certainty().isLearned() || of.isEarly() && isHeldOut(example.prediction().id())) {
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
                held.add(new Held(learnAt, heldSoFar++, row));
            }
        }
    }

    private void learnDue(List<OnlineLearner.Row> now) {
        while (!held.isEmpty() && (held.peek().learnAt <= knownAt || held.size() > MAX_HELD)) {
            now.add(held.remove().row);
        }
    }

    private void tryGate(List<Finding> findings) {
        for (int head = 0; head < judged.length; head++) {
            String name = labels.labels().get(head).head();
            findings.add(new Finding.Figures(name, "challenger", judged[head], challengerFigures[head].figures()));
            if (champion != null) {
                findings.add(new Finding.Figures(name, "champion", judged[head], championFigures[head].figures()));
            }
        }
        List<String> heads = labels.labels().stream().map(Label::head).toList();
        Decision decision = gate.decide(window.examples(), heads, window.champion(), window.challenger());
        findings.add(new Finding.Gate(false, championId, decision));
        float[][] predecessorScores = predecessor == null ? null : window.predecessor();
        if (decision.isPassed()) {
            release(learner.session().readAll(), decision, false, findings);
        } else if (predecessorScores != null) {
            Decision back = gate.decide(window.examples(), heads, window.champion(), predecessorScores);
            findings.add(new Finding.Gate(true, championId, back));
            if (back.isPassed()) {
                release(predecessor.readAll(), back, true, findings);
            }
        }
    }

    private void release(Map<String, float[]> weights, Decision decision, boolean isRollback, List<Finding> findings) {
        MlpSession next = sessions.get();
        next.writeAll(weights);
        Manifest manifest = releases.release(next, isRollback ? predecessorId : championId, decision.comparison().metrics(champion == null ? "prior" : "champion"), knownAt);
        if (predecessor != null) {
            predecessor.close();
        }
        predecessor = champion;
        predecessorId = championId;
        champion = next;
        championId = manifest.id();
        released++;
        findings.add(new Finding.Released(manifest, isRollback));
    }

    /** By what was judged, for what comes. */
    private void recalibrate() {
        for (int head = 0; head < judged.length; head++) {
            int of = head;
            calibration[head].fit(config.online().leastPositives()).ifPresent(fitted -> learner.calibrate(of, fitted));
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

    private static void write(String id, MlpSession session, DataOutput out) throws IOException {
        out.writeBoolean(session != null);
        if (session != null) {
            out.writeUTF(id);
            Weights.write(session.readAll(), out);
        }
    }

    private MlpSession readSession(String id, DataInput in) throws IOException {
        if (id == null) {
            return null;
        }
        MlpSession session = sessions.get();
        session.writeAll(Weights.readAll(in));
        return session;
    }
}
