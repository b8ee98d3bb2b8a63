package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.training.LabeledExample.Certainty;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelJoinTest extends LabelJoinFixture {
    @Test
    void aPositiveIsReleasedAtOnceAndANegativeWhenItsHorizonIsOver() {
        view("a", 0);
        view("b", 150 * SECOND);
        order("c", 100 * SECOND);

        assertThat(advance(100 * SECOND - 1)).noneMatch(told -> told.head() == BOUGHT);
        assertThat(advance(100 * SECOND)).contains(new Told("a", BOUGHT, true, Certainty.MATURED, 100 * SECOND));
        assertThat(advance(250 * SECOND - 1)).noneMatch(told -> told.head() == BOUGHT);
        assertThat(advance(250 * SECOND)).contains(new Told("b", BOUGHT, false, Certainty.MATURED, 250 * SECOND));
        assertThat(user.isIdle()).isTrue();
    }

    /** As a failure of the profile job leaves them. */
    @Test
    void aRepeatedVectorWaitsOnce() {
        view("a", 0);
        view("b", 0);
        assertThat(join.add(user, prediction("a", EventType.VIEW, 0), BEGINNING)).isEqualTo(LabelJoin.Taken.REPEATED);
        view("c", 5);
        assertThat(join.add(user, prediction("b", EventType.VIEW, 0), BEGINNING)).isEqualTo(LabelJoin.Taken.REPEATED);
        order("d", 50 * SECOND);
        assertThat(advance(50 * SECOND)).filteredOn(told -> told.head() == BOUGHT)
                .extracting(Told::prediction).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(join.add(user, prediction("a", EventType.VIEW, 0), 50 * SECOND)).as("decided by then").isEqualTo(LabelJoin.Taken.LATE);
    }

    /** As of vectors that are written again behind a failure, beside what is new. */
    @Test
    void anOlderVectorIsAskedAfterANewerOne() {
        view("newer", 20 * SECOND);
        view("older", 10 * SECOND);
        assertThat(advance(120 * SECOND)).filteredOn(told -> told.head() == BOUGHT).containsExactly(
                new Told("older", BOUGHT, false, Certainty.MATURED, 110 * SECOND),
                new Told("newer", BOUGHT, false, Certainty.MATURED, 120 * SECOND));
    }

    /** As where there are fewer subtasks than before, which go on from the watermark that all had reached. */
    @Test
    void aVectorThatTimeHasDecidedIsNotAskedAgainBehindAnEarlierWatermark() {
        view("a", 0);
        view("b", 10 * SECOND);
        advance(200 * SECOND);
        user = UserLabels.fromBytes(PLAN, user.toBytes());
        assertThat(join.add(user, prediction("a", EventType.VIEW, 0), BEGINNING)).isEqualTo(LabelJoin.Taken.LATE);
        assertThat(join.add(user, prediction("b", EventType.VIEW, 10 * SECOND), BEGINNING)).isEqualTo(LabelJoin.Taken.LATE);
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true", "100000, true", "100001, false"})
    void noVectorMeetsItsOwnPastOrPresentAsALabel(long orderAt, boolean isPositive) {
        view("a", 0);
        join.add(user, bought("x", orderAt));

        assertThat(advance(200 * SECOND)).filteredOn(told -> told.head() == BOUGHT)
                .extracting(Told::isPositive).containsExactly(isPositive);
    }

    @Test
    void anOrdersOwnVectorIsNotPositiveForThatOrder() {
        predict("a", EventType.ORDER, 0);
        join.add(user, bought("a", 10)); // the same event, with a clock that says otherwise

        assertThat(advance(100 * SECOND)).filteredOn(told -> told.head() == BOUGHT)
                .extracting(Told::isPositive).containsExactly(false);
    }

    /** A vector counted up to a later time than its event's, as of a late event, knows what came in between. */
    @Test
    void aLeakedFutureIsNoLabel() {
        join.add(user, new Prediction("late", "late", EventType.VIEW, 60 * SECOND, "s", new float[1], scores(), null), BEGINNING);
        join.add(user, bought("x", 50 * SECOND)); // after the event's time, before what the vector knows

        assertThat(advance(300 * SECOND)).filteredOn(told -> told.head() == BOUGHT)
                .extracting(Told::isPositive).containsExactly(false);
    }

    @Test
    void aVectorBehindTheWatermarkIsRefusedAsItsLabelMayHaveGone() {
        assertThat(join.add(user, prediction("a", EventType.VIEW, 10), 10)).isEqualTo(LabelJoin.Taken.LATE);
        assertThat(join.add(user, prediction("b", EventType.VIEW, 11), 10)).isEqualTo(LabelJoin.Taken.YES);
    }

    @Test
    void anEarlyNegativeThatTurnsIsLearnedAgainAndOneThatDoesNotIsJudgedBy() {
        predict("a", EventType.ORDER, 0);
        predict("b", EventType.ORDER, 1);
        outcome("a", 1, 200 * SECOND);

        assertThat(advance(301 * SECOND)).filteredOn(told -> told.head() == FRAUD).containsExactly(
                new Told("a", FRAUD, false, Certainty.EARLY_NEGATIVE, 50 * SECOND),
                new Told("b", FRAUD, false, Certainty.EARLY_NEGATIVE, 50 * SECOND + 1),
                new Told("a", FRAUD, true, Certainty.LATE_POSITIVE, 200 * SECOND),
                new Told("b", FRAUD, false, Certainty.CONFIRMED_NEGATIVE, 300 * SECOND + 1));
    }

    @Test
    void anOutcomeThatSaysNoDecidesAtOnceAndOneWithoutAnEventDecidesForAll() {
        predict("a", EventType.ORDER, 0);
        predict("b", EventType.ORDER, 1);
        predict("c", EventType.ORDER, 2);
        outcome("a", 0, 10 * SECOND);
        outcome(null, 1, 20 * SECOND);

        assertThat(advance(20 * SECOND)).filteredOn(told -> told.head() == FRAUD).containsExactly(
                new Told("a", FRAUD, false, Certainty.MATURED, 10 * SECOND),
                new Told("b", FRAUD, true, Certainty.MATURED, 20 * SECOND),
                new Told("c", FRAUD, true, Certainty.MATURED, 20 * SECOND));
    }

    @Test
    void ofTwoOutcomesOfOneTimeTheOneThatSaysYesDecidesWhicheverCameFirst() {
        predict("a", EventType.ORDER, 0);
        outcome("a", 0, 10 * SECOND);
        outcome("a", 1, 10 * SECOND);

        assertThat(advance(20 * SECOND)).contains(new Told("a", FRAUD, true, Certainty.MATURED, 10 * SECOND));
    }

    /** A confirmation page that is loaded again reports the order again, under another event id. */
    @Test
    void theSameReportedAgainIsNoSecondPositive() {
        LabelPlan plan = plan("""
                labels: { bought: { positive: { events: ORDER, distinct: attributes.order }, horizon: 100 s } }
                """);
        LabelJoin orders = new LabelJoin(plan, 10);
        UserLabels shopper = new UserLabels(plan);
        for (long asOf : new long[] {0, 20 * SECOND, 40 * SECOND}) {
            orders.add(shopper, prediction("at" + asOf, EventType.VIEW, asOf), BEGINNING);
        }
        orders.add(shopper, order("e3", "A", 30 * SECOND)); // out of order
        orders.add(shopper, order("e1", "A", 10 * SECOND));
        orders.add(shopper, order("e2", "A", 15 * SECOND));
        List<Told> first = tell(orders.advance(shopper, 35 * SECOND));
        shopper = UserLabels.fromBytes(plan, shopper.toBytes());
        orders.add(shopper, order("e4", "A", 50 * SECOND));
        orders.add(shopper, order("e5", "B", 60 * SECOND));

        assertThat(first).containsExactly(new Told("at0", BOUGHT, true, Certainty.MATURED, 10 * SECOND));
        assertThat(tell(orders.advance(shopper, 200 * SECOND))).containsExactly(
                new Told("at20000", BOUGHT, true, Certainty.MATURED, 60 * SECOND),
                new Told("at40000", BOUGHT, true, Certainty.MATURED, 60 * SECOND));
    }

    /** Whoever scored it goes back and repeats what he wrote. */
    @Test
    void aVectorThatComesAgainIsAskedAsItWasTheFirstTime() {
        LabelPlan plan = plan("labels: { bought: { positive: { events: ORDER }, horizon: 1 h, every: 20 s } }");
        LabelJoin every = new LabelJoin(plan, 100);
        UserLabels labels = new UserLabels(plan);
        for (LabelJoin.Taken asked : new LabelJoin.Taken[] {LabelJoin.Taken.YES, LabelJoin.Taken.REPEATED}) {
            for (int time = 100; time < 200; time += 5) {
                assertThat(every.add(labels, prediction("e" + time, EventType.VIEW, time * SECOND), BEGINNING))
                        .isEqualTo(time % 20 == 0 ? asked : LabelJoin.Taken.NOT_ASKED);
            }
        }
    }

    /** Before there is a watermark, as behind a failure: what decided it is gone. */
    @Test
    void aVectorBehindAFactThatWasAppliedIsRefused() {
        view("first", 10 * SECOND);
        order("o", 20 * SECOND);
        advance(30 * SECOND);
        user = UserLabels.fromBytes(PLAN, user.toBytes());
        assertThat(join.add(user, prediction("again", EventType.VIEW, 19 * SECOND), BEGINNING)).isEqualTo(LabelJoin.Taken.LATE);
        assertThat(join.add(user, prediction("new", EventType.VIEW, 20 * SECOND), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
    }

    /** Live, where a user of whom nothing waits is forgotten, as in an evaluation, where nobody is. */
    @Test
    void whoIsForgottenIsNotAskedAgainSoonerThanEvery() {
        LabelPlan plan = plan("""
                labels: { bought: { positive: { events: ORDER }, horizon: 10 s, every: 100 s } }
                """);
        LabelJoin seldom = new LabelJoin(plan, 10);
        UserLabels shopper = new UserLabels(plan);
        assertThat(seldom.add(shopper, prediction("a", EventType.VIEW, 0), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
        seldom.advance(shopper, 99 * SECOND);

        assertThat(seldom.canForget(shopper, 100 * SECOND - 1)).isFalse();
        assertThat(seldom.add(shopper, prediction("b", EventType.VIEW, 100 * SECOND - 1), 99 * SECOND))
                .isEqualTo(LabelJoin.Taken.NOT_ASKED);
        assertThat(seldom.canForget(shopper, 100 * SECOND)).isTrue();
        assertThat(seldom.add(new UserLabels(plan), prediction("c", EventType.VIEW, 100 * SECOND), 99 * SECOND))
                .isEqualTo(LabelJoin.Taken.YES);
    }

    @Test
    void whatWasReportedIsRememberedOfOneWhoWasNeverAsked() {
        LabelPlan plan = plan("""
                labels: { bought: { positive: { events: ORDER, distinct: attributes.order }, horizon: 100 s } }
                """);
        LabelJoin orders = new LabelJoin(plan, 10);
        UserLabels shopper = new UserLabels(plan);
        orders.add(shopper, order("e1", "A", 5 * SECOND));
        orders.advance(shopper, 5 * SECOND);
        shopper = UserLabels.fromBytes(plan, shopper.toBytes());

        assertThat(orders.canForget(shopper, 205 * SECOND - 1)).isFalse();
        assertThat(orders.canForget(shopper, 205 * SECOND)).isTrue();
        orders.add(shopper, prediction("v", EventType.VIEW, 6 * SECOND), 5 * SECOND);
        orders.add(shopper, order("e2", "A", 7 * SECOND));
        assertThat(tell(orders.advance(shopper, 200 * SECOND)))
                .containsExactly(new Told("v", BOUGHT, false, Certainty.MATURED, 106 * SECOND));
    }

    /** One view at 20 s, an order A that was seen at 10 s and is reported again at 30 s, an order B at 40 s. */
    @Test
    void stateOfTheFirstFormatIsRead() {
        LabelPlan plan = plan("""
                labels: { bought: { positive: { events: ORDER, distinct: attributes.order }, horizon: 100 s } }
                """);
        UserLabels read = UserLabels.fromBytes(plan, Base64.getDecoder().decode("AgIMYm91Z2h0wLgCAgJ2AnYIVklFV8C4AgJzAgAAgD8ACE9QRU4A"
                + "AMB/BODUAwEEZTIAAgDGlKTg5LqQ+70BgPEEAQRlMwACAMrfoamC3tmgpgH///////////8BAsaUpODkupD7vQE="));

        assertThat(tell(new LabelJoin(plan, 10).advance(read, 200 * SECOND)))
                .containsExactly(new Told("v", BOUGHT, true, Certainty.MATURED, 40 * SECOND));
    }

    @Test
    void whatIsDecidedTogetherIsOneExample() {
        view("a", 0);
        join.add(user, bought("x", 10 * SECOND));

        List<LabeledExample> examples = join.advance(user, 10 * SECOND);

        assertThat(examples).hasSize(1); // bought, so not silent either
        assertThat(examples.get(0).labels()).extracting(LabeledExample.HeadLabel::head).containsExactly(BOUGHT, SILENT);
    }

    @Test
    void whoWaitsStaysWhenTooManyWait() {
        LabelJoin narrow = new LabelJoin(PLAN, 2);
        assertThat(narrow.add(user, prediction("a", EventType.VIEW, 0), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
        assertThat(narrow.add(user, prediction("b", EventType.VIEW, 1), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
        assertThat(narrow.add(user, prediction("c", EventType.VIEW, 2), BEGINNING))
                .isEqualTo(LabelJoin.Taken.NO_ROOM);

        assertThat(tell(narrow.advance(user, 1_000 * SECOND))).extracting(Told::prediction).containsOnly("a", "b");
    }

    /** As long as no vector comes time stands still, and a robot orders on. */
    @Test
    void ofTooManyFactsTheOldestGoAndNoLabelIsWrongByIt() {
        LabelPlan plan = plan("""
                labels: { bought: { positive: { events: ORDER, distinct: attributes.order }, horizon: 100000 s } }
                """);
        LabelJoin orders = new LabelJoin(plan, 10);
        UserLabels robot = new UserLabels(plan);
        orders.add(robot, prediction("a", EventType.VIEW, 0), BEGINNING);
        int dropped = 0;
        for (int i = 1; i <= LabelJoin.MAX_FACTS + 2; i++) {
            orders.add(robot, order("e" + i, "order " + i, i * SECOND));
            dropped += orders.dropCrowded(robot);
        }
        robot = UserLabels.fromBytes(plan, robot.toBytes());

        assertThat(dropped).isEqualTo(2);
        assertThat(robot.facts).hasSize(LabelJoin.MAX_FACTS);
        assertThat(robot.waiting).as("its order is gone").isEmpty();
        assertThat(orders.add(robot, prediction("b", EventType.VIEW, 2 * SECOND - 1), BEGINNING)).isEqualTo(LabelJoin.Taken.LATE);
        assertThat(orders.add(robot, prediction("c", EventType.VIEW, 2 * SECOND), BEGINNING)).isEqualTo(LabelJoin.Taken.YES);
        assertThat(tell(orders.advance(robot, 20_000 * SECOND)))
                .containsExactly(new Told("c", BOUGHT, true, Certainty.MATURED, 3 * SECOND));
    }

    /** An order that was reported before decides nothing, and an outcome of another event nothing of this one. */
    @Test
    void aFactThatDecidesNothingTakesNoLabelWithIt() {
        LabelPlan plan = plan("""
                labels:
                  bought: { positive: { events: ORDER, distinct: attributes.order }, horizon: 10 s }
                  fraud: { positive: { outcomes: fraud }, horizon: 100000 s }
                """);
        LabelJoin both = new LabelJoin(plan, 10);
        UserLabels robot = new UserLabels(plan);
        both.add(robot, order("first", "A", 1));
        both.advance(robot, 1);
        both.add(robot, new Prediction("a", "a", EventType.VIEW, 2, "s", new float[1], new float[2], null), 1);
        both.add(robot, order("again", "A", 3));
        both.add(robot, new LabeledOutcome("o", "user", "fraud", 1.0, 4L, "another"));
        both.add(robot, order("after its horizon", "B", 20 * SECOND));
        for (int i = 0; i < LabelJoin.MAX_FACTS; i++) {
            both.add(robot, new LabeledOutcome("o" + i, "user", "fraud", 1.0, 30 * SECOND + i, "a"));
        }

        assertThat(both.dropCrowded(robot)).isEqualTo(3);
        assertThat(tell(both.advance(robot, 200_000 * SECOND))).containsExactly(
                new Told("a", 0, false, Certainty.MATURED, 10 * SECOND + 2),
                new Told("a", 1, true, Certainty.MATURED, 30 * SECOND));
    }

    @Test
    void negativesAreKeptAtTheirShareAndPositivesAll() {
        LabelPlan sampled = plan("""
                labels:
                  bought: { positive: { events: [ORDER] }, horizon: 100 s, keep_negatives: 0.1 }
                """);
        LabelJoin sampling = new LabelJoin(sampled, 100_000);
        UserLabels many = new UserLabels(sampled);
        for (int i = 0; i < 10_000; i++) {
            sampling.add(many, prediction("n" + i, EventType.VIEW, i), BEGINNING);
        }
        UserLabels all = UserLabels.fromBytes(sampled, many.toBytes());
        List<LabeledExample> negatives = sampling.advance(many, 1_000 * SECOND);
        for (int i = 0; i < 100; i++) {
            sampling.add(many, prediction("p" + i, EventType.VIEW, 2_000 * SECOND + i), BEGINNING);
        }
        sampling.add(many, bought("x", 2_001 * SECOND));

        List<LabeledExample> ofAll = new LabelJoin(sampled.withAllNegatives(), 100_000).advance(all, 1_000 * SECOND);
        assertThat(ofAll).hasSize(10_000);
        List<LabeledExample> kept = ofAll.stream().map(sampled::kept).filter(example -> !example.labels().isEmpty()).toList();
        assertThat(tell(kept)).as("sampled afterwards").isEqualTo(tell(negatives));
        assertThat(kept).extracting(LabeledExample::labels).isEqualTo(negatives.stream().map(LabeledExample::labels).toList());
        assertThat(negatives).hasSizeBetween(850, 1_150); // five standard deviations of 30
        assertThat(negatives).allMatch(example -> example.labels().get(0).keptShare() == 0.1);
        assertThat(sampling.advance(many, 2_001 * SECOND)).hasSize(100)
                .allMatch(example -> example.labels().get(0).keptShare() == 1);
    }

    @Test
    void headsComeAndGo() {
        predict("a", EventType.ORDER, 0);
        order("x", 60 * SECOND);
        outcome("a", 1, 70 * SECOND);
        LabelPlan other = plan("""
                labels:
                  fraud: { positive: { outcomes: [fraud] }, horizon: 300 s }
                  searched: { positive: { events: [SEARCH] }, horizon: 10 s }
                """);

        UserLabels read = UserLabels.fromBytes(other, user.toBytes());

        assertThat(tell(new LabelJoin(other, 10).advance(read, 1_000 * SECOND)))
                .containsExactly(new Told("a", 0, true, Certainty.MATURED, 70 * SECOND));
        assertThat(read.isIdle()).isTrue();
    }
}
