package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * An operation whose partial aggregate is an object of any form, one a tile ({@link PartialSeries}).
 *
 * <p>Law every implementation keeps: adding events to several partials of successive times and merging those in order of
 * time gives the same value as adding them all to one, in whatever order they come; what is approximate keeps to the bound
 * it states. A partial read back from state is equal to the one written, so that what is merged of it is too.
 *
 * @param <P> partial of one tile, mutable
 */
abstract non-sealed class PartialOperation<P> extends Operation {

    /** A partial of no events. */
    abstract P create();

    /** Adds an accepted event. */
    abstract void add(P partial, BehaviorEvent event);

    /** Adds to one partial what another one of later events holds, which stays as it is. */
    abstract void merge(P partial, P later);

    /** Whether values compare the window with the one of equal length before it. */
    boolean comparesWithBefore() {
        return false;
    }

    /**
     * Puts the numbers of a {@link Kind#NUMBER}, one for each of {@link #outputs}; NaN = none.
     *
     * @param partial all events of the window, at least one unless it {@link #comparesWithBefore}
     * @param before those of the window before; null where it is not asked for
     */
    void numbers(P partial, P before, long nowMillis, double[] numbers, int position) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no numbers");
    }

    /** Value of a {@link Kind#LIST}. */
    TextList list(P partial) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no list");
    }

    /** Value of a {@link Kind#BREAKDOWN}. */
    NumbersByKey breakdown(P partial, long nowMillis) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no breakdown");
    }

    abstract void write(P partial, Encoder out) throws IOException;

    /** Reads what {@link #write} of that format wrote. */
    abstract P read(int format, Decoder in) throws IOException;

    /** Bytes of memory the partial takes, roughly. */
    abstract int memoryBytes(P partial);
}
