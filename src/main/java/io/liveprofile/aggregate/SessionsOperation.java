package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Sessions of a window: its events cut wherever none comes for longer than {@code gap}. Gives their number, their mean
 * length in seconds (first to last event), their mean number of events and the share of those with one event (bounces). A
 * session that began before the window counts with its events in it.
 *
 * <p>Exact while a tile holds at most {@code 64} sessions, so while its hop is at most 64 gaps. Beyond that the older ones
 * are only counted, and an event later than the allowed order that falls among those opens no session.
 */
final class SessionsOperation extends PartialOperation<SessionsOperation.Sessions> {
    private static final int MAX_OPEN = 64;
    private static final int OBJECT_BYTES = 120;
    private static final List<String> OUTPUTS = List.of("", "length", "events", "bounce_share");

    /** Fields of an open session. */
    private static final int FIRST = 0;
    private static final int LAST = 1;
    private static final int EVENTS = 2;
    private static final int FIELDS = 3;

    /**
     * In order of time: the oldest session, sums over those that are closed, the newer ones. Only the oldest and the newer
     * ones can still grow.
     */
    static final class Sessions {
        /** Fields of each open session, the oldest first. */
        private long[] open = new long[2 * FIELDS];
        private int size;
        private long closed;
        private long closedMillis;
        private long closedEvents;
        private long closedBounces;
    }

    private final long gapMillis;

    SessionsOperation(long gapMillis) {
        this.gapMillis = gapMillis;
    }

