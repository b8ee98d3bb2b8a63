package io.liveprofile.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The releases that are ready to score, and which of them scores what: each event the newest one that was active by its time,
 * and an event before all of them the oldest. The newest and the one before it are kept, so that events that are a little late
 * meet the release of their time. Not thread-safe; owns the scorers that it keeps.
 */
final class ServingReleases implements AutoCloseable {
    private static final int KEPT = 2;

    /** Ascending by activation, of one time by id. */
    private final List<Scorer> scorers = new ArrayList<>();

    /** @param eventTime ms UTC; null = no release at all */
    Scorer of(long eventTime) {
        for (int i = scorers.size() - 1; i > 0; i--) {
            if (scorers.get(i).activeFrom() <= eventTime) {
                return scorers.get(i);
            }
        }
        return scorers.isEmpty() ? null : scorers.get(0);
    }

    /** Takes a release, and lets the oldest go when there is one more than are kept: the caller closes it. */
    Optional<Scorer> add(Scorer scorer) {
        int place = scorers.size();
        while (place > 0 && isAfter(scorers.get(place - 1), scorer)) {
            place--;
        }
        scorers.add(place, scorer);
        return scorers.size() > KEPT ? Optional.of(scorers.remove(0)) : Optional.empty();
    }

    /** Whether the release is here, or older than all that are here and of no use any more. */
    boolean knows(String releaseId, long activeFrom) {
        return !scorers.isEmpty() && activeFrom < scorers.get(0).activeFrom()
                || scorers.stream().anyMatch(scorer -> scorer.releaseId().equals(releaseId));
    }

    boolean isEmpty() {
        return scorers.isEmpty();
    }

    /** Ascending by activation. */
    List<String> ids() {
        return scorers.stream().map(Scorer::releaseId).toList();
    }

    /** Id of the one that was activated last; empty without one. */
    String newest() {
        return scorers.isEmpty() ? "" : scorers.get(scorers.size() - 1).releaseId();
    }

    @Override
    public void close() {
        scorers.forEach(Scorer::close);
        scorers.clear();
    }

    private static boolean isAfter(Scorer one, Scorer other) {
        return one.activeFrom() > other.activeFrom()
                || one.activeFrom() == other.activeFrom() && one.releaseId().compareTo(other.releaseId()) > 0;
    }
}
