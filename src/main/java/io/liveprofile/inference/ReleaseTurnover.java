package io.liveprofile.inference;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.UnfitReleaseException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which releases score, from an announcement or a snapshot to the end: one that is whole is taken once it is loaded, one that is
 * broken or of no use is refused, and one that cannot be read now is tried again in the background. Those that score go on
 * meanwhile. Not thread-safe.
 */
final class ReleaseTurnover implements AutoCloseable {
    private static final int MOST_REFUSED = 20;

    private final ReleaseLoader loader;
    private final BackgroundLoading loading;
    private final ServingReleases serving = new ServingReleases();
    private final Listener listener;
    /** The newest that were refused, oldest first: what a start need not try again. */
    private final Set<String> refused = new LinkedHashSet<>();
    /** Those among them with which nothing is wrong: a start tries them again, as it may be one with other features. */
    private final Set<String> unfit = new HashSet<>();
    /** Refused when it began: their announcements come again. */
    private final Set<String> refusedAtBegin = new HashSet<>();
    /** Announced before it began, in order, that there was no room for: each is loaded when the time of one before it is over. */
    private final Map<String, BackgroundLoading.Wanted> held = new LinkedHashMap<>();
    /** Event time that had passed when it began, ms UTC; no event is of before 1970. */
    private long begunAt;

    /** Hears what becomes of releases. */
    interface Listener {

        /** A release is taken next, and others may go for it: what was meant for them has to be scored now. */
        void willChange();

        /** One that was announced scores from now on. */
        void isTaken(Scorer scorer, long loadMillis);

        /** One is not used, or no more before it ever was. */
        void isRefused(String id, long eventTime, RuntimeException why);
    }

    ReleaseTurnover(ReleaseLoader loader, Listener listener) {
        this.loader = loader;
        this.loading = new BackgroundLoading(loader);
        this.listener = listener;
    }

    /**
     * What a snapshot knows.
     *
     * @param serving ids of the releases that scored
     * @param refused ids of the newest that were refused
     * @param watermark event time that had passed, ms UTC
     * @param scoredFrom event time from which events were scored, ms UTC; {@link Long#MIN_VALUE} = all, also where there is no
     *     snapshot; {@link ServingReleases#NONE_YET} = there was no release
     */
    record Known(Set<String> serving, Set<String> refused, long watermark, long scoredFrom) {}

    /**
     * Begins with the releases of a snapshot and those that were announced since, as those may have scored rows that come again.
     * Where none of them is left, or nothing is known, begins with the newest of the store that can be used, and those before it
     * for the rows of before it. Where it is known that there was none, the first one scores from its activation on: what was
     * announced, else the newest that somebody made meanwhile and nobody announced.
     *
     * @param announced all that was announced by now, in order
     * @throws UncheckedIOException when one that scored, or one to begin with where none did, cannot be read now: another start may
     *     find it
     */
    void begin(Known known, List<ModelRelease> announced) {
        Map<String, ModelRelease> byId = new LinkedHashMap<>();
        announced.forEach(each -> byId.put(each.getReleaseId(), each));
        refused.addAll(known.refused());
        serving.advanceTo(known.watermark());
        serving.scoreFrom(known.scoredFrom());
        begunAt = Math.max(0, known.watermark());
        List<BackgroundLoading.Result> unread = new ArrayList<>();
        known.serving().stream().sorted(ServingReleases.AS_WRITTEN).forEach(id -> load(wanted(id, byId), unread).ifPresent(this::take));
        requireRead(unread); // else the one after it would score its rows
        if (known.scoredFrom() == ServingReleases.NONE_YET) {
            beginSince(known, byId, unread);
            requireRead(unread); // else rows that it has scored would go out unscored
            if (serving.isEmpty()) {
                beginWithOneThatNobodyAnnounced(byId, unread);
                requireRead(unread);
            }
        } else if (serving.isEmpty()) {
            beginWithTheNewest(byId, unread);
            requireRead(unread);
        } else {
            beginSince(known, byId, unread);
        }
        if (serving.isEmpty()) {
            serving.scoreFrom(ServingReleases.NONE_YET);
        }
        refusedAtBegin.addAll(refused);
        unread.forEach(loading::retry);
    }

