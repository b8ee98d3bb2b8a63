package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;

/**
 * The arithmetic of one kind of aggregate. Stateless itself; what it knows of a user lies in that user's
 * {@link UserAggregates}. Two families:
 *
 * <ul>
 *   <li>{@link TiledOperation}: partial aggregates of a few numbers, one a tile, merged over a window's tiles;
 *   <li>{@link HistoryOperation}: one structure a user that answers for every window, as all windows end now.
 * </ul>
 *
 * <p>Adding an operation takes one subclass of either, one line in {@link Operations} and one case in the test against
 * the naive oracle.
 */
public abstract sealed class Operation permits TiledOperation, HistoryOperation {

    /** Shape of what an operation says. */
    public enum Kind {
        NUMBER,
        LIST,
        SHARES
    }

    public Kind kind() {
        return Kind.NUMBER;
    }

    /** Whether the event carries what this operation needs; others are never added. */
    public boolean accepts(BehaviorEvent event) {
        return true;
    }

    /** Key of the {@link Kind#SHARES} that the event bears on; null = none. */
    public String keyOf(BehaviorEvent event) {
        throw new IllegalStateException(getClass().getSimpleName() + " has no keys");
    }

    /** What the statistic counts as in a feature vector when no event feeds it; NaN = missing. */
    public double whenEmpty() {
        return Double.NaN;
    }
}
