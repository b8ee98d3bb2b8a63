package io.liveprofile.training;

import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.PlattCalibration;
import io.liveprofile.model.ReleaseGate;
import io.liveprofile.model.ReleaseGate.Decision;
import io.liveprofile.training.WaitingExamples.Example;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Judges examples by the challenger, which is the model that learns, the champion and the champion before it, as they are when it
 * is asked; keeps how good they were, and tells by the newest examples which of them should serve. Not thread-safe.
 */
final class Judge {
    private static final int SCORED_AT_ONCE = 1024;

    private final LabelPlan labels;
    private final ModelConfig.Online config;
    private final OnlineLearner challenger;
    private final Champions champions;
    private final TrainingDrift drift;
    private final ReleaseGate gate;
    /** Since the last release: before it another champion was judged. */
    private final JudgedWindow window;
    private final Prequential[] challengerFigures;
    private final Prequential[] championFigures;
    /** By head: logits of the challenger, releases or not, to which its calibration is fitted. */
    private final RecentScores[] calibration;
    /** By head: judged positives and judged ones. */
    private final long[] positives;
    private final long[] judged;
    private long judgedSinceGate;

    /** @param drift is told of each example */
    Judge(LabelPlan labels, ModelConfig model, OnlineLearner challenger, Champions champions, TrainingDrift drift) {
        int heads = labels.labels().size();
        this.labels = labels;
        this.config = model.online();
        this.challenger = challenger;
        this.champions = champions;
        this.drift = drift;
        this.gate = new ReleaseGate(config.leastPositives(), model.training().seed());
        this.window = new JudgedWindow(config.window());
        this.challengerFigures = new Prequential[heads];
        this.championFigures = new Prequential[heads];
        this.calibration = new RecentScores[heads];
        Arrays.setAll(challengerFigures, head -> new Prequential(config.window()));
        Arrays.setAll(championFigures, head -> new Prequential(config.window()));
        Arrays.setAll(calibration, head -> new RecentScores(config.window()));
        this.positives = new long[heads];
        this.judged = new long[heads];
    }

    /** @param due examples that no model has learned */
    void judge(List<Example> due) {
        for (int from = 0; from < due.size(); from += SCORED_AT_ONCE) {
            List<Example> some = due.subList(from, Math.min(due.size(), from + SCORED_AT_ONCE));
            List<Said> said = say(some.stream().map(Example::vector).toArray(float[][]::new));
            for (int i = 0; i < said.size(); i++) {
                judge(some.get(i), said.get(i));
            }
        }
    }

    /** Whether enough were judged since the last round for another try of the gate. */
    boolean isRoundOver() {
        return judgedSinceGate >= config.gateEvery();
    }

    /** How good challenger and champion were of late, by head. */
    List<Finding> figures() {
        List<Finding> figures = new ArrayList<>();
        for (int head = 0; head < judged.length; head++) {
            String name = labels.labels().get(head).head();
            figures.add(new Finding.Figures(name, "challenger", judged[head], challengerFigures[head].figures()));
            if (champions.champion() != null) {
                figures.add(new Finding.Figures(name, "champion", judged[head], championFigures[head].figures()));
            }
        }
        return figures;
    }

    /**
     * Whether the challenger should serve. A first release would say anything of a head of which no label is known yet, so it waits
     * for one; a later one is held against the champion.
     */
    Decision onChallenger() {
        Decision decision = gate.decide(window.examples(), heads(), window.champion(), window.challenger());
        List<String> unknown = heads().stream()
                .filter(head -> judged[labels.headOf(head)] == 0)
                .map(head -> head + ": no label is known yet")
                .toList();
        return champions.champion() != null || unknown.isEmpty()
                ? decision
                : new Decision(false, unknown, decision.comparison());
    }

