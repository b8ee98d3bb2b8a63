package io.liveprofile.inference;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.ReleaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Says a vector's first value as the probability and remembers the sizes of its batches and explanations. */
final class TestingScorer implements Scorer {
    /** Releases but the first are loaded once it is open. */
    static volatile CountDownLatch mayLoad = new CountDownLatch(0);
    /** Of the instance opened last; operators get their scorer through a serialised loader. */
    static volatile TestingScorer last;

    final List<Integer> batches = new ArrayList<>();
    /** Rows of each call for an explanation. */
    final List<Integer> explained = new ArrayList<>();
    /** Also set by the thread that loads. */
    volatile boolean isClosed;
    private final String releaseId;

    private TestingScorer(String releaseId) {
        this.releaseId = releaseId;
    }

    /** Release r000001 is the latest; any other whose number is no multiple of 13 can be loaded. */
    private static final class Loader implements ReleaseLoader {
        private static final long serialVersionUID = 1L;

        @Override
        public List<String> newest() {
            return List.of("r000001");
        }

        @Override
        public Scorer load(String releaseId, String sha256) {
            if (!releaseId.equals("r000001")) {
                awaitAllowed();
            }
            if (number(releaseId) % 13 == 0) {
                throw new ReleaseException("Release " + releaseId + " is unlucky");
            }
            last = new TestingScorer(releaseId);
            return last;
        }
    }

    static ReleaseLoader loader() {
        return new Loader();
    }

    static void awaitAllowed() {
        try {
            mayLoad.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Scores score(float[][] vectors) {
        if (isClosed) {
            throw new IllegalStateException(releaseId + " is closed");
        }
        batches.add(vectors.length);
        float[][] probabilities = new float[vectors.length][];
        float[][] embeddings = new float[vectors.length][];
        for (int i = 0; i < vectors.length; i++) {
            if (vectors[i].length != 2) {
                throw new IllegalArgumentException("Vector " + i + " has another length");
            }
            probabilities[i] = new float[] {vectors[i][0]};
            embeddings[i] = new float[] {vectors[i][1]};
        }
        return new Scores(probabilities, embeddings);
    }

    /** The first value speaks for it, the second against it. */
    @Override
    public Explanation explain(float[][] vectors) {
        explained.add(vectors.length);
        float[][][] attributions = new float[vectors.length][1][];
        for (int i = 0; i < vectors.length; i++) {
            attributions[i][0] = new float[] {vectors[i][0], -1};
        }
        return new Explanation(List.of("spend_1d", "views_1d"), new float[] {0.25f, 3}, vectors, attributions);
    }

    @Override
    public String releaseId() {
        return releaseId;
    }

    /** 1,000 ms a number: release 2 from 2,000 on. */
    @Override
    public long activeFrom() {
        return number(releaseId) * 1_000L;
    }

    @Override
    public List<String> heads() {
        return List.of("purchase_24h");
    }

    /** Spend of 0.01 to 1.00 and no views; the second release has no such thing. */
    @Override
    public Optional<FeatureDistribution> trainedOn() {
        if (releaseId.equals("r000002")) {
            return Optional.empty();
        }
        float[][] x = new float[100][];
        float[] represented = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = new float[] {(i + 1) / 100f, Float.NaN};
            represented[i] = 1;
        }
        return Optional.of(FeatureDistribution.of(new FeatureSchema(List.of(
                new Feature("spend_1d", Transform.IDENTITY), new Feature("views_1d", Transform.IDENTITY))), x, represented));
    }

    @Override
    public void close() {
        isClosed = true;
    }

    private static int number(String releaseId) {
        return Integer.parseInt(releaseId.substring(1));
    }
}
