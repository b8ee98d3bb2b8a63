package io.liveprofile.inference;

import io.liveprofile.model.ReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A store of testing scorers some of which cannot be loaded. One at a time in a JVM. */
final class TestingFaultyLoader implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    /** By release, what comes of an attempt to load it; others can be loaded. */
    static final Map<String, Supplier<RuntimeException>> FAULTS = new ConcurrentHashMap<>();
    static volatile List<String> newest = List.of("r000001");
    /** Of every release. */
    static volatile String seal = "sha";
    /** Attempts that failed. */
    static volatile int faults;

    static void reset() {
        FAULTS.clear();
        newest = List.of("r000001");
        seal = "sha";
        faults = 0;
    }

    static UncheckedIOException unreadable() {
        return new UncheckedIOException(new IOException("connection reset"));
    }

    @Override
    public List<String> newest() {
        return newest;
    }

    @Override
    public Scorer load(String releaseId, String sha256) {
        Supplier<RuntimeException> fault = FAULTS.get(releaseId);
        if (!sha256.isEmpty() && !sha256.equals(seal)) {
            throw new ReleaseException("Release " + releaseId + " has another seal");
        }
        if (fault == null) {
            return TestingScorer.loader().load(releaseId, sha256);
        }
        if (!newest.contains(releaseId)) {
            TestingScorer.awaitAllowed();
        }
        faults++; // by one thread at a time
        throw fault.get();
    }
}
