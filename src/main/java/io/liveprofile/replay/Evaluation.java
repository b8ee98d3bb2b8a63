package io.liveprofile.replay;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.profile.HistoryProfiler;
import io.liveprofile.profile.ProfilerConfig;
import io.liveprofile.profile.Verdict;
import io.liveprofile.replay.JudgedRows.Row;
import io.liveprofile.training.Finding;
import io.liveprofile.training.LabelJoin;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.LabeledExample;
import io.liveprofile.training.LabelledHistory;
import io.liveprofile.training.OnlineTrainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A history through both jobs' stages in event time: each judged vector is scored when it happens, by models that know only the
 * labels that were known by then, and judged by what came of it, also where of the negatives only a share is learned. All models see the same vectors and learn from the same
 * examples at the same moments.
 */
final class Evaluation implements AutoCloseable {
    /** The compared models, in the order of their scores. */
    enum Model {
        /** The model that learns, with the weights of the moment. */
        ONLINE,
        /** What the gate released. */
        RELEASED,
        /** The online model as it was after the first third of the time. */
        FROZEN,
        /** One linear layer that learns online. */
        LOGISTIC,
        /** The share of positives known by then. */
        PRIOR
    }

    private static final int SCORED_AT_ONCE = 256;
    private static final int MAX_WAITING = 2_000;

    private final LabelPlan labels;
    private final List<Slice> slices;
    private final LabelledHistory history;
    private final OnlineTrainer mlp;
    private final OnlineTrainer logistic;
    private final MlpGraphs graphs;
    private final JudgedRows rows;
    private final EvaluationAccount account = new EvaluationAccount();
    private final long freezeAt;
    private final Map<String, Row> undecided = new HashMap<>();
    /** By user: no more than there are rows. */
    private final Map<String, Set<String>> sessions = new HashMap<>();
    private final List<Row> unscored = new ArrayList<>();
    private final List<float[]> unscoredVectors = new ArrayList<>();
    private final List<float[]> unscoredPriors = new ArrayList<>();
    private final long[] known;
    private final long[] positives;
    private final List<Finding> findings = new ArrayList<>();
    private MlpSession frozen;

    /** Makes sessions of one graph each, as a session owns its graph. */
    private record MlpGraphs(InputLayout layout, ModelConfig config) {
        MlpSession session() {
            return MlpSession.initialise(new MlpGraph(layout, config), SessionThreads.SINGLE);
        }
    }

    /** @param freezeAt event time from which the frozen model learns no more, ms UTC */
    Evaluation(ProfilerConfig profiler, FeaturePlan features, ModelConfig model, LabelPlan labels, List<Slice> slices,
            OnlineTrainer.Releases releases, long freezeAt) {
        InputLayout layout = InputLayout.of(features.schema());
        this.labels = labels;
        this.slices = slices;
        this.graphs = new MlpGraphs(layout, model);
        this.mlp = new OnlineTrainer(features.schema(), model, labels, graphs::session, releases);
        ModelConfig linear = model.asLogisticRegression();
        this.logistic = new OnlineTrainer(features.schema(), linear, labels, new MlpGraphs(layout, linear)::session, null);
        this.history = new LabelledHistory(new HistoryProfiler(profiler, features),
                new LabelJoin(labels.withAllNegatives(), MAX_WAITING), features.schema().hash(), this::learn);
        this.rows = new JudgedRows(labels.labels().size(), Model.values().length);
        this.freezeAt = freezeAt;
        this.known = new long[labels.labels().size()];
        this.positives = new long[known.length];
    }

    void take(ReplayItem item) {
        if (item instanceof ReplayItem.ReplayOutcome outcome) {
            history.take(outcome.outcome());
        } else if (item instanceof ReplayItem.ReplayEvent event) {
            take(event.event());
        }
    }

    /** Scores what waits; labels whose horizon is not over stay unknown. */
    void end() {
        score();
    }

    JudgedRows rows() {
        return rows;
    }

    /** Event time that has gone by, ms UTC: of vectors whose horizon is over by then it is known what came of them. */
    long reached() {
        return history.reached();
    }

    List<Finding> findings() {
        return findings;
    }

    EvaluationAccount account() {
        return account;
    }

    @Override
    public void close() {
        mlp.close();
        logistic.close();
        if (frozen != null) {
            frozen.close();
        }
    }

    private void take(BehaviorEvent event) {
        Verdict verdict = history.take(event);
        account.count(verdict);
        if (!(verdict instanceof Verdict.Profiled profiled)) {
            return;
        }
        UserUpdate update = profiled.update();
        if (frozen == null && event.getEventTime() >= freezeAt) {
            frozen = graphs.session();
            frozen.writeAll(mlp.learner().session().readAll());
        }
        LabelJoin.Taken taken = history.judge(update, event.getType());
        account.count(taken);
        if (taken != LabelJoin.Taken.YES) {
            return;
        }
        boolean isFirst = event.getSessionId() != null
                && sessions.computeIfAbsent(event.getUserId(), user -> new HashSet<>()).add(event.getSessionId());
        int bits = 0;
        for (int i = 0; i < slices.size(); i++) {
            bits |= slices.get(i).holds(event, isFirst) ? 1 << i : 0;
        }
        Row row = rows.add(update.predictionId(), event.getUserId(), update.updatedAt(), bits);
        undecided.put(row.id, row);
        unscored.add(row);
        unscoredVectors.add(update.vector());
        unscoredPriors.add(prior());
        if (unscored.size() >= SCORED_AT_ONCE) {
            score();
        }
    }

    private void learn(String user, LabeledExample example) {
        Row row = undecided.get(example.prediction().id());
        boolean isOpen = false;
        for (LabeledExample.HeadLabel label : example.labels()) {
            isOpen |= !label.certainty().isJudged();
            if (row != null && label.certainty().isJudged()) {
                row.labels[label.head()] = label.isPositive() ? 1 : 0;
                row.positiveAfter[label.head()] = label.knownAt() - row.time;
                known[label.head()]++;
                positives[label.head()] += label.isPositive() ? 1 : 0;
            }
        }
        if (!isOpen && labels.labels().size() == 1) {
            undecided.remove(example.prediction().id());
        }
        if (mlp.isAboutToLearn()) {
            score();
        }
        LabeledExample kept = labels.kept(example);
        findings.addAll(mlp.take(user, kept));
        logistic.take(user, kept);
    }

    private void score() {
        if (unscored.isEmpty()) {
            return;
        }
        float[][] x = unscoredVectors.toArray(float[][]::new);
        float[][] priors = unscoredPriors.toArray(float[][]::new);
        float[][] online = mlp.learner().calibrated(mlp.learner().logits(x));
        put(Model.ONLINE, online);
        put(Model.RELEASED, mlp.champion() == null ? priors : mlp.champion().score(x));
        put(Model.FROZEN, frozen == null ? online : frozen.score(x));
        put(Model.LOGISTIC, logistic.learner().calibrated(logistic.learner().logits(x)));
        put(Model.PRIOR, priors);
        unscored.clear();
        unscoredPriors.clear();
        unscoredVectors.clear();
    }

    private void put(Model model, float[][] probabilities) {
        int heads = known.length;
        for (int i = 0; i < probabilities.length; i++) {
            System.arraycopy(probabilities[i], 0, unscored.get(i).scores, model.ordinal() * heads, heads);
        }
    }

    /** The share of positives known now. */
    private float[] prior() {
        float[] share = new float[known.length];
        for (int head = 0; head < share.length; head++) {
            share[head] = (float) ((positives[head] + 1.0) / (known[head] + 2.0));
        }
        return share;
    }
}