    /** Whether the champion before should come back; nothing where there is none. */
    Optional<Decision> onPredecessor() {
        float[][] said = champions.predecessor() == null ? null : window.predecessor();
        return said == null
                ? Optional.empty()
                : Optional.of(gate.decide(window.examples(), heads(), window.champion(), said));
    }

    /** Calibrates the challenger by what was judged, for all that comes, of whose negatives a share is judged. */
    void recalibrate() {
        for (int head = 0; head < judged.length; head++) {
            int of = head;
            double shift = Math.log(labels.labels().get(head).keptNegatives());
            PlattCalibration.fit(calibration[head].scores(), calibration[head].labels(), config.leastPositives())
                    .ifPresent(fitted -> challenger.calibrate(of, new PlattCalibration(fitted.scale(), fitted.shift() + shift)));
        }
    }

    /** Lets positives count as much to the challenger as is configured, where that depends on how many there are. */
    void weighPositives() {
        challenger.weighPositives(positives, judged);
    }

    /** @param isReleased whether there is another champion now */
    void beginRound(boolean isReleased) {
        judgedSinceGate = 0;
        if (isReleased) {
            window.clear();
        }
    }

    void write(DataOutput out) throws IOException {
        window.write(out);
        out.writeLong(judgedSinceGate);
        for (int head = 0; head < judged.length; head++) {
            out.writeLong(positives[head]);
            out.writeLong(judged[head]);
            challengerFigures[head].write(out);
            championFigures[head].write(out);
            calibration[head].write(out);
        }
    }

    void read(DataInput in) throws IOException {
        window.read(in);
        judgedSinceGate = in.readLong();
        for (int head = 0; head < judged.length; head++) {
            positives[head] = in.readLong();
            judged[head] = in.readLong();
            challengerFigures[head].read(in);
            championFigures[head].read(in);
            calibration[head].read(in);
        }
    }

    private void judge(Example example, Said said) {
        int head = example.head();
        boolean isPositive = example.isPositive();
        judged[head]++;
        judgedSinceGate++;
        positives[head] += isPositive ? 1 : 0;
        challengerFigures[head].judge(said.challenger()[head], isPositive);
        championFigures[head].judge(said.champion()[head], isPositive);
        calibration[head].add(said.logits()[head], isPositive);
        drift.judge(head, said.challenger()[head], isPositive);
        float[] known = labels.unknown();
        known[head] = isPositive ? 1 : 0;
        window.add(new JudgedWindow.Row(example.user(), known, said.challenger(), said.champion(), said.predecessor()));
    }

    /** What the models of now say of examples such as they come: with the share of the negatives that is kept. */
    private List<Said> say(float[][] x) {
        float[][] logits = challenger.logits(x);
        float[][] probabilities = challenger.calibrated(logits);
        float[][] champion = score(champions.champion(), x);
        float[][] predecessor = score(champions.predecessor(), x);
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            said.add(new Said(logits[i], amongKept(probabilities[i]),
                    champion == null ? shareOfPositives() : amongKept(champion[i]),
                    predecessor == null ? null : amongKept(predecessor[i])));
        }
        return said;
    }

    private static float[][] score(MlpSession session, float[][] x) {
        return session == null ? null : session.score(x);
    }

    /** Where a share r of the negatives is kept, the odds among what is kept are 1/r times those of all. */
    private float[] amongKept(float[] probabilities) {
        float[] among = probabilities.clone();
        for (int head = 0; head < among.length; head++) {
            double kept = labels.labels().get(head).keptNegatives();
            among[head] = (float) (among[head] / (among[head] + (1 - among[head]) * kept));
        }
        return among;
    }

    /** What one knows without a model. */
    private float[] shareOfPositives() {
        float[] share = new float[judged.length];
        for (int head = 0; head < share.length; head++) {
            share[head] = (float) ((positives[head] + 1.0) / (judged[head] + 2.0));
        }
        return share;
    }

    private List<String> heads() {
        return labels.labels().stream().map(Label::head).toList();
    }
}
