package io.liveprofile.inference;

import io.liveprofile.model.FeatureDistribution;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the scorers that another loader opens, and those of them that were closed. One at a time in a JVM. */
public final class TestingCountingLoader implements ReleaseLoader {
    private static final long serialVersionUID = 1L;

    private static final AtomicLong OPENED = new AtomicLong();
    private static final AtomicLong CLOSED = new AtomicLong();

    private final ReleaseLoader loader;

    public TestingCountingLoader(ReleaseLoader loader) {
        this.loader = loader;
        OPENED.set(0);
        CLOSED.set(0);
    }

    public static long opened() {
        return OPENED.get();
    }

    public static long closed() {
        return CLOSED.get();
    }

    @Override
    public List<String> newest() {
        return loader.newest();
    }

    @Override
    public Scorer load(String releaseId, String sha256) {
        return new Counted(loader.load(releaseId, sha256));
    }

    private static final class Counted implements Scorer {
        private final Scorer scorer;
        private boolean isClosed;

        private Counted(Scorer scorer) {
            this.scorer = scorer;
            OPENED.incrementAndGet();
        }

        @Override
        public Scores score(float[][] vectors) {
            return scorer.score(vectors);
        }

        @Override
        public Explanation explain(float[][] vectors) {
            return scorer.explain(vectors);
        }

        @Override
        public String releaseId() {
            return scorer.releaseId();
        }

        @Override
        public long activeFrom() {
            return scorer.activeFrom();
        }

        @Override
        public List<String> heads() {
            return scorer.heads();
        }

        @Override
        public Optional<FeatureDistribution> trainedOn() {
            return scorer.trainedOn();
        }

        @Override
        public void close() {
            if (isClosed) {
                throw new IllegalStateException(releaseId() + " is closed twice");
            }
            isClosed = true;
            scorer.close();
            CLOSED.incrementAndGet();
        }
    }
}
