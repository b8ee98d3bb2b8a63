package io.liveprofile.profile;

import io.liveprofile.aggregate.AggregatePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When the profile of a silent user is published anew: so long after the newest event or outcome that fed it, rounded up to a
 * minute. The first time is the refresh time, then comes one time for each window that is longer: the moment at which it is
 * empty. So a window of no less than the refresh time is never told of as holding something that left it all, with as few
 * profiles as there are windows.
 *
 * <p>Follows from the user's newest event alone. A refresh changes no state: which ones there were is known from the clock,
 * and the user, who is cold as a rule, is read and not written.
 */
public final class RefreshSchedule {
    /** Most refreshes after one event or outcome; of more windows than that some are told of with the next longer one. */
    public static final int MOST = 9;

    /** No time. */
    public static final long NEVER = UserState.NEVER;

    private static final long MINUTE_MILLIS = 60_000;

    private final long refreshMillis;
    /** Silences after which there is a refresh, ascending; empty = never. */
    private final long[] silences;

    /** @param refresh silence before the first refresh; zero = never */
    public RefreshSchedule(Duration refresh, AggregatePlan plan) {
        this.refreshMillis = refresh.toMillis();
        this.silences = refresh.isZero() ? new long[0] : silences(refreshMillis, plan.emptyAfterMillis());
    }

    private static long[] silences(long refresh, List<Long> emptyAfter) {
        List<Long> longer = emptyAfter.stream().filter(length -> length > refresh).toList();
        List<Long> chosen = new ArrayList<>(List.of(refresh));
        int most = Math.min(longer.size(), MOST - 1);
        for (int i = 1; i <= most; i++) {
            chosen.add(longer.get(i * longer.size() / most - 1));
        }
        return chosen.stream().mapToLong(Long::longValue).toArray();
    }

    /** Silence before the first refresh; ms of event time, 0 = never. */
    public long refreshMillis() {
        return refreshMillis;
    }

    /** Event time of the first refresh of a user who was fed at {@code fedAt}, or {@link #NEVER}. */
    public long first(long fedAt) {
        return next(fedAt, NEVER);
    }

    /** Event time of the first refresh after {@code after}, or {@link #NEVER} when there is none any more. */
    public long next(long fedAt, long after) {
        if (fedAt == UserState.NEVER) {
            return NEVER;
        }
        for (long silence : silences) {
            long at = time(fedAt, silence);
            if (at > after) {
                return at;
            }
        }
        return NEVER;
    }

    /** Which refresh takes place at exactly {@code atMillis}, from 1 on; 0 = none. */
    public int numberAt(long fedAt, long atMillis) {
        for (int i = silences.length; i > 0 && fedAt != UserState.NEVER; i--) {
            if (time(fedAt, silences[i - 1]) == atMillis) {
                return i;
            }
        }
        return 0;
    }

    private static long time(long fedAt, long silence) {
        return -Math.floorDiv(-(fedAt + silence), MINUTE_MILLIS) * MINUTE_MILLIS;
    }
}
