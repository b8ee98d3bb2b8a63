package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.training.LabeledExample.Certainty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever comes in whatever order, examples are those of the definition of the labels. */
class LabelJoinDefinitionTest extends LabelJoinFixture {
    /** @param arrival when it reaches the join */
    private record Arriving(long arrival, Object what) {}

    /** In whatever order events and outcomes arrive, through state in between, the labels are those of the definition. */
    @Property(tries = 300)
    void agreesWithTheDefinition(@ForAll long seed) {
        Random random = new Random(seed);
        List<Prediction> predictions = new ArrayList<>();
        List<BehaviorEvent> events = new ArrayList<>();
        List<LabeledOutcome> outcomes = new ArrayList<>();
        Set<Long> taken = new HashSet<>(); // of two outcomes at one time the definition does not say which decides
        for (int i = 0; i < 40; i++) {
            EventType[] types = {EventType.VIEW, EventType.ORDER, EventType.REFUND};
            long time = unused(random.nextInt(600) * SECOND, taken);
            BehaviorEvent event = TestingEvents.event("e" + i, types[random.nextInt(types.length)], time);
            event.setAmountMinor((long) random.nextInt(2));
            events.add(event);
            predictions.add(prediction("e" + i, event.getType(), time));
            if (random.nextInt(3) == 0) {
                outcomes.add(new LabeledOutcome("o" + i, "user", random.nextInt(4) == 0 ? "late" : "fraud", (double) random.nextInt(3),
                        unused(time + 1 + random.nextInt(300_000), taken), random.nextInt(5) == 0 ? null : "e" + i));
            }
        }
        predictions.sort(Comparator.comparingLong(Prediction::asOf));

        List<Told> told = run(random, predictions, events, outcomes);

        assertThat(told).containsExactlyInAnyOrderElementsOf(definition(predictions, events, outcomes));
        assertThat(told).isSortedAccordingTo(Comparator.comparingLong(Told::knownAt));
        assertThat(run(random, predictions, events, outcomes)).isEqualTo(told);
    }

    private static long unused(long time, Set<Long> taken) {
        long next = time;
        while (!taken.add(next)) {
            next++;
        }
        return next;
    }

    private List<Told> run(
            Random random, List<Prediction> predictions, List<BehaviorEvent> events, List<LabeledOutcome> outcomes) {
        long lateness = 30 * SECOND;
        LongFunction<Long> arrival = time -> time + (long) (random.nextDouble() * lateness);
        List<Arriving> arriving = new ArrayList<>();
        predictions.forEach(each -> arriving.add(new Arriving(each.asOf() + lateness / 2, each))); // in order, as of one key
        events.forEach(each -> arriving.add(new Arriving(arrival.apply(each.getEventTime()), each)));
        outcomes.forEach(each -> arriving.add(new Arriving(arrival.apply(each.getOutcomeTime()), each)));
        arriving.sort(Comparator.comparingLong(Arriving::arrival));
        UserLabels labels = new UserLabels(PLAN);
        List<Told> told = new ArrayList<>();
        for (Arriving each : arriving) {
            long watermark = each.arrival() - lateness - 1;
            told.addAll(tell(join.advance(labels, watermark)));
            if (each.what() instanceof Prediction prediction) {
                assertThat(join.add(labels, prediction, watermark)).isIn(LabelJoin.Taken.YES, LabelJoin.Taken.NOT_ASKED);
            } else if (each.what() instanceof BehaviorEvent event) {
                join.add(labels, event);
            } else {
                join.add(labels, (LabeledOutcome) each.what());
            }
            if (random.nextInt(8) == 0) {
                labels = UserLabels.fromBytes(PLAN, labels.toBytes());
            }
        }
        while (join.nextDue(labels).isPresent()) {
            told.addAll(tell(join.advance(labels, join.nextDue(labels).getAsLong())));
        }
        assertThat(labels.isIdle()).isTrue();
        return told;
    }

    private static List<Told> definition(
            List<Prediction> predictions, List<BehaviorEvent> events, List<LabeledOutcome> outcomes) {
        List<Told> expected = new ArrayList<>();
        long silentTaken = -1_000 * SECOND;
        for (Prediction each : predictions) {
            long from = each.asOf();
            List<Long> orders = times(events.stream()
                    .filter(event -> event.getType() == EventType.ORDER && event.getAmountMinor() > 0)
                    .map(BehaviorEvent::getEventTime), from, 100 * SECOND);
            expected.add(orders.isEmpty()
                    ? new Told(each.id(), BOUGHT, false, Certainty.MATURED, from + 100 * SECOND)
                    : new Told(each.id(), BOUGHT, true, Certainty.MATURED, orders.get(0)));
            if (each.type() != EventType.VIEW) {
                addFraud(each, outcomes, expected);
            }
            if (from - silentTaken >= 20 * SECOND) {
                silentTaken = from;
                List<Long> any = times(events.stream().map(BehaviorEvent::getEventTime), from, 40 * SECOND);
                expected.add(any.isEmpty()
                        ? new Told(each.id(), SILENT, true, Certainty.MATURED, from + 40 * SECOND)
                        : new Told(each.id(), SILENT, false, Certainty.MATURED, any.get(0)));
            }
        }
        return expected;
    }

    private static void addFraud(Prediction each, List<LabeledOutcome> outcomes, List<Told> expected) {
        long from = each.asOf();
        LabeledOutcome first = outcomes.stream()
                .filter(outcome -> outcome.getLabel().equals("fraud"))
                .filter(outcome -> outcome.getEventId() == null || outcome.getEventId().equals(each.eventId()))
                .filter(outcome -> outcome.getOutcomeTime() > from && outcome.getOutcomeTime() <= from + 300 * SECOND)
                .min(Comparator.comparingLong(LabeledOutcome::getOutcomeTime))
                .orElse(null);
        boolean isEarly = first == null || first.getOutcomeTime() > from + 50 * SECOND;
        if (isEarly) {
            expected.add(new Told(each.id(), FRAUD, false, Certainty.EARLY_NEGATIVE, from + 50 * SECOND));
        }
        boolean isPositive = first != null && first.getValue() > 0;
        Certainty certainty = !isEarly
                ? Certainty.MATURED
                : isPositive ? Certainty.LATE_POSITIVE : Certainty.CONFIRMED_NEGATIVE;
        expected.add(new Told(
                each.id(), FRAUD, isPositive, certainty, first == null ? from + 300 * SECOND : first.getOutcomeTime()));
    }

    /** Those within the horizon, ascending. */
    private static List<Long> times(Stream<Long> times, long from, long horizon) {
        return times.filter(time -> time > from && time <= from + horizon).sorted().toList();
    }
}