    private void beginSince(Known known, Map<String, ModelRelease> announced, List<BackgroundLoading.Result> unread) {
        announced.keySet().stream()
                .filter(id -> !known.serving().contains(id) && !refused.contains(id))
                .toList()
                .forEach(id -> beginSince(wanted(id, announced), unread));
    }

    private static void requireRead(List<BackgroundLoading.Result> unread) {
        if (!unread.isEmpty()) {
            throw unread.get(0).unreadable();
        }
    }

    /** Has an announced release loaded in the background, where it is new. */
    void announce(ModelRelease release) {
        String id = release.getReleaseId();
        if (refusedAtBegin.remove(id) || held.containsKey(id)) {
            return; // as at its first announcement
        }
        if (!loading.pending().contains(id) && isOfUse(id, release.getActivationEventTime())) {
            loading.load(new BackgroundLoading.Wanted(id, release.getSha256(), release.getActivationEventTime()));
        }
    }

    /** Takes what the background has ready. */
    void takeLoaded() {
        for (BackgroundLoading.Result result = loading.poll(); result != null; result = loading.poll()) {
            String id = result.wanted().id();
            if (result.refusal() != null) {
                refuse(id, result.wanted().activeFrom(), result.refusal());
            } else if (!isOfUse(id, result.scorer().activeFrom())) {
                loading.retire(result.scorer());
            } else {
                listener.willChange();
                take(result.scorer());
                listener.isTaken(result.scorer(), result.millis());
            }
        }
    }

    /**
     * Lets go what only late events could meet, for what there was no room for. Nothing may wait to be scored.
     *
     * @param watermark ms UTC
     */
    void advanceTo(long watermark) {
        serving.advanceTo(watermark);
        letGo();
        while (!held.isEmpty() && serving.hasRoom()) {
            BackgroundLoading.Wanted next = held.values().iterator().next();
            held.remove(next.id());
            List<BackgroundLoading.Result> unread = new ArrayList<>();
            beginSince(next, unread);
            unread.forEach(loading::retry);
        }
    }

    /** The release that scores an event of this time, ms UTC; null = there was none yet. */
    Scorer of(long eventTime) {
        return serving.of(eventTime);
    }

    /** Event time from which events are scored, ms UTC, as {@link Known} has it. */
    long scoredFrom() {
        return serving.scoredFrom();
    }

    /** Id of the one that is activated last; empty without one. */
    String newest() {
        return serving.newest();
    }

    /** Ids of the releases that score. What is being loaded is announced again to a task that begins anew. */
    List<String> serving() {
        return serving.ids();
    }

    /** Ids of the newest that were refused, but for those with which nothing is wrong. */
    List<String> refused() {
        return refused.stream().filter(id -> !unfit.contains(id)).toList();
    }

    @Override
    public void close() throws InterruptedException {
        try {
            loading.close();
        } finally {
            serving.close();
        }
    }

