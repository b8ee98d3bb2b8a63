package io.liveprofile.training;

import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Online;
import io.liveprofile.model.ModelConfig.Training;
import io.liveprofile.model.Activation;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A made-up world of four numbers, of which two foretell what happens, and a store that keeps what is released. */
abstract class OnlineTrainerFixture {
    static final int FEATURES = 4;
    static final int BATCH = 32;
    static final LabelPlan LABELS = plan(Duration.ofHours(1));

    final List<Manifest> released = new ArrayList<>();
    /** From what a release knows to its activation, ms. */
    long leadMillis;
    /** Of each release that learned something; one that came back tells nothing. */
    final List<Long> rowsLearnedFrom = new ArrayList<>();
    final Map<String, Map<String, float[]>> store = new HashMap<>();
    final OnlineTrainer.Releases releases = new OnlineTrainer.Releases() {
        @Override
        public Manifest release(MlpSession session, String parent, Optional<FeatureDistribution> learnedFrom,
                Map<String, Double> metrics, long knownAt) {
            Manifest manifest = new Manifest("r%06d".formatted(released.size() + 1), parent, "hash", List.of(), List.of("bought"),
                    new TreeMap<>(metrics), knownAt, knownAt + leadMillis, new TreeMap<>(), "");
            released.add(manifest);
            learnedFrom.ifPresent(distribution -> rowsLearnedFrom.add(distribution.rows()));
            store.put(manifest.id(), session.readAll());
            return manifest;
        }

        @Override
        public Optional<MlpSession> load(String id) {
            return Optional.ofNullable(store.get(id)).map(weights -> {
                MlpSession session = session();
                session.writeAll(weights);
                return session;
            });
        }
    };
    long time;

    List<Finding> feed(OnlineTrainer trainer, int examples, long seed, boolean isUpsideDown) {
        Random random = new Random(seed);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < examples; i++) {
            float[] vector = vector(random);
            double logOdds = 2.5 * vector[0] - 2 * vector[1];
            boolean isPositive = random.nextDouble() < 1 / (1 + Math.exp(isUpsideDown ? -logOdds : logOdds));
            findings.addAll(trainer.take("user-" + i % 300, example(vector, !isPositive, Certainty.MATURED)));
        }
        return findings;
    }

    LabeledExample example(float[] vector, boolean isPositive, Certainty certainty) {
        time++;
        return new LabeledExample(
                new Prediction("p" + time, "e" + time, EventType.VIEW, time - Duration.ofHours(1).toMillis(), "hash", vector, new float[] {Float.NaN}, null),
                List.of(new HeadLabel(0, isPositive, certainty, 1, time)));
    }

    static float[] vector(Random random) {
        float[] vector = new float[FEATURES];
        for (int f = 0; f < FEATURES; f++) {
            vector[f] = (float) random.nextGaussian();
        }
        return vector;
    }

    OnlineTrainer trainer() {
        return new OnlineTrainer(schema(), config(), LABELS, OnlineTrainerFixture::session, releases);
    }

    static ModelConfig config() {
        return new ModelConfig(List.of(16), Activation.RELU, true, 10, List.of(new Head("bought")),
                new Training(0.01, BATCH, 1, 1, 0, 0.1, 5, 3))
                .with(online(0.5));
    }

    static Online online(double heldOut) {
        return new Online(0.01, BATCH, 500, 1, 10_000, heldOut, 1_000, 250, 20);
    }

    /** At the time of the first {@link #example}s. */
    static boolean isHeldOut(String user) {
        long horizon = LABELS.longestHorizonMillis();
        return new HeldOutUsers(config().online().heldOut(), horizon).isHeldOut(user, -horizon);
    }

    static FeatureSchema schema() {
        return new FeatureSchema(IntStream.range(0, FEATURES).mapToObj(i -> new Feature("f" + i, Transform.IDENTITY)).toList());
    }

    static MlpSession session() {
        return MlpSession.initialise(new MlpGraph(FEATURES, config()), SessionThreads.SINGLE);
    }

    static LabelPlan plan(Duration negativeAfter) {
        return new LabelPlan(List.of(new Label("bought", new Label.EventComes(Set.of(EventType.ORDER), null),
                Duration.ofHours(1), negativeAfter, Duration.ZERO, Set.of(EventType.VIEW), 1)));
    }

    static <T> List<T> ofType(List<Finding> findings, Class<T> type) {
        return findings.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
