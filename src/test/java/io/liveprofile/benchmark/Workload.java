package io.liveprofile.benchmark;

import java.io.Serializable;
import java.time.Duration;

/**
 * How many users there are and how event time passes for them.
 *
 * @param users of the whole job
 * @param gap event time between two events of a user, on average over the users
 * @param filled events that each user has behind him, a gap apart, when he is first drawn; at least 1
 */
record Workload(int users, Duration gap, int filled) implements Serializable {
    /** Event time of the first drawn event, ms UTC: a whole hour. */
    static final long START = 1_749_999_600_000L;

    Workload {
        if (users < 1 || filled < 1 || gap.toMillis() < 1) {
            throw new IllegalArgumentException("users " + users + ", filled " + filled + ", gap " + gap);
        }
    }

    Workload withUsers(int users) {
        return new Workload(users, gap, filled);
    }

    /** The same users where nothing is kept but that they were there. */
    Workload filledOnce() {
        return new Workload(users, gap, 1);
    }

    /** Events until every user has those that he has behind him. */
    long fillEvents() {
        return (long) users * filled;
    }
}
