package io.liveprofile.inference;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.model.ReleaseException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which releases score, from an announcement or a snapshot to the end: one that is whole is taken once it is loaded, one that is
 * broken or of no use is refused, and one that cannot be read now is tried again in the background. Those that score go on
 * meanwhile. Not thread-safe.
 */
final class ReleaseTurnover implements AutoCloseable {
    private final ReleaseLoader loader;
    private final BackgroundLoading loading;
    private final ServingReleases serving = new ServingReleases();
    private final Listener listener;

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
     * Begins with the releases of a snapshot and the newest that were written since: what was announced before a failure has to
     * be there when the rows of its time come again. Where none of them can be used, begins with the newest that can.
     *
     * @param ids as {@link #snapshot} gave them; empty = there is no snapshot
     * @throws UncheckedIOException when none can be used because one cannot be read now: another start may find it
     */
    void begin(Iterable<String> ids) {
        Set<String> known = new TreeSet<>();
        ids.forEach(known::add);
        List<BackgroundLoading.Result> unread = new ArrayList<>();
        for (String id : known) {
            begin(id, unread);
        }
        if (!serving.isEmpty()) {
            for (String id : writtenSince(known)) {
                begin(id, unread);
            }
        }
        if (serving.isEmpty() && unread.isEmpty()) {
            for (Iterator<String> each = loader.newest().iterator(); serving.isEmpty() && each.hasNext();) {
                String id = each.next();
                if (!known.contains(id)) { // else it was refused
                    begin(id, unread);
                }
            }
        }
        if (serving.isEmpty() && !unread.isEmpty()) {
            throw unread.get(0).unreadable();
        }
        unread.forEach(loading::retry);
    }

    /** Has an announced release loaded in the background, where it is new. */
    void announce(ModelRelease release) {
        String id = release.getReleaseId();
        if (!loading.pending().contains(id) && isOfUse(id, release.getActivationEventTime())) {
            loading.load(new BackgroundLoading.Wanted(id, release.getSha256(), release.getActivationEventTime()));
        }
    }

    /** Takes what the background has ready. */
    void takeLoaded() {
        for (BackgroundLoading.Result result = loading.poll(); result != null; result = loading.poll()) {
            String id = result.wanted().id();
            if (result.refusal() != null) {
                listener.isRefused(id, result.wanted().activeFrom(), result.refusal());
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
     * Lets go what only late events could meet. Nothing may wait to be scored.
     *
     * @param watermark ms UTC
     */
    void advanceTo(long watermark) {
        serving.advanceTo(watermark);
        letGo();
    }

    /** The release that scores an event of this time, ms UTC; null = there is none. */
    Scorer of(long eventTime) {
        return serving.of(eventTime);
    }

    boolean isEmpty() {
        return serving.isEmpty();
    }

    /** Id of the one that is activated last; empty without one. */
    String newest() {
        return serving.newest();
    }

    /** Ids of the releases that score and of those that are to: their announcements are not read again. */
    List<String> snapshot() {
        List<String> ids = new ArrayList<>(serving.ids());
        ids.addAll(loading.pending());
        return ids;
    }

    @Override
    public void close() throws InterruptedException {
        try {
            loading.close();
        } finally {
            serving.close();
        }
    }

    private List<String> writtenSince(Set<String> known) {
        String newest = Collections.max(known, ServingReleases.AS_WRITTEN);
        return loader.newest().stream()
                .filter(id -> ServingReleases.AS_WRITTEN.compare(id, newest) > 0)
                .limit(ServingReleases.MOST - 1)
                .sorted(ServingReleases.AS_WRITTEN)
                .toList();
    }

    private void begin(String id, List<BackgroundLoading.Result> unread) {
        BackgroundLoading.Result result = loading.loadNow(new BackgroundLoading.Wanted(id, "", Long.MIN_VALUE));
        if (result.unreadable() != null) {
            unread.add(result);
        } else if (result.refusal() != null) {
            listener.isRefused(id, result.wanted().activeFrom(), result.refusal());
        } else {
            take(result.scorer());
        }
    }

    private void take(Scorer scorer) {
        serving.add(scorer);
        letGo();
    }

    /** Whether a release is not here yet and may score something; where that was to be expected and it may not, it is refused. */
    private boolean isOfUse(String id, long activeFrom) {
        if (serving.contains(id)) {
            return false;
        }
        if (!serving.isBeforeAll(activeFrom)) {
            return true;
        }
        if (!serving.isFollowed(id)) { // else the topic tells of old times: it is read from its beginning
            listener.isRefused(id, activeFrom, new ReleaseException("Release " + id + " is active from "
                    + Instant.ofEpochMilli(activeFrom) + ", before any of those that score: " + String.join(", ", serving.ids())));
        }
        return false;
    }

    private void letGo() {
        serving.passed().forEach(loading::retire);
        Optional<Scorer> givenUp = serving.givenUp();
        givenUp.ifPresent(scorer -> {
            listener.isRefused(scorer.releaseId(), scorer.activeFrom(), new ReleaseException("Release " + scorer.releaseId()
                    + " is given up before it was active, as others came: " + String.join(", ", serving.ids())));
            loading.retire(scorer);
        });
    }
}
