package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.EventType;
import io.liveprofile.model.Comparison;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Online;
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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnlineTrainerTest extends OnlineTrainerFixture {
    @Test
    void learnsWhatHappensAndReleasesWhatIsBetterThanTheShareOfPositives() {
        try (OnlineTrainer trainer = trainer()) {
            List<Finding> findings = feed(trainer, 4_000, 1, false);
            assertThat(trainer.championId()).isEqualTo(released.get(released.size() - 1).id());
            assertThat(findings).filteredOn(Finding.Released.class::isInstance).hasSameSizeAs(released);
            assertThat(released.get(0).parent()).isNull();
            assertThat(rowsLearnedFrom).as("what is kept for replay").hasSameSizeAs(released)
                    .allMatch(rows -> rows > 8 * BATCH && rows <= config().online().replayRows());
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures.get(figures.size() - 1).figures().rocAuc()).isGreaterThan(0.85);
            List<Finding.Gate> tries = ofType(findings, Finding.Gate.class);
            assertThat(tries).filteredOn(each -> !each.isRollback()).hasSizeBetween(5, 8);
            assertThat(tries.get(0).champion()).as("the baseline is the share of positives").isNull();
        }
    }

    /**
     * Labels that nothing foretells, but are the same for all that a user does in a few minutes: who has learned one of his vectors
     * knows the others of whom nobody could know when they were scored.
     */
    @Test
    void learningOutcomesOfUsersByHeartIsNoMerit() {
        try (OnlineTrainer trainer = trainer()) {
            Random random = new Random(5);
            List<Finding> findings = new ArrayList<>();
            float[][] ways = new float[60][];
            Arrays.setAll(ways, each -> vector(random));
            for (int i = 0; i < 8_000; i++) {
                int user = random.nextInt(ways.length);
                findings.addAll(trainer.take("user-" + user, example(ways[user], user % 3 == 0, Certainty.MATURED)));
            }
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures).isNotEmpty();
            assertThat(figures.get(figures.size() - 1).figures().rocAuc()).isBetween(0.25, 0.75);
            assertThat(released).isEmpty();
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
            ModelConfig narrow = config().with(new Online(0.01, BATCH, room, 1, 10_000, 0.5, 1_000, 250, 20));
            try (OnlineTrainer one = trainer();
                    OnlineTrainer other = new OnlineTrainer(schema(), narrow, LABELS, OnlineTrainerFixture::session, releases)) {
                feed(one, 3_000, 2, false);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                one.write(new DataOutputStream(bytes));
                other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
                List<Finding.Figures> figures = ofType(feed(other, 6_000, 4, true), Finding.Figures.class);
                assertThat(figures.get(figures.size() - 1).figures().rocAuc()).as("room for " + room).isGreaterThan(0.8);
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
    void whereNegativesAreLearnedEarlyTooHeldOutUsersAreJudgedAndNeverLearned() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), plan(Duration.ofMinutes(1)), OnlineTrainerFixture::session,
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
            assertThat(figures).as("250 judged ones each time, of some 3,000").hasSizeBetween(8, 12);
            long neverLearned = IntStream.range(0, vectors).filter(i -> isHeldOut("u" + i)).count();
            assertThat(neverLearned).isBetween(2_800L, 3_200L);
            long learned = trainer.learner().session().steps() / (1 + config().online().replaySteps());
            assertThat(learned).as("batches").isEqualTo((vectors - neverLearned) / BATCH);
        }
    }

    @Test
    void aLatePositiveIsLearnedTwice() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), plan(Duration.ofMinutes(1)), OnlineTrainerFixture::session,
                releases)) {
            Random random = new Random(7);
            LabeledExample negative = example(vector(random), false, Certainty.EARLY_NEGATIVE);
            assertThat(isHeldOut("ann")).isFalse();
            trainer.take("ann", negative);
            trainer.take("ann", new LabeledExample(negative.prediction(),
                    List.of(new HeadLabel(0, true, Certainty.LATE_POSITIVE, 1, ++time))));
            for (int others = 0; others < 2 * BATCH - 2; ) {
                LabeledExample other = example(vector(random), random.nextBoolean(), Certainty.MATURED);
                if (!isHeldOut(other.prediction().id())) {
                    others++;
                    trainer.take(other.prediction().id(), other);
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
}
