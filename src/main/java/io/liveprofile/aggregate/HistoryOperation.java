package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * An operation that keeps one history a user, whatever windows read it. As every window ends now, a window is a time since
 * which events count, and a history that knows how recent its parts are answers for all of them.
 *
 * <p>Law every implementation keeps: the order in which events are added does not show, but among events of one time.
 *
 * @param <H> history of one user, mutable
 */
abstract non-sealed class HistoryOperation<H> extends Operation {

    /** A history of no events. */
    abstract H create();

    /**
     * Adds an accepted event.
     *
     * @param since start of the longest window; what is older need not be kept
     */
    abstract void add(H history, BehaviorEvent event, long since);

    /** Value at {@code nowMillis} of a {@link Kind#NUMBER} over the events from {@code since} on; NaN = none. */
    double number(H history, long since, long nowMillis) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no number");
    }

    /** Value of a {@link Kind#LIST}, newest first. */
    TextList list(H history, long since) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no list");
    }

    /** Value of a {@link Kind#SHARES}, largest first. */
    NumbersByKey shares(H history) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no shares");
    }

    /** Value of a {@link Kind#VECTOR}. */
    float[] vector(H history) {
        throw new IllegalStateException(getClass().getSimpleName() + " gives no vector");
    }

    /** Writes the history; what is older than {@code since} may be left out. */
    abstract void write(H history, long since, Encoder out) throws IOException;

    /** Reads what {@link #write} of that format wrote. */
    abstract H read(int format, Decoder in) throws IOException;

    /** Bytes of memory the history takes, roughly. */
    abstract int memoryBytes(H history);
}
