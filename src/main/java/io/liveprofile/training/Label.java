package io.liveprofile.training;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.expression.ExpressionFailedException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/**
 * What makes one head of the model positive, and when that is known.
 *
 * <p>A vector is judged from the event time up to which its windows were counted; only what comes strictly after that and
 * at most {@code horizon} later is its label, so that no vector contains what it is asked to foretell.
 *
 * @param head name of the model's head
 * @param positive what must come within the horizon
 * @param horizon event time within which it must come; above 0
 * @param negativeAfter event time after which a vector is learned as negative; a positive that comes between this and the
 *     horizon is learned as well, and both are weighed ({@link DelayedFeedback}). At most {@code horizon}
 * @param every event time in which a user gives at most one example; 0 = each judged event gives one
 * @param judged types of the events whose vectors are judged
 * @param keptNegatives share of the negatives that become examples, above 0 to 1; the trainer corrects the log-odds
 */
public record Label(
        String head,
        Positive positive,
        Duration horizon,
        Duration negativeAfter,
        Duration every,
        Set<EventType> judged,
        double keptNegatives) {

    /** What makes a vector positive. */
    public sealed interface Positive {}

    /**
     * An event of the user, other than the judged one.
     *
     * @param where condition on it; null = none
     * @param distinct what tells such events apart: a second one of the same is the first reported again, and counts for
     *     nothing; null = none has this, or its value is missing, then the event's id does
     */
    public record EventComes(Set<EventType> types, EventCondition where, Function<BehaviorEvent, String> distinct)
            implements Positive {
        public EventComes(Set<EventType> types, EventCondition where) {
            this(types, where, null);
        }

        String identity(BehaviorEvent event) {
            String identity = distinct == null ? null : distinct.apply(event);
            return identity == null ? event.getEventId() : identity;
        }

        boolean isMetBy(BehaviorEvent event) {
            try {
                return types.contains(event.getType()) && (where == null || where.holds(event));
            } catch (ExpressionFailedException e) {
                return false; // a condition without a value is not met, as in aggregates
            }
        }
    }

    /** An outcome with one of these labels and a value above 0, about the judged event or the user as a whole. */
    public record OutcomeComes(Set<String> labels) implements Positive {}

    /** No event of these types until the horizon: negative as soon as one comes. */
    public record Silence(Set<EventType> types) implements Positive {}

    public Label {
        judged = Set.copyOf(judged);
        require(!horizon.isNegative() && !horizon.isZero(), head, "horizon", horizon, "above 0");
        require(!negativeAfter.isNegative() && !negativeAfter.isZero() && negativeAfter.compareTo(horizon) <= 0, head,
                "negative_after", negativeAfter, "above 0, at most the horizon");
        require(!every.isNegative(), head, "every", every, "at least 0");
        require(keptNegatives > 0 && keptNegatives <= 1, head, "keep_negatives", keptNegatives, "above 0, at most 1");
        require(!judged.isEmpty(), head, "judged", judged, "at least one event type");
        require(!(positive instanceof Silence) || negativeAfter.equals(horizon), head, "negative_after", negativeAfter,
                "the horizon: silence is known at its end, and its opposite at once");
    }

    boolean isSilence() {
        return positive instanceof Silence;
    }

    /** Whether vectors are learned as negative before their horizon is over. */
    boolean isEarly() {
        return negativeAfter.compareTo(horizon) < 0;
    }

    /** What examples of it depend on. */
    String form() {
        return "%s %s within %s, negative after %s, %s of the negatives".formatted(head,
                positive.getClass().getSimpleName(), horizon, negativeAfter, keptNegatives);
    }

    private static void require(boolean holds, String head, String key, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("labels." + head + "." + key + " = " + value + ": must be " + allowed);
        }
    }
}
