package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.List;

/**
 * The arithmetic of one kind of aggregate. Stateless itself; what it knows of a user lies in that user's
 * {@link UserAggregates}. Three families:
 *
 * <ul>
 *   <li>{@link TiledOperation}: partial aggregates of a few numbers, one a tile, merged over a window's tiles;
 *   <li>{@link PartialOperation}: partial aggregates of any other form, one a tile, merged the same way;
 *   <li>{@link HistoryOperation}: one structure a user that answers for every window, as all windows end now.
 * </ul>
 *
 * <p>Adding an operation takes one subclass, one entry in {@link Operations} and one line in the test against the naive
 * oracle.
 */
public abstract sealed class Operation permits TiledOperation, PartialOperation, HistoryOperation {
    private static final List<String> ONE_OUTPUT = List.of("");

    /** Shape of what an operation says. */
    public enum Kind {
        /** A number a window for each of {@link #outputs}. */
        NUMBER,
        /** Texts. */
        LIST,
        /** Shares of the whole by key, without windows. */
        SHARES,
        /** A number by key. */
        BREAKDOWN,
        /** As many numbers as {@link #vectorSize} says. */
        VECTOR
    }

    public Kind kind() {
        return Kind.NUMBER;
    }

    /** What the names of the numbers end with, before the window's; an empty one stands for the aggregate itself. */
    List<String> outputs() {
        return ONE_OUTPUT;
    }

    /** Length of a {@link Kind#VECTOR}. */
    public int vectorSize() {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no vector");
    }

    /** Whether the event carries what this operation needs; others are never added. */
    public boolean accepts(BehaviorEvent event) {
        return true;
    }

    /** Key of the {@link Kind#SHARES} or {@link Kind#BREAKDOWN} that the event bears on; null = none. */
    public String keyOf(BehaviorEvent event) {
        throw new IllegalStateException(getClass().getSimpleName() + " has no keys");
    }

    /** What a number counts as in a feature vector, and a key in a breakdown, when no event feeds it; NaN = missing. */
    public double whenEmpty() {
        return Double.NaN;
    }

    /** Whether it is read over windows; others look back forever and fade. */
    boolean hasWindows() {
        return true;
    }

    /** Format of what is written to state; a reader knows every format up to its own. */
    int format() {
        return 1;
    }

    /** Most bytes of state: of a tile for the first two families, of a user for a history. */
    abstract int maxBytes();
}