    private void beginSince(BackgroundLoading.Wanted wanted, List<BackgroundLoading.Result> unread) {
        if (serving.isBeforeAll(wanted.activeFrom()) || serving.isSuperseded(wanted.id(), wanted.activeFrom())) {
            return;
        }
        if (!serving.hasRoom()) {
            held.put(wanted.id(), wanted);
        } else {
            long start = System.nanoTime();
            load(wanted, unread).ifPresent(scorer -> {
                take(scorer);
                listener.isTaken(scorer, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            });
        }
    }

    private void beginWithTheNewest(Map<String, ModelRelease> announced, List<BackgroundLoading.Result> unread) {
        for (String id : loader.newest()) {
            if (!serving.hasRoom() || !serving.isEmpty() && serving.activeFrom() <= 0) {
                return; // no event is of an earlier time
            }
            if (refused.contains(id)) {
                continue;
            }
            if (serving.isEmpty()) {
                load(wanted(id, announced), unread).ifPresent(this::take);
            } else {
                BackgroundLoading.Result before = loading.loadNow(wanted(id, announced));
                if (before.scorer() != null && !serving.isSuperseded(id, before.scorer().activeFrom())) {
                    take(before.scorer());
                } else if (before.scorer() != null) {
                    loading.retire(before.scorer());
                }
            }
        }
    }

    /** One whose time has come: an activation that lies ahead may be announced yet. */
    private void beginWithOneThatNobodyAnnounced(Map<String, ModelRelease> announced, List<BackgroundLoading.Result> unread) {
        for (Iterator<String> ids = loader.newest().iterator(); serving.isEmpty() && ids.hasNext();) {
            String id = ids.next();
            if (announced.containsKey(id) || refused.contains(id)) {
                continue;
            }
            long start = System.nanoTime();
            load(wanted(id, announced), unread).ifPresent(scorer -> {
                if (scorer.activeFrom() <= begunAt) {
                    take(scorer);
                    listener.isTaken(scorer, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                } else {
                    loading.retire(scorer);
                }
            });
        }
    }

    /** As it was announced; where it was not, as it is in the store, and wanted when the task began. */
    private BackgroundLoading.Wanted wanted(String id, Map<String, ModelRelease> announced) {
        ModelRelease release = announced.get(id);
        return release == null
                ? new BackgroundLoading.Wanted(id, "", begunAt)
                : new BackgroundLoading.Wanted(id, release.getSha256(), release.getActivationEventTime());
    }

    /** Loads a release in the caller's thread, and refuses it where that has to be; empty when it cannot score. */
    private Optional<Scorer> load(BackgroundLoading.Wanted wanted, List<BackgroundLoading.Result> unread) {
        BackgroundLoading.Result result = loading.loadNow(wanted);
        if (result.unreadable() != null) {
            unread.add(result);
        } else if (result.refusal() != null) {
            refuse(wanted.id(), wanted.activeFrom(), result.refusal());
        }
        return Optional.ofNullable(result.scorer());
    }

    private void refuse(String id, long activeFrom, RuntimeException why) {
        forget(id);
        refused.add(id);
        if (why instanceof UnfitReleaseException) {
            unfit.add(id);
        }
        while (refused.size() > MOST_REFUSED) {
            forget(refused.iterator().next());
        }
        listener.isRefused(id, activeFrom, why);
    }

    private void forget(String id) {
        refused.remove(id);
        unfit.remove(id);
    }

    private void take(Scorer scorer) {
        forget(scorer.releaseId()); // it was mended
        serving.add(scorer);
        letGo();
    }

    /** Whether a release is not here yet and may score something; where that was to be expected and it may not, it is refused. */
    private boolean isOfUse(String id, long activeFrom) {
        if (serving.contains(id) || serving.isSuperseded(id, activeFrom)) {
            return false;
        }
        if (!serving.isBeforeAll(activeFrom)) {
            return true;
        }
        if (!serving.isFollowed(id)) { // else the topic tells of old times: it is read from its beginning
            refuse(id, activeFrom, new ReleaseException("Release " + id + " is active from "
                    + Instant.ofEpochMilli(activeFrom) + ", before any of those that score: " + String.join(", ", serving.ids())));
        }
        return false;
    }

    private void letGo() {
        serving.passed().forEach(loading::retire);
        Optional<Scorer> givenUp = serving.givenUp();
        givenUp.ifPresent(scorer -> {
            refuse(scorer.releaseId(), scorer.activeFrom(), new ReleaseException("Release " + scorer.releaseId()
                    + " is given up before it was active, as others came: " + String.join(", ", serving.ids())));
            loading.retire(scorer);
        });
    }
}
