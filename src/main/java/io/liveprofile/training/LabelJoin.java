package io.liveprofile.training;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import io.liveprofile.training.UserLabels.Status;
import io.liveprofile.training.UserLabels.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Brings each scored vector together with what came of it, in event time: equal vectors, events and outcomes give equal
 * examples in whatever order they arrive within the watermark; but of vectors of which {@code every} lets only some be asked, the
 * first to arrive is.
 *
 * <p>A vector waits from {@code asOf} until each head that asked for it is decided: positive at once when what makes it so
 * comes in {@code (asOf, asOf + horizon]}, negative when the time is over (silence the other way round). A head that learns
 * negatives early is told twice, see {@link Certainty}. Facts are applied when the watermark has passed them, when every vector
 * that they may decide is there; a vector behind the watermark, or behind a fact of its user that was applied or a time that decided another, is
 * refused, as facts that decide it may be gone, or it was decided itself. The latter holds also where there is no watermark yet, as
 * after a failure.
 *
 * <p>At most {@value #MAX_FACTS} facts of a user wait. When there are more, as of a robot while no vector comes, the oldest go, and
 * with them the labels that they would have decided: those stay unknown, and vectors before them are refused.
 *
 * <p>No vector meets its own past or present as a label: {@link LabelFact#concerns}.
 */
public final class LabelJoin {
    /** Facts of one user that wait at a time. */
    static final int MAX_FACTS = 10_000;
    /** Of two of one time what is so comes before what is not, so that the order of arrival does not show. */
    private static final Comparator<LabelFact> IN_ORDER = Comparator.comparingLong(LabelFact::time)
            .thenComparing(LabelFact::positives, Comparator.reverseOrder())
            .thenComparing(LabelFact::eventId, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** What became of a vector that was offered. */
    public enum Taken {
        YES,
        /** No head judges its event, or each asked this user a while ago. */
        NOT_ASKED,
        /** It waits already: a failure of whoever scored it has repeated it. */
        REPEATED,
        /** What would have decided it may have come and gone. */
        LATE,
        /** So many wait already. Whoever waits stays: what is dropped later could only have become negative. */
        NO_ROOM
    }

    private record Decided(Waiting waiting, HeadLabel label) {}

    private final LabelPlan plan;
    private final List<Label> labels;
    private final int maxWaiting;

    /** @param maxWaiting vectors of one user that wait at a time, at least 1 */
    public LabelJoin(LabelPlan plan, int maxWaiting) {
        this.plan = plan;
        this.labels = plan.labels();
        this.maxWaiting = maxWaiting;
    }

    public LabelPlan plan() {
        return plan;
    }

    /** Takes a scored vector, unless it is late: behind a watermark that has passed its {@code asOf}, or before a lost fact. */
    public Taken add(UserLabels user, Prediction prediction, long watermark) {
        if (prediction.asOf() <= watermark || prediction.asOf() < Math.max(user.lostUntil, user.appliedUntil)) {
            return Taken.LATE;
        }
        int place = user.waiting.size();
        while (place > 0 && user.waiting.get(place - 1).prediction.asOf() >= prediction.asOf()) {
            place--;
            if (user.waiting.get(place).prediction.id().equals(prediction.id())) {
                return Taken.REPEATED;
            }
        }
        while (place < user.waiting.size() && user.waiting.get(place).prediction.asOf() == prediction.asOf()) {
            place++;
        }
        Status[] heads = new Status[labels.size()];
        boolean isAsked = false;
        for (int head = 0; head < heads.length; head++) {
            boolean asks = asks(labels.get(head), prediction, user.takenAt[head]);
            heads[head] = asks ? Status.OPEN : Status.NONE;
            isAsked |= asks;
        }
        if (!isAsked) {
            return Taken.NOT_ASKED;
        }
        if (user.waiting.size() == maxWaiting) {
            return Taken.NO_ROOM;
        }
        for (int head = 0; head < heads.length; head++) {
            user.takenAt[head] = heads[head] == Status.OPEN
                    ? Math.max(user.takenAt[head], prediction.asOf())
                    : user.takenAt[head];
        }
        user.waiting.add(place, new Waiting(prediction, heads));
        return Taken.YES;
    }

    /** Whether the event or outcome may decide anything. */
    public boolean concerns(BehaviorEvent event) {
        for (Label label : labels) {
            Label.Positive positive = label.positive();
            boolean isConcerned = positive instanceof Label.EventComes comes
                    ? comes.isMetBy(event)
                    : positive instanceof Label.Silence silence
                            ? silence.types().contains(event.getType())
                            : event.getType() == EventType.OUTCOME
                                    && ((Label.OutcomeComes) positive).labels().contains(event.getAttributes().get("label"));
            if (isConcerned) {
                return true;
            }
        }
        return false;
    }

    /**
     * Event time from which a user of whom nothing waits may be forgotten: twice the longest horizon, or the longest {@code every},
     * after he was asked last and his last fact came. NEVER when nothing is remembered of him.
     */
    public long forgetAt(UserLabels user) {
        long last = Math.max(user.seenAt(), user.lostUntil);
        for (long each : user.takenAt) {
            last = Math.max(last, each);
        }
        return last == UserLabels.NEVER ? UserLabels.NEVER : last + plan.rememberedMillis();
    }

    /** Whether nothing of the user matters any more. */
    public boolean canForget(UserLabels user, long watermark) {
        return user.isIdle() && forgetAt(user) <= watermark;
    }

    /** Takes an event, which decides what it does when the watermark passes it. False = it decides nothing. */
    public boolean add(UserLabels user, BehaviorEvent event) {
        int negatives = 0;
        boolean isOfUse = false;
        for (int head = 0; head < labels.size(); head++) {
            Label.Positive positive = labels.get(head).positive();
            if (positive instanceof Label.EventComes comes && comes.isMetBy(event)) {
                long identity = LabelPlan.hash(comes.identity(event), head) | 1; // never 0
                isOfUse |= add(user, new LabelFact(event.getEventTime(), event.getEventId(), false, 1 << head, 0, identity));
            } else if (positive instanceof Label.Silence silence && silence.types().contains(event.getType())) {
                negatives |= 1 << head;
            }
        }
        return isOfUse | add(user,
                new LabelFact(event.getEventTime(), event.getEventId(), false, 0, negatives, LabelFact.NO_IDENTITY));
    }

    /** Takes an outcome; one of value 0 says that it is not so. */
    public boolean add(UserLabels user, LabeledOutcome outcome) {
        int named = 0;
        for (int head = 0; head < labels.size(); head++) {
            boolean isNamed = labels.get(head).positive() instanceof Label.OutcomeComes comes
                    && comes.labels().contains(outcome.getLabel());
            named |= isNamed ? 1 << head : 0;
        }
        boolean isSo = outcome.getValue() > 0;
        return add(user, new LabelFact(
                outcome.getOutcomeTime(), outcome.getEventId(), true, isSo ? named : 0, isSo ? 0 : named,
                LabelFact.NO_IDENTITY));
    }

    /**
     * Lets go of the oldest of too many facts, to be called when some were added. Nothing gets a wrong label by it: a waiting
     * vector that such a fact may decide loses the label in question, and none before it is taken any more.
     *
     * @return how many went, mostly 0
     */
    public int dropCrowded(UserLabels user) {
        int dropped = 0;
        while (user.facts.size() > MAX_FACTS) {
            LabelFact oldest = user.facts.remove(0);
            if (!user.hasSeen(oldest)) {
                user.lostUntil = Math.max(user.lostUntil, oldest.time());
                user.waiting.forEach(waiting -> leaveUnknown(waiting, oldest));
            }
            dropped++;
        }
        if (dropped > 0) {
            user.waiting.removeIf(Waiting::isDecided);
        }
        return dropped;
    }

    /** What is known once the watermark has come so far, in order of the time at which it became known. */
    public List<LabeledExample> advance(UserLabels user, long watermark) {
        List<Decided> decided = new ArrayList<>();
        Iterator<LabelFact> facts = user.facts.iterator();
        while (facts.hasNext()) {
            LabelFact fact = facts.next();
            if (fact.time() > watermark) {
                break;
            }
            closeUntil(user, fact.time() - 1, decided);
            user.appliedUntil = Math.max(user.appliedUntil, fact.time());
            if (!user.hasSeen(fact)) {
                apply(user, fact, decided);
            }
            facts.remove();
        }
        closeUntil(user, watermark, decided);
        user.waiting.removeIf(Waiting::isDecided);
        return examples(decided);
    }

    /** Event time up to which the watermark must come until something is known or can be forgotten. */
    public OptionalLong nextDue(UserLabels user) {
        long due = user.facts.isEmpty() ? Long.MAX_VALUE : user.facts.get(0).time();
        for (Waiting waiting : user.waiting) {
            for (int head = 0; head < labels.size(); head++) {
                if (waiting.heads[head] != Status.NONE) {
                    due = Math.min(due, dueOf(waiting, head));
                }
            }
        }
        return due == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(due);
    }

    private static boolean asks(Label label, Prediction prediction, long takenAt) {
        return label.judged().contains(prediction.type())
                && (label.every().isZero() || takenAt == UserLabels.NEVER
                        || prediction.asOf() - takenAt >= label.every().toMillis());
    }

    private static boolean add(UserLabels user, LabelFact fact) {
        if (!fact.isOfUse()) {
            return false;
        }
        int place = user.facts.size();
        while (place > 0 && IN_ORDER.compare(user.facts.get(place - 1), fact) > 0) {
            place--;
        }
        user.facts.add(place, fact);
        return true;
    }

    private void apply(UserLabels user, LabelFact fact, List<Decided> decided) {
        for (Waiting waiting : user.waiting) {
            if (!fact.concerns(waiting.prediction)) {
                continue;
            }
            for (int head = 0; head < labels.size(); head++) {
                int bit = 1 << head;
                boolean isPositive = (fact.positives() & bit) != 0;
                if (waiting.heads[head] != Status.NONE && (isPositive || (fact.negatives() & bit) != 0)) {
                    decide(waiting, head, isPositive, fact.time(), decided);
                }
            }
        }
    }

    private void leaveUnknown(Waiting waiting, LabelFact fact) {
        for (int head = 0; head < labels.size(); head++) {
            boolean isDecided = ((fact.positives() | fact.negatives()) & 1 << head) != 0 && fact.concerns(waiting.prediction)
                    && fact.time() <= waiting.prediction.asOf() + labels.get(head).horizon().toMillis();
            waiting.heads[head] = isDecided ? Status.NONE : waiting.heads[head];
        }
    }

    private void decide(Waiting waiting, int head, boolean isPositive, long time, List<Decided> decided) {
        boolean isEarly = waiting.heads[head] == Status.EARLY;
        waiting.heads[head] = Status.NONE;
        if (isPositive) {
            tell(waiting, head, true, isEarly ? Certainty.LATE_POSITIVE : Certainty.MATURED, time, decided);
        } else {
            tell(waiting, head, false, isEarly ? Certainty.CONFIRMED_NEGATIVE : Certainty.MATURED, time, decided);
        }
    }

    /** Decides what time alone has decided. */
    private void closeUntil(UserLabels user, long time, List<Decided> decided) {
        for (Waiting waiting : user.waiting) {
            for (int head = 0; head < labels.size(); head++) {
                Label label = labels.get(head);
                if (waiting.heads[head] == Status.OPEN && label.isEarly() && dueOf(waiting, head) <= time) {
                    tell(waiting, head, false, Certainty.EARLY_NEGATIVE, dueOf(waiting, head), decided);
                    waiting.heads[head] = Status.EARLY;
                }
                if (waiting.heads[head] != Status.NONE && dueOf(waiting, head) <= time) {
                    user.appliedUntil = Math.max(user.appliedUntil, dueOf(waiting, head));
                    decide(waiting, head, label.isSilence(), dueOf(waiting, head), decided);
                }
            }
        }
    }

    private long dueOf(Waiting waiting, int head) {
        Label label = labels.get(head);
        return waiting.prediction.asOf()
                + (waiting.heads[head] == Status.OPEN ? label.negativeAfter() : label.horizon()).toMillis();
    }

    private void tell(
            Waiting waiting, int head, boolean isPositive, Certainty certainty, long knownAt, List<Decided> decided) {
        if (plan.isKept(waiting.prediction.id(), head, isPositive)) {
            decided.add(new Decided(
                    waiting, new HeadLabel(head, isPositive, certainty, plan.keptShare(head, isPositive), knownAt)));
        }
    }

    private static List<LabeledExample> examples(List<Decided> decided) {
        decided.sort(Comparator.<Decided>comparingLong(each -> each.label().knownAt())
                .thenComparing(each -> each.waiting().prediction.id())); // stable: heads in order
        List<LabeledExample> examples = new ArrayList<>();
        List<Decided> together = new ArrayList<>();
        for (Decided each : decided) {
            if (!together.isEmpty() && !isTogether(together.get(0), each)) {
                examples.add(example(together));
                together.clear();
            }
            together.add(each);
        }
        if (!together.isEmpty()) {
            examples.add(example(together));
        }
        return examples;
    }

    private static boolean isTogether(Decided one, Decided other) {
        return one.waiting() == other.waiting() && one.label().knownAt() == other.label().knownAt();
    }

    private static LabeledExample example(List<Decided> together) {
        return new LabeledExample(
                together.get(0).waiting().prediction, together.stream().map(Decided::label).toList());
    }
}
