package io.liveprofile.job;

import io.liveprofile.inference.ModelStores;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelBundle;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.training.OnlineTrainer;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the trainer reads from the model store and writes to it. */
final class StoredReleases implements OnlineTrainer.Releases {
    private static final Logger LOG = LoggerFactory.getLogger(StoredReleases.class);
    /** Vectors of one value each. */
    private static final float[] PROBES = {Float.NaN, 0, 1, -3, 30, 1_000};
    private static final float SAME_SCORE = 1e-4f;
    /** Releases that are tried before learning begins from nothing. */
    private static final int NEWEST = 10;

    private final TrainingJobConfig config;
    private final ModelConfig model;
    private final ModelStore store;
    private final LongSupplier clock;

    /** @param clock ms UTC */
    StoredReleases(TrainingJobConfig config, LongSupplier clock) {
        this.config = config;
        this.model = config.modelConfig();
        this.store = ModelStores.open(config.modelStore());
        this.clock = clock;
    }

    /** A session of the graph of model.yaml. */
    MlpSession newModel() {
        return MlpSession.initialise(new MlpGraph(InputLayout.of(config.schema()), model), SessionThreads.SINGLE);
    }

    /**
     * The newest release that can be used is champion. Learning goes on from its weights where it has the form that model.yaml says, and begins
     * from nothing where not. Those of another feature schema are passed over, as by who scores. One of other heads cannot be judged by
     * these examples; the first release replaces it.
     *
     * @throws UncheckedIOException when the store cannot be read now
     */
    void beginWithTheNewest(OnlineTrainer trainer) {
        boolean isDecided = false;
        for (Iterator<String> ids = store.newestFirst().limit(NEWEST).iterator(); !isDecided && ids.hasNext();) {
            isDecided = isDecidedBy(ids.next(), trainer);
        }
    }

    /** False = it cannot be used, and the one before it is to be asked. */
    private boolean isDecidedBy(String id, OnlineTrainer trainer) {
        Manifest manifest;
        try {
            manifest = store.manifest(id);
        } catch (ReleaseException e) {
            LOG.warn("Learning does not begin with {}: {}", id, e.getMessage());
            return false;
        }
        if (!manifest.schemaHash().equals(config.schema().hash())) {
            return false;
        }
        if (!manifest.heads().equals(model.headNames())) {
            return true;
        }
        Optional<MlpSession> released = load(id);
        released.ifPresent(session -> beginWith(id, session, trainer));
        return released.isPresent();
    }

    private void beginWith(String id, MlpSession released, OnlineTrainer trainer) {
        Optional<Map<String, float[]>> weights = weights(released);
        if (weights.isPresent()) {
            trainer.beginWith(id, weights.get());
            released.close();
        } else {
            LOG.warn("Learning begins from nothing, as {} has another form than model.yaml says; it serves until something"
                    + " better is learned", id);
            trainer.beginAgainst(id, released);
        }
    }

    @Override
    public Optional<MlpSession> load(String id) {
        try {
            ModelBundle bundle = ModelBundle.load(store, id, config.schema(), SessionThreads.SINGLE);
            try {
                MlpSession session = MlpSession.of(bundle);
                requireScores(id, session);
                return Optional.of(session);
            } catch (RuntimeException e) {
                bundle.close();
                throw e;
            }
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) { // a graph may be wrong in any way
            LOG.warn("{} cannot be held against what is learned", id, e);
            return Optional.empty();
        }
    }

    private void requireScores(String id, MlpSession session) {
        int heads = session.score(probes())[0].length;
        if (heads != model.headNames().size()) {
            throw new ReleaseException("Release " + id + " gives " + heads + " probabilities for " + model.headNames().size()
                    + " heads");
        }
    }

    @Override
    public Manifest release(MlpSession session, String parent, Optional<FeatureDistribution> learnedFrom,
            Map<String, Double> metrics, long knownAt) {
        return store.publish(
                new Manifest.Draft(parent, config.schema(), model.headNames(), metrics, clock.getAsLong(),
                        knownAt + config.releaseLead().toMillis()),
                directory -> {
                    session.export(directory);
                    learnedFrom.or(() -> trainedOn(parent)).ifPresent(distribution -> distribution.write(directory));
                });
    }

    /** Nothing where the release does not say, or is not there any more. */
    private Optional<FeatureDistribution> trainedOn(String id) {
        try {
            return id == null ? Optional.empty() : store.read(store.manifest(id), FeatureDistribution::read);
        } catch (ReleaseException | UncheckedIOException e) {
            LOG.warn("What {} was trained on is left out of the release: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** Weights for the graph of model.yaml; nothing where it has another form, such as other layers or another activation. */
    private Optional<Map<String, float[]>> weights(MlpSession released) {
        try (MlpSession learning = newModel()) {
            Map<String, float[]> weights = released.readAll();
            learning.writeAll(weights);
            return isSame(learning.score(probes()), released.score(probes())) ? Optional.of(weights) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private float[][] probes() {
        float[][] x = new float[PROBES.length][config.schema().size()];
        for (int i = 0; i < x.length; i++) {
            Arrays.fill(x[i], PROBES[i]);
        }
        return x;
    }

    private static boolean isSame(float[][] is, float[][] was) {
        for (int i = 0; i < is.length; i++) {
            for (int head = 0; head < is[i].length; head++) {
                if (Math.abs(is[i][head] - was[i][head]) > SAME_SCORE) {
                    return false;
                }
            }
        }
        return true;
    }
}
