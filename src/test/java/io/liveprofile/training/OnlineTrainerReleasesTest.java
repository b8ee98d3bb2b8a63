package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EventType;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Online;
import io.liveprofile.model.Activation;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.training.LabeledExample.Certainty;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes champion, and when. */
class OnlineTrainerReleasesTest extends OnlineTrainerFixture {
    private static final float[][] X = {{1, 0, 2, 0}, {0, 1, 0, -1}};
    private static final float[][] Y = {{1}, {0}};

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

    /** Somebody made it while the trainer had none; until then the share of positives stood in its place. */
    @Test
    void aFirstReleaseThatWasMadeMeanwhileIsJudgedFromItsBeginningOn() throws Exception {
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            Random random = new Random(1);
            for (int i = 0; i < 4_000; i++) {
                one.take("user-" + i % 300, example(vector(random), random.nextBoolean(), Certainty.MATURED));
            }
            assertThat(one.championId()).isNull();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            other.beginWith("r000000", one.learner().session().readAll());
            other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            assertThat(other.championId()).isEqualTo("r000000");
            List<Finding.Gate> gates = ofType(feed(other, 2_000, 4, false), Finding.Gate.class);
            assertThat(gates.get(0).decision().comparison().rows()).isLessThan(500 + BATCH);
        }
    }

    /** Without the count of steps Adam would take warm moments for cold ones and go too short a way. */
    @Test
    void goesOnFromAReleaseAsWhatWasReleasedWould() {
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            feed(one, 4_000, 1, false);
            String id = released.get(0).id();
            other.beginWith(id, store.get(id));
            MlpSession goesOn = other.learner().session();
            try (MlpSession was = releases.load(id).orElseThrow()) {
                assertThat(goesOn.steps()).isEqualTo(was.steps()).isPositive();
                goesOn.train(X, Y);
                was.train(X, Y);
                assertThat(goesOn.read("hidden_0.kernel")).isEqualTo(was.read("hidden_0.kernel"));
            }
        }
    }

    /** As of a version that left the count out. */
    @Test
    void fromAReleaseWithoutACountOfStepsItGoesOnWithFreshMoments() {
        Map<String, float[]> old = learned(false);
        old.remove(MlpGraph.OPTIMIZER_STEP);
        try (OnlineTrainer trainer = trainer()) {
            trainer.beginWith("r000001", old);
            MlpSession goesOn = trainer.learner().session();
            assertThat(goesOn.read("output.kernel.adam_m")).containsOnly(0);
            assertThat(goesOn.read("output.kernel.adam_v")).containsOnly(0);
            assertThat(goesOn.read("output.kernel")).isEqualTo(old.get("output.kernel"));
            assertThat(goesOn.steps()).isZero();
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
    void thereIsNoTryWhileAReleaseWaitsForItsActivation() throws Exception {
        leadMillis = 10_000; // examples are a millisecond apart
        try (OnlineTrainer one = trainer(); OnlineTrainer other = trainer()) {
            feed(one, 4_000, 1, false);
            assertThat(released).hasSize(1);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            one.write(new DataOutputStream(bytes));
            other.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            List<Finding> findings = feed(other, 4_000, 2, true);
            assertThat(ofType(findings, Finding.Gate.class)).isEmpty();
            assertThat(ofType(findings, Finding.Figures.class)).isNotEmpty();
            feed(other, 10_000, 3, true);
            assertThat(released).hasSizeGreaterThan(1);
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
    void whatLearnedAWorldThatIsGoneIsReplaced() {
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
        ModelConfig slow = config().with(new Online(1e-9, BATCH, 500, 1, 10_000, 0.5, 1_000, 250, 20));
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), slow, LABELS, OnlineTrainerFixture::session, releases)) {
            trainer.beginWith("good", good);
            trainer.beginWith("bad", bad);
            List<Finding> findings = feed(trainer, 2_000, 6, false);

            assertThat(ofType(findings, Finding.Released.class)).hasSize(1).allMatch(Finding.Released::isRollback);
            assertThat(released.get(0).parent()).isEqualTo("good");
            assertThat(trainer.championId()).isEqualTo(released.get(0).id());
            assertThat(store.get(released.get(0).id()).get("dense_0.kernel")).isEqualTo(good.get("dense_0.kernel"));
            assertThat(ofType(findings, Finding.Gate.class)).filteredOn(Finding.Gate::isRollback).last()
                    .satisfies(each -> assertThat(each.decision().isPassed()).isFalse());
        }
    }

    private Map<String, float[]> learned(boolean isUpsideDown) {
        try (OnlineTrainer teacher = new OnlineTrainer(schema(), config(), LABELS, OnlineTrainerFixture::session, null)) {
            feed(teacher, 4_000, 1, isUpsideDown);
            return teacher.learner().session().readAll();
        }
    }
}
