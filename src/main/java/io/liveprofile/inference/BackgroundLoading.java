package io.liveprofile.inference;

import io.liveprofile.model.ReleaseException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads releases one after another in a thread of its own, and closes what has served, so that scoring does not wait. One that
 * cannot be read now is tried again, after a second, then twice as long each time up to a minute.
 */
final class BackgroundLoading implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoading.class);
    private static final long CLOSE_SECONDS = 30;
    private static final long LONGEST_RETRY_SECONDS = 60;

    private final ReleaseLoader loader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread loading = new Thread(task, "load-release");
        loading.setDaemon(true);
        return loading;
    });
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();
    /** Touched by the caller's thread alone, as the next two. */
    private final Set<String> pending = new LinkedHashSet<>();
    /** How often each release that waits for another try could not be read. */
    private final Map<String, Integer> failures = new HashMap<>();
    private final List<Retry> retries = new ArrayList<>();
    private volatile boolean isClosed;

    /**
     * A release that is to score.
     *
     * @param sha256 seal of its manifest; empty = any
     * @param activeFrom as announced, ms UTC; where it was not, event time that had passed when it was wanted
     */
    record Wanted(String id, String sha256, long activeFrom) {}

    /**
     * What became of a release: one of the three is there.
     *
     * @param scorer null = not loaded
     * @param refusal null = nothing is wrong with it
     * @param unreadable null = it could be read
     */
    record Result(Wanted wanted, Scorer scorer, RuntimeException refusal, UncheckedIOException unreadable, long millis) {}

    private record Retry(Wanted wanted, long dueNanos) {}

    BackgroundLoading(ReleaseLoader loader) {
        this.loader = loader;
    }

    void load(Wanted wanted) {
        pending.add(wanted.id());
        thread.execute(() -> {
            if (!isClosed) {
                results.add(loadNow(wanted));
            }
        });
    }

    /** Loads in the caller's thread. */
    Result loadNow(Wanted wanted) {
        long start = System.nanoTime();
        Scorer scorer = null;
        RuntimeException refusal = null;
        UncheckedIOException unreadable = null;
        try {
            scorer = loader.load(wanted.id(), wanted.sha256());
        } catch (UncheckedIOException e) {
            unreadable = e;
        } catch (RuntimeException e) {
            refusal = e;
        } catch (LinkageError | OutOfMemoryError e) {
            refusal = new ReleaseException(e.toString(), e);
        }
        return new Result(wanted, scorer, refusal, unreadable, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** Has a release that could not be read loaded in the background, later. */
    void retry(Result failed) {
        Wanted wanted = failed.wanted();
        int times = failures.merge(wanted.id(), 1, Integer::sum);
        long seconds = Math.min(LONGEST_RETRY_SECONDS, 1L << Math.min(times - 1, 10));
        LOG.warn("Release {} is tried again in {} s: {}", wanted.id(), seconds, failed.unreadable().getMessage());
        pending.add(wanted.id());
        retries.add(new Retry(wanted, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)));
    }

    /**
     * The next release that was loaded or refused; null = none yet. The caller closes its scorer. What is due to be tried
     * again is.
     */
    Result poll() {
        tryWhatIsDue();
        Result result = results.poll();
        while (result != null && result.unreadable() != null) {
            retry(result);
            result = results.poll();
        }
        if (result != null) {
            pending.remove(result.wanted().id());
            failures.remove(result.wanted().id());
        }
        return result;
    }

    /** Ids of the releases that are being loaded, wait for another try, or were not polled yet. */
    Set<String> pending() {
        return pending;
    }

    /** Closes a scorer that nothing needs any more; giving back its memory takes milliseconds. */
    void retire(Scorer scorer) {
        thread.execute(scorer::close);
    }

    /** Ends the thread, and closes what nobody took and what has retired. */
    @Override
    public void close() throws InterruptedException {
        isClosed = true;
        thread.shutdown();
        thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        for (Result left = results.poll(); left != null; left = results.poll()) {
            if (left.scorer() != null) {
                left.scorer().close();
            }
        }
    }

    private void tryWhatIsDue() {
        if (retries.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (Iterator<Retry> each = retries.iterator(); each.hasNext();) {
            Retry retry = each.next();
            if (now - retry.dueNanos() >= 0) {
                each.remove();
                load(retry.wanted());
            }
        }
    }
}