    @Override
    List<String> outputs() {
        return OUTPUTS;
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    Sessions create() {
        return new Sessions();
    }

    @Override
    void add(Sessions sessions, BehaviorEvent event) {
        add(sessions, event.getEventTime(), event.getEventTime(), 1);
    }

    @Override
    void merge(Sessions sessions, Sessions later) {
        for (int i = 0; i < later.size; i++) {
            int at = i * FIELDS;
            add(sessions, later.open[at + FIRST], later.open[at + LAST], later.open[at + EVENTS]);
            if (i == 0 && later.closed > 0) {
                addClosed(sessions, later);
            }
        }
    }

    @Override
    void numbers(Sessions sessions, Sessions before, long nowMillis, double[] numbers, int position) {
        long count = sessions.closed + sessions.size;
        long millis = sessions.closedMillis;
        long events = sessions.closedEvents;
        long bounces = sessions.closedBounces;
        for (int at = 0; at < sessions.size * FIELDS; at += FIELDS) {
            millis += sessions.open[at + LAST] - sessions.open[at + FIRST];
            events += sessions.open[at + EVENTS];
            bounces += sessions.open[at + EVENTS] == 1 ? 1 : 0;
        }
        numbers[position] = count;
        numbers[position + 1] = millis / 1000.0 / count;
        numbers[position + 2] = (double) events / count;
        numbers[position + 3] = (double) bounces / count;
    }

    @Override
    void write(Sessions sessions, Encoder out) throws IOException {
        out.writeInt(sessions.size);
        long previous = 0;
        for (int at = 0; at < sessions.size * FIELDS; at += FIELDS) {
            out.writeLong(sessions.open[at + FIRST] - previous);
            out.writeLong(sessions.open[at + LAST] - sessions.open[at + FIRST]);
            out.writeLong(sessions.open[at + EVENTS]);
            previous = sessions.open[at + LAST];
        }
        out.writeLong(sessions.closed);
        out.writeLong(sessions.closedMillis);
        out.writeLong(sessions.closedEvents);
        out.writeLong(sessions.closedBounces);
    }

    @Override
    Sessions read(int format, Decoder in) throws IOException {
        Sessions sessions = new Sessions();
        sessions.size = in.readInt();
        sessions.open = new long[Math.max(2, sessions.size) * FIELDS];
        long previous = 0;
        for (int at = 0; at < sessions.size * FIELDS; at += FIELDS) {
            sessions.open[at + FIRST] = previous + in.readLong();
            sessions.open[at + LAST] = sessions.open[at + FIRST] + in.readLong();
            sessions.open[at + EVENTS] = in.readLong();
            previous = sessions.open[at + LAST];
        }
        sessions.closed = in.readLong();
        sessions.closedMillis = in.readLong();
        sessions.closedEvents = in.readLong();
        sessions.closedBounces = in.readLong();
        return sessions;
    }

    @Override
    int maxBytes() {
        return MAX_OPEN * FIELDS * 10 + 50;
    }

    @Override
    int memoryBytes(Sessions sessions) {
        return OBJECT_BYTES + sessions.open.length * Long.BYTES;
    }

    /** Adds events without a gap: joins the sessions they touch, or makes one. */
    private void add(Sessions sessions, long first, long last, long events) {
        int from = sessions.size;
        while (from > 0 && sessions.open[(from - 1) * FIELDS + LAST] >= first - gapMillis) {
            from--;
        }
        int to = from;
        while (to < sessions.size && sessions.open[to * FIELDS + FIRST] <= last + gapMillis) {
            to++;
        }
        if (from == 1 && to == 1 && sessions.closed > 0 && sessions.size > 1) {
            sessions.closedEvents += events; // among sessions that are only counted
            return;
        }
        if (from == to) {
            makeRoom(sessions, from);
            put(sessions, from, first, last, events);
            if (from == 0 && sessions.closed > 0) {
                closeOne(sessions); // the oldest until now
            }
        } else {
            join(sessions, from, to, first, last, events);
        }
        if (sessions.size > MAX_OPEN) {
            closeOne(sessions);
        }
    }

    private static void makeRoom(Sessions sessions, int index) {
        if ((sessions.size + 1) * FIELDS > sessions.open.length) {
            sessions.open = Arrays.copyOf(sessions.open, sessions.open.length * 2);
        }
        System.arraycopy(sessions.open, index * FIELDS, sessions.open, (index + 1) * FIELDS, (sessions.size - index) * FIELDS);
        sessions.size++;
    }

    private static void join(Sessions sessions, int from, int to, long first, long last, long events) {
        long joined = events;
        for (int i = from; i < to; i++) {
            joined += sessions.open[i * FIELDS + EVENTS];
        }
        long start = Math.min(first, sessions.open[from * FIELDS + FIRST]);
        long end = Math.max(last, sessions.open[(to - 1) * FIELDS + LAST]);
        put(sessions, from, start, end, joined);
        System.arraycopy(sessions.open, to * FIELDS, sessions.open, (from + 1) * FIELDS, (sessions.size - to) * FIELDS);
        sessions.size -= to - from - 1;
    }

    private static void put(Sessions sessions, int index, long first, long last, long events) {
        int at = index * FIELDS;
        sessions.open[at + FIRST] = first;
        sessions.open[at + LAST] = last;
        sessions.open[at + EVENTS] = events;
    }

    /** Closes the oldest session but one. */
    private static void closeOne(Sessions sessions) {
        int at = FIELDS;
        sessions.closed++;
        sessions.closedMillis += sessions.open[at + LAST] - sessions.open[at + FIRST];
        sessions.closedEvents += sessions.open[at + EVENTS];
        sessions.closedBounces += sessions.open[at + EVENTS] == 1 ? 1 : 0;
        sessions.size--;
        System.arraycopy(sessions.open, 2 * FIELDS, sessions.open, FIELDS, (sessions.size - 1) * FIELDS);
    }

    /** Takes over what is closed in a later partial, between its oldest session, which was added, and its newer ones. */
    private static void addClosed(Sessions sessions, Sessions later) {
        while (sessions.size > 1) {
            closeOne(sessions);
        }
        sessions.closed += later.closed;
        sessions.closedMillis += later.closedMillis;
        sessions.closedEvents += later.closedEvents;
        sessions.closedBounces += later.closedBounces;
    }
}
