package io.liveprofile.inference;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.model.ReleaseException;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Loads releases one after another in a thread of its own, and closes what has served, so that scoring does not wait. */
final class BackgroundLoading implements AutoCloseable {
    private static final long CLOSE_SECONDS = 30;

    private final ReleaseLoader loader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread loading = new Thread(task, "load-release");
        loading.setDaemon(true);
        return loading;
    });
    private final Queue<Result> results = new ConcurrentLinkedQueue<>();
    /** Touched by the caller's thread alone. */
    private final Set<String> pending = new LinkedHashSet<>();
    private volatile boolean isClosed;

    /**
     * What became of a release.
     *
     * @param scorer null = refused
     * @param refusal null = loaded
     */
    record Result(ModelRelease release, Scorer scorer, RuntimeException refusal, long millis) {}

    BackgroundLoading(ReleaseLoader loader) {
        this.loader = loader;
    }

    void load(ModelRelease release) {
        pending.add(release.getReleaseId());
        thread.execute(() -> {
            if (isClosed) {
                return;
            }
            long start = System.nanoTime();
            Result result;
            try {
                Scorer scorer = loader.load(release.getReleaseId());
                result = new Result(release, scorer, null, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
                RuntimeException refusal = e instanceof RuntimeException known ? known : new ReleaseException(e.toString(), e);
                result = new Result(release, null, refusal, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
            results.add(result);
        });
    }

    /** The next release that was loaded or refused; null = none yet. The caller closes its scorer. */
    Result poll() {
        Result result = results.poll();
        if (result != null) {
            pending.remove(result.release().getReleaseId());
        }
        return result;
    }

    /** Ids of the releases that are being loaded or not polled yet. */
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
}
