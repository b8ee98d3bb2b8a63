package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The arithmetic of one kind of aggregate. Stateless itself; everything about a user lies in the partial aggregates
 * {@code P}, one a tile.
 *
 * <p>Law every implementation keeps: adding events one by one to one partial gives the same value as adding them to
 * several partials of consecutive times and merging those in order of time (sketches: within their stated bound).
 * Adding an operation takes one subclass, one line in {@link Operations} and one case in the test against the naive
 * oracle.
 *
 * @param <P> partial aggregate, mutable
 */
public abstract class Operation<P> {

    /** Shape of what an operation says. */
    public enum Kind {
        NUMBER,
        LIST,
        WEIGHTS
    }

    public Kind kind() {
        return Kind.NUMBER;
    }

    /** Whether the event carries what this operation needs; others never reach {@link #add}. */
    public boolean accepts(BehaviorEvent event) {
        return true;
    }

    /** A partial of no events. */
    public abstract P create();

    /**
     * Adds an accepted event; event times within one partial may come in any order.
     *
     * @return false when the partial is known to be as before, so that what was read of it still holds
     */
    public abstract boolean add(P partial, BehaviorEvent event);

    /** Adds to {@code into} what {@code later} holds; {@code later} covers later event times and stays as it is. */
    public abstract void merge(P into, P later);

    /** A new partial of all that {@code partials}, oldest first and at least one, hold; they stay as they are. */
    public P mergeAll(List<P> partials) {
        P whole = create();
        for (P partial : partials) {
            merge(whole, partial);
        }
        return whole;
    }

    public abstract void write(P partial, Encoder out) throws IOException;

    /** Reads what {@link #write} wrote. */
    public abstract P read(Decoder in) throws IOException;

    /** Value of a {@link Kind#NUMBER} at {@code nowMillis}; NaN = none. */
    public double number(P partial, long nowMillis) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no number");
    }

    /** Value of a {@link Kind#LIST}, newest first. */
    public TextList list(P partial) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no list");
    }

    /** Value of a {@link Kind#WEIGHTS} at {@code nowMillis}. */
    public Shares weights(P partial, long nowMillis) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no weights");
    }

    /** The value of this operation's kind: a Double, a list of texts, or a map of key to Double. */
    final Object value(P partial, long nowMillis) {
        return switch (kind()) {
            case NUMBER -> number(partial, nowMillis);
            case LIST -> list(partial);
            case WEIGHTS -> weights(partial, nowMillis);
        };
    }

    /** Key of {@link #weights} that the event bears on, for a {@link Kind#WEIGHTS}; null = none. */
    public String keyOf(BehaviorEvent event) {
        throw new IllegalStateException(getClass().getSimpleName() + " has no keys");
    }

    /** What the statistic counts as in a feature vector when no event feeds it; NaN = missing. */
    public double whenEmpty() {
        return Double.NaN;
    }

    /** True when the value changes as time passes without an event and without a tile expiring. */
    public boolean changesWithTime() {
        return false;
    }
}
