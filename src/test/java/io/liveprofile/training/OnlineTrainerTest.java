package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Comparison;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnlineTrainerTest {
    private static final int FEATURES = 4;
    private static final int BATCH = 32;
    private static final LabelPlan LABELS = plan(Duration.ofHours(1));

    private final List<Manifest> released = new ArrayList<>();
    /** Of each release that learned something; one that came back tells nothing. */
    private final List<Long> rowsLearnedFrom = new ArrayList<>();
    private final Map<String, Map<String, float[]>> store = new HashMap<>();
    private final OnlineTrainer.Releases releases = new OnlineTrainer.Releases() {
        @Override
        public Manifest release(MlpSession session, String parent, Optional<FeatureDistribution> learnedFrom,
                Map<String, Double> metrics, long knownAt) {
            Manifest manifest = new Manifest("r%06d".formatted(released.size() + 1), parent, "hash", List.of(), List.of("bought"),
                    new TreeMap<>(metrics), knownAt, knownAt, new TreeMap<>(), "");
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
    private long time;

    @Test
    void learnsWhatHappensAndReleasesWhatIsBetterThanTheShareOfPositives() {
        try (OnlineTrainer trainer = trainer()) {
            List<Finding> findings = feed(trainer, 4_000, 1, false);
            assertThat(trainer.championId()).isEqualTo(released.get(released.size() - 1).id());
            assertThat(findings).filteredOn(Finding.Released.class::isInstance).hasSameSizeAs(released);
            assertThat(released.get(0).parent()).isNull();
            assertThat(rowsLearnedFrom).as("what is kept for replay").hasSameSizeAs(released)
                    .allMatch(rows -> rows > 12 * BATCH && rows <= config().online().replayRows());
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures.get(figures.size() - 1).figures().rocAuc()).isGreaterThan(0.85);
            List<Finding.Gate> tries = ofType(findings, Finding.Gate.class);
            assertThat(tries).filteredOn(each -> !each.isRollback()).hasSize(4_000 / (16 * BATCH));
            assertThat(tries.get(0).champion()).as("the baseline is the share of positives").isNull();
        }
    }

    @Test
    void judgesEachExampleBeforeItLearnsFromIt() {
        // Labels that nothing foretells: whoever has learned from them before he is judged would be better than chance.
        try (OnlineTrainer trainer = trainer()) {
            Random random = new Random(5);
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                findings.addAll(trainer.take("user-" + i, example(vector(random), random.nextBoolean(), Certainty.MATURED)));
            }
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures.get(figures.size() - 1).figures().rocAuc()).isCloseTo(0.5, within(0.06));
            assertThat(released).isEmpty();
        }
    }

    @Test
    void goesOnAsIfItHadNeverBeenAwayWithTheSameNextLoss() throws Exception {
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            feed(one, 2_080, 2, false); // whole batches
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(other.championId()).isEqualTo(one.championId()).isNotNull();
            float[][] x = {vector(new Random(8))};
            assertThat(other.champion().score(x)).isDeepEqualTo(one.champion().score(x));
            assertThat(other.learner().session().steps()).isEqualTo(one.learner().session().steps());

            List<OnlineLearner.Row> next = new ArrayList<>();
            Random random = new Random(3);
            for (int i = 0; i < BATCH; i++) {
                next.add(new OnlineLearner.Row(vector(random), new float[] {random.nextInt(2)}, new float[] {1}));
            }
            assertThat(other.learner().learn(next)).isEqualTo(one.learner().learn(next));
            assertThat(other.learner().session().readAll()).usingRecursiveComparison()
                    .isEqualTo(one.learner().session().readAll());
        }
    }

    @Test
    void detectorsOfDriftGoOnAsWell() throws Exception {
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            feed(one, 3_000, 2, false);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            long now = time;
            List<Finding> found = feed(one, 3_000, 4, true);
            time = now;
            assertThat(ofType(found, Finding.Drift.class)).isNotEmpty()
                    .isEqualTo(ofType(feed(other, 3_000, 4, true), Finding.Drift.class));
        }
    }

    @Test
    void stateOfAnotherModelIsRefusedAndLeavesTheTrainerAsItWas() throws Exception {
        ModelConfig larger = new ModelConfig(List.of(16, 8), Activation.RELU, true, 10, config().heads(), config().training())
                .with(config().online());
        try (OnlineTrainer one = trainer();
                OnlineTrainer other = new OnlineTrainer(schema(), larger, LABELS,
                        () -> MlpSession.initialise(new MlpGraph(FEATURES, larger), SessionThreads.SINGLE), releases)) {
            feed(one, 600, 2, false);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            assertThatExceptionOfType(OtherModelException.class)
                    .isThrownBy(() -> other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                    .withMessageContaining("layers [16], RELU").withMessageContaining("layers [16, 8], RELU");
            assertThat(other.learner().session().steps()).isZero();
            assertThat(other.championId()).isNull();
        }
    }

    /** Were the old rows kept where there is less room now, they would be learned for ever. */
    @Test
    void withLessRoomTheNewestRowsAreKept() throws Exception {
        for (int room : new int[] {100, 0}) {
            ModelConfig narrow = config().with(new Online(0.01, BATCH, room, 1, 10_000, 1_000, 500, 20));
            try (OnlineTrainer one = trainer();
                    OnlineTrainer other = new OnlineTrainer(schema(), narrow, LABELS, OnlineTrainerTest::session, releases)) {
                feed(one, 3_000, 2, false);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                one.write(new DataOutputStream(bytes));
                other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
                List<Finding.Figures> figures = ofType(feed(other, 6_000, 4, true), Finding.Figures.class);
                assertThat(figures.get(figures.size() - 1).figures().rocAuc()).as("room for " + room).isGreaterThan(0.8);
            }
        }
    }

    @Test
    void whereTheStoreHasLostTheChampionTheOneItBeganWithStays() throws Exception {
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            List<Finding.Gate> tries = ofType(feed(one, 4_000, 1, false), Finding.Gate.class);
            assertThat(tries.get(tries.size() - 1).decision().isPassed()).as("what was judged before is kept").isFalse();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            store.clear();
            other.beginWith("r000000", one.learner().session().readAll());
            other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(other.championId()).isEqualTo("r000000");
            List<Finding.Gate> gates = ofType(feed(other, 2_000, 4, false), Finding.Gate.class);
            assertThat(gates.get(0).decision().comparison().rows()).as("what the other champion said is no word of this one")
                    .isLessThan(500 + BATCH);
        }
    }

    /** As after a change of the layers in model.yaml: it begins from nothing, and is not released before it is better. */
    @Test
    void isHeldAgainstAChampionOfOtherLayersUntilItIsBetter() {
        ModelConfig wide = new ModelConfig(List.of(32, 16), Activation.TANH, true, 10, config().heads(), config().training())
                .with(config().online());
        try (OnlineTrainer teacher = new OnlineTrainer(schema(), wide, LABELS,
                        () -> MlpSession.initialise(new MlpGraph(FEATURES, wide), SessionThreads.SINGLE), null);
                OnlineTrainer trainer = trainer()) {
            feed(teacher, 8_000, 1, false);
            MlpSession good = MlpSession.initialise(new MlpGraph(FEATURES, wide), SessionThreads.SINGLE);
            good.writeAll(teacher.learner().session().readAll());
            trainer.beginAgainst("r000000", good);

            List<Finding> findings = feed(trainer, 2_000, 2, false);
            assertThat(ofType(findings, Finding.Gate.class)).isNotEmpty()
                    .allSatisfy(each -> assertThat(each.champion()).isEqualTo("r000000"));
            assertThat(released).as("it knows less than the champion").isEmpty();

            feed(trainer, 3_000, 4, true); // what the champion knows is of no use any more
            assertThat(released).isNotEmpty();
            assertThat(released.get(0).parent()).isEqualTo("r000000");
        }
    }

    @Test
    void thereIsNoFirstReleaseWhileNothingIsKnownOfAHead() {
        Label bought = LABELS.labels().get(0);
        LabelPlan two = new LabelPlan(List.of(bought, new Label("fraud", new Label.OutcomeComes(Set.of("fraud")),
                Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, Set.of(EventType.ORDER), 1)));
        ModelConfig config = new ModelConfig(List.of(16), Activation.RELU, true, 10, List.of(new Head("bought"), new Head("fraud")),
                config().training()).with(config().online());
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config, two,
                () -> MlpSession.initialise(new MlpGraph(FEATURES, config), SessionThreads.SINGLE), releases)) {
            List<Finding.Gate> tries = ofType(feed(trainer, 4_000, 1, false), Finding.Gate.class);
            assertThat(tries).isNotEmpty().allSatisfy(each ->
                    assertThat(each.decision().reasons()).containsExactly("fraud: no label is known yet"));
            assertThat(released).isEmpty();
        }
    }

    @Test
    void bringsThePredecessorBackWhenTheChampionIsWorse() {
        try (OnlineTrainer trainer = trainer()) {
            feed(trainer, 4_000, 1, false);
            int good = released.size();
            feed(trainer, 3_000, 4, true); // the world is upside down for a while: what is released now learned that
            assertThat(released.size()).isGreaterThan(good);
            List<Finding> findings = feed(trainer, 2_000, 6, false);
            assertThat(findings).as("either the predecessor or a challenger that has learned again")
                    .anyMatch(Finding.Released.class::isInstance);
        }
    }

    /** Who learns is as bad as the champion and does not get better, so it is the one before that comes back. */
    @Test
    void thePredecessorItselfComesBackWhereWhatLearnsIsNoBetter() {
        Map<String, float[]> good = learned(false);
        Map<String, float[]> bad = learned(true);
        ModelConfig slow = config().with(new Online(1e-9, BATCH, 500, 1, 10_000, 1_000, 500, 20));
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), slow, LABELS, OnlineTrainerTest::session, releases)) {
            trainer.beginWith("good", good);
            trainer.beginWith("bad", bad);
            List<Finding> findings = feed(trainer, 1_200, 6, false);

            assertThat(ofType(findings, Finding.Released.class)).hasSize(1).allMatch(Finding.Released::isRollback);
            assertThat(released.get(0).parent()).isEqualTo("good");
            assertThat(trainer.championId()).isEqualTo(released.get(0).id());
            assertThat(store.get(released.get(0).id()).get("dense_0.kernel")).isEqualTo(good.get("dense_0.kernel"));
            assertThat(ofType(findings, Finding.Gate.class)).filteredOn(Finding.Gate::isRollback).last()
                    .satisfies(each -> assertThat(each.decision().isPassed()).isFalse());
        }
    }

    private Map<String, float[]> learned(boolean isUpsideDown) {
        try (OnlineTrainer teacher = new OnlineTrainer(schema(), config(), LABELS, OnlineTrainerTest::session, null)) {
            feed(teacher, 4_000, 1, isUpsideDown);
            return teacher.learner().session().readAll();
        }
    }

    /** One negative in ten is kept: what is said is of all, not of those that were learned. */
    @Test
    void saysHowManyThereAreOfAllWhereAShareOfTheNegativesIsKept() {
        LabelPlan sampled = new LabelPlan(List.of(new Label("bought", new Label.EventComes(Set.of(EventType.ORDER), null),
                Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, Set.of(EventType.VIEW), 0.1)));
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), sampled, OnlineTrainerTest::session, releases)) {
            Random random = new Random(3);
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < 40_000; i++) {
                float[] vector = vector(random);
                boolean isPositive = random.nextDouble() < chance(vector);
                if (isPositive || random.nextInt(10) == 0) {
                    LabeledExample example = example(vector, isPositive, Certainty.MATURED);
                    findings.addAll(trainer.take("u" + i % 900, new LabeledExample(example.prediction(),
                            List.of(new HeadLabel(0, isPositive, Certainty.MATURED, isPositive ? 1 : 0.1, time)))));
                }
            }
            assertSaysWhatHappens(trainer.learner()::calibrated, trainer);
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures.get(figures.size() - 1).figures().calibrationError()).as("among those that are kept").isLessThan(0.08);
        }
    }

    /** All are learned as negatives at first, and all positives come after that. Before calibration, which would hide much of it. */
    @Test
    void saysHowManyThereAreThoughNegativesAreLearnedBeforeTheyAreKnown() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), plan(Duration.ofMinutes(1)), OnlineTrainerTest::session,
                releases)) {
            Random random = new Random(3);
            for (int i = 0; i < 20_000; i++) {
                float[] vector = vector(random);
                boolean isPositive = random.nextDouble() < chance(vector);
                LabeledExample first = example(vector, false, Certainty.EARLY_NEGATIVE);
                trainer.take("u" + i % 900, first);
                trainer.take("u" + i % 900, new LabeledExample(first.prediction(), List.of(new HeadLabel(0, isPositive,
                        isPositive ? Certainty.LATE_POSITIVE : Certainty.CONFIRMED_NEGATIVE, 1, ++time))));
            }
            assertSaysWhatHappens(OnlineTrainerTest::probabilities, trainer);
        }
    }

    private static double chance(float[] vector) {
        return 1 / (1 + Math.exp(2 - 1.5 * vector[0]));
    }

    private static float[][] probabilities(float[][] logits) {
        float[][] probabilities = new float[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = new float[] {(float) (1 / (1 + Math.exp(-logits[i][0])))};
        }
        return probabilities;
    }

    /** On vectors that it has not seen, on average and of those that are likely. */
    private static void assertSaysWhatHappens(UnaryOperator<float[][]> probabilities, OnlineTrainer trainer) {
        Random random = new Random(77);
        double said = 0;
        double is = 0;
        double saidOfLikely = 0;
        double isOfLikely = 0;
        for (int i = 0; i < 4_000; i++) {
            float[] vector = vector(random);
            double probability = probabilities.apply(trainer.learner().logits(new float[][] {vector}))[0][0];
            said += probability;
            is += chance(vector);
            if (chance(vector) > 0.4) {
                saidOfLikely += probability;
                isOfLikely += chance(vector);
            }
        }
        assertThat(said / is).as("said of what happens").isBetween(0.85, 1.15);
        assertThat(saidOfLikely / isOfLikely).as("of the likely ones").isBetween(0.85, 1.15);
    }

    @Test
    void positivesCountAsConfigured() {
        for (double configured : new double[] {20, ModelConfig.BALANCED}) {
            ModelConfig weighed = new ModelConfig(List.of(16), Activation.RELU, true, 10,
                    List.of(new Head("bought", configured, 1)), config().training()).with(config().online());
            try (OnlineTrainer trainer = new OnlineTrainer(schema(), weighed, LABELS,
                    () -> MlpSession.initialise(new MlpGraph(FEATURES, weighed), SessionThreads.SINGLE), null)) {
                Random random = new Random(3);
                for (int i = 0; i < 4_000; i++) {
                    trainer.take("u" + i, example(vector(random), i % 5 == 0, Certainty.MATURED));
                }
                assertThat((double) trainer.learner().session().read(MlpGraph.POSITIVE_WEIGHT)[0])
                        .isCloseTo(configured == ModelConfig.BALANCED ? 4 : 20, within(0.1));
            }
        }
    }

    /** Positives are known at once, negatives when the horizon is over: by then there are as many of each as there are. */
    @Test
    void judgesPositivesNoSoonerThanNegatives() {
        try (OnlineTrainer trainer = trainer()) {
            Random random = new Random(9);
            long horizon = Duration.ofHours(1).toMillis();
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < 8_000; i++) { // an event a second for a little more than two horizons
                time += 1_000;
                boolean isPositive = random.nextInt(4) == 0;
                if (isPositive) {
                    findings.addAll(trainer.take("u" + i, known(time - 1, true, time)));
                }
                if (i * 1_000L >= horizon && random.nextInt(4) > 0) {
                    findings.addAll(trainer.take("u" + i, known(time - horizon, false, time)));
                }
            }
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures).isNotEmpty().allSatisfy(each -> assertThat(
                    each.figures().positives() / (double) each.figures().examples()).isBetween(0.2, 0.3));
        }
    }

    @Test
    void learnsAPositiveThatIsKnownSoonerNoSoonerThanNegativesOfItsAge() {
        try (OnlineTrainer trainer = trainer()) {
            long horizon = Duration.ofHours(1).toMillis();
            for (int i = 0; i < BATCH; i++) {
                trainer.take("u" + i, known(i * 1_000L, true, i * 1_000L + 1));
            }
            assertThat(trainer.learner().session().steps()).as("nothing is to be learned yet").isZero();
            for (int i = 0; i < BATCH; i++) {
                trainer.take("v" + i, known(i * 1_000L, false, i * 1_000L + horizon));
            }
            assertThat(trainer.learner().session().steps()).as("62 are older than the newest, which is a batch and 30 that wait for more")
                    .isEqualTo(1 + config().online().replaySteps());
        }
    }

    @Test
    void whereNegativesAreLearnedEarlyATenthIsJudgedAndNeverLearned() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), plan(Duration.ofMinutes(1)), OnlineTrainerTest::session,
                releases)) {
            List<Finding> findings = new ArrayList<>();
            int vectors = 6_000;
            for (int i = 0; i < vectors; i++) {
                LabeledExample early = example(new float[FEATURES], false, Certainty.EARLY_NEGATIVE);
                findings.addAll(trainer.take("u" + i, early));
                LabeledExample confirmed = new LabeledExample(early.prediction(),
                        List.of(new HeadLabel(0, false, Certainty.CONFIRMED_NEGATIVE, 1, ++time)));
                findings.addAll(trainer.take("u" + i, confirmed));
            }
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures).as("500 judged ones of some 600").hasSizeBetween(1, 2);
            long neverLearned = IntStream.rangeClosed(1, vectors * 2).filter(i -> i % 2 == 1)
                    .filter(i -> WaitingExamples.isHeldOut("p" + i)).count();
            assertThat(neverLearned).isBetween(500L, 700L);
            long learned = trainer.learner().session().steps() / (1 + config().online().replaySteps());
            assertThat(learned).as("batches").isEqualTo((vectors - neverLearned) / BATCH);
        }
    }

    @Test
    void aLatePositiveIsLearnedTwice() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), plan(Duration.ofMinutes(1)), OnlineTrainerTest::session,
                releases)) {
            Random random = new Random(7);
            LabeledExample negative = example(vector(random), false, Certainty.EARLY_NEGATIVE);
            assertThat(WaitingExamples.isHeldOut(negative.prediction().id())).isFalse();
            trainer.take("ann", negative);
            trainer.take("ann", new LabeledExample(negative.prediction(),
                    List.of(new HeadLabel(0, true, Certainty.LATE_POSITIVE, 1, ++time))));
            for (int others = 0; others < 2 * BATCH - 2; ) {
                LabeledExample other = example(vector(random), random.nextBoolean(), Certainty.MATURED);
                if (!WaitingExamples.isHeldOut(other.prediction().id())) {
                    others++;
                    trainer.take("other-" + others, other);
                }
            }
            trainer.flush();
            assertThat(trainer.learner().session().steps()).as("the newest waits for time to pass")
                    .isEqualTo(1 + config().online().replaySteps());
            time++;
            trainer.take("last", example(vector(random), true, Certainty.CONFIRMED_NEGATIVE));
            trainer.flush();
            assertThat(trainer.learner().session().steps()).isEqualTo(2 * (1 + config().online().replaySteps()));
        }
    }

    /**
     * Positives come to be known while the model says less of everything than later, when their negatives do: by what it said at
     * first sight it would rank them below. Judged at one time it ranks them above, and so after a release.
     */
    @Test
    void judgesPositivesAndNegativesOfOneAgeByOneModel() {
        try (OnlineTrainer trainer = trainer()) {
            Random random = new Random(13);
            long horizon = Duration.ofHours(1).toMillis();
            List<Finding> findings = new ArrayList<>();
            List<Float> values = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                time += 1_000;
                values.add((float) random.nextGaussian());
                if (isBought(values, i)) {
                    findings.addAll(trainer.take("u" + i % 300, known(values.get(i), i * 1_000L, true, time)));
                }
                int old = i - (int) (horizon / 1_000);
                if (old >= 0 && !isBought(values, old)) {
                    findings.addAll(trainer.take("u" + old % 300, known(values.get(old), old * 1_000L, false, time)));
                }
            }
            List<Finding.Gate> tries = ofType(findings, Finding.Gate.class).stream().filter(each -> !each.isRollback()).toList();
            assertThat(tries).hasSizeGreaterThan(20).allSatisfy(each -> {
                Comparison.Line line = each.decision().comparison().lines().get(0);
                assertThat(line.model()).as("ROC-AUC").isGreaterThan(0.75);
                assertThat(line.positives() / (double) line.known()).as("share of positives").isBetween(0.4, 0.6);
            });
            assertThat(released).isNotEmpty();
        }
    }

    private static boolean isBought(List<Float> values, int i) {
        return values.get(i) + Math.sin(i) > 0;
    }

    private List<Finding> feed(OnlineTrainer trainer, int examples, long seed, boolean isUpsideDown) {
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

    private LabeledExample example(float[] vector, boolean isPositive, Certainty certainty) {
        time++;
        return new LabeledExample(
                new Prediction("p" + time, "e" + time, EventType.VIEW, time - Duration.ofHours(1).toMillis(), "hash", vector, new float[] {Float.NaN}, null),
                List.of(new HeadLabel(0, isPositive, certainty, 1, time)));
    }

    private static LabeledExample known(long asOf, boolean isPositive, long knownAt) {
        return new LabeledExample(
                new Prediction("p" + asOf + isPositive, "e" + asOf, EventType.VIEW, asOf, "hash", new float[FEATURES],
                        new float[] {Float.NaN}, null),
                List.of(new HeadLabel(0, isPositive, Certainty.MATURED, 1, knownAt)));
    }

    private static LabeledExample known(float value, long asOf, boolean isPositive, long knownAt) {
        return new LabeledExample(
                new Prediction("p" + asOf, "e" + asOf, EventType.VIEW, asOf, "hash", new float[] {value, 0, 0, 0},
                        new float[] {Float.NaN}, null),
                List.of(new HeadLabel(0, isPositive, Certainty.MATURED, 1, knownAt)));
    }

    private static float[] vector(Random random) {
        float[] vector = new float[FEATURES];
        for (int f = 0; f < FEATURES; f++) {
            vector[f] = (float) random.nextGaussian();
        }
        return vector;
    }

    private OnlineTrainer trainer() {
        return new OnlineTrainer(schema(), config(), LABELS, OnlineTrainerTest::session, releases);
    }

    private static ModelConfig config() {
        return new ModelConfig(List.of(16), Activation.RELU, true, 10, List.of(new Head("bought")),
                new Training(0.01, BATCH, 1, 1, 0, 0.1, 5, 3))
                .with(new Online(0.01, BATCH, 500, 1, 10_000, 1_000, 500, 20));
    }

    private static FeatureSchema schema() {
        return new FeatureSchema(IntStream.range(0, FEATURES).mapToObj(i -> new Feature("f" + i, Transform.IDENTITY)).toList());
    }

    private static MlpSession session() {
        return MlpSession.initialise(new MlpGraph(FEATURES, config()), SessionThreads.SINGLE);
    }

    private static LabelPlan plan(Duration negativeAfter) {
        return new LabelPlan(List.of(new Label("bought", new Label.EventComes(Set.of(EventType.ORDER), null),
                Duration.ofHours(1), negativeAfter, Duration.ZERO, Set.of(EventType.VIEW), 1)));
    }

    private static <T> List<T> ofType(List<Finding> findings, Class<T> type) {
        return findings.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
