package io.liveprofile.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The releases that are ready to score, and which of them scores what: each event the newest one that was active by its time,
 * and an event before all that are kept the oldest of them, unless it is before the first that there ever was. Kept are the one
 * that is active at the watermark, the one before it, so that events that are a little late meet the release of their time, and
 * those to come, four in all. Not thread-safe; owns the scorers that it keeps.
 */
final class ServingReleases implements AutoCloseable {
    /** Event time from which nothing is scored yet: there was no release so far. */
    static final long NONE_YET = Long.MAX_VALUE;
    private static final int MOST = 4;

    /** Ids are r and a number of six digits or more. */
    static final Comparator<String> AS_WRITTEN =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    /** Ascending by activation, of one time as they were written. */
    private final List<Scorer> scorers = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long scoredFrom = NONE_YET;

    /** @param eventTime ms UTC; null = none scores it */
    Scorer of(long eventTime) {
        if (scorers.isEmpty() || eventTime < scoredFrom) {
            return null;
        }
        for (int i = scorers.size() - 1; i > 0; i--) {
            if (scorers.get(i).activeFrom() <= eventTime) {
                return scorers.get(i);
            }
        }
        return scorers.get(0);
    }

    /** Event time from which events are scored, ms UTC: until it is set, the activation of the first release that was taken. */
    long scoredFrom() {
        return scoredFrom;
    }

    /** @param scoredFrom ms UTC; {@link Long#MIN_VALUE} = the oldest release scores all of before it */
    void scoreFrom(long scoredFrom) {
        this.scoredFrom = scoredFrom;
    }

    /** Takes a release. {@link #passed} and {@link #givenUp} say which go for it. */
    void add(Scorer scorer) {
        if (scoredFrom == NONE_YET) {
            scoredFrom = scorer.activeFrom();
        }
        scorers.add(scorer);
        scorers.sort(Comparator.comparingLong(Scorer::activeFrom).thenComparing(Scorer::releaseId, AS_WRITTEN));
    }

    /** @param watermark event time, ms UTC, up to which what comes is late */
    void advanceTo(long watermark) {
        this.watermark = watermark;
    }

    /** Lets go those that only late events could meet, but one while there is room for it; the caller closes them. */
    List<Scorer> passed() {
        List<Scorer> passed = new ArrayList<>();
        while (isActive(2) || scorers.size() > MOST && isActive(1)) {
            passed.add(scorers.remove(0));
        }
        return passed;
    }

    /**
     * Lets go one that is not active yet, where there is one too many: the one that was written first, as a later one knows more.
     * The caller closes it.
     */
    Optional<Scorer> givenUp() {
        if (scorers.size() <= MOST) {
            return Optional.empty();
        }
        Optional<Scorer> first = scorers.stream().skip(1).min(Comparator.comparing(Scorer::releaseId, AS_WRITTEN));
        first.ifPresent(scorers::remove);
        return first;
    }

    boolean contains(String releaseId) {
        return scorers.stream().anyMatch(scorer -> scorer.releaseId().equals(releaseId));
    }

    /** Whether a release would be the oldest by its activation, and so of no use. */
    boolean isBeforeAll(long activeFrom) {
        return !scorers.isEmpty() && activeFrom < scorers.get(0).activeFrom();
    }

    /** Whether a release that was written later scores all that this one would. */
    boolean isSuperseded(String releaseId, long activeFrom) {
        return scorers.stream().anyMatch(
                scorer -> AS_WRITTEN.compare(scorer.releaseId(), releaseId) > 0 && scorer.activeFrom() <= activeFrom);
    }

    /** Whether there is room for one more that is to come, be it that the oldest goes for it. */
    boolean hasRoom() {
        return scorers.size() < MOST || isActive(1);
    }

    /** Event time from which the oldest is active, ms UTC. At least one is here. */
    long activeFrom() {
        return scorers.get(0).activeFrom();
    }

    /** Whether a release was written before the oldest here, so that this is what was to follow it. At least one is here. */
    boolean isFollowed(String releaseId) {
        return AS_WRITTEN.compare(releaseId, scorers.get(0).releaseId()) < 0;
    }

    boolean isEmpty() {
        return scorers.isEmpty();
    }

    /** Ascending by activation. */
    List<String> ids() {
        return scorers.stream().map(Scorer::releaseId).toList();
    }

    /** Id of the one that is activated last; empty without one. */
    String newest() {
        return scorers.isEmpty() ? "" : scorers.get(scorers.size() - 1).releaseId();
    }

    @Override
    public void close() {
        scorers.forEach(Scorer::close);
        scorers.clear();
    }

    private boolean isActive(int place) {
        return place < scorers.size() && scorers.get(place).activeFrom() <= watermark;
    }
}
