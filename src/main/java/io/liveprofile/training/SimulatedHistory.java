package io.liveprofile.training;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.model.Examples;
import io.liveprofile.profile.HistoryProfiler;
import io.liveprofile.profile.ProfilerConfig;
import io.liveprofile.profile.Verdict;
import io.liveprofile.simulation.ShopSimulation;
import io.liveprofile.simulation.Simulated;
import io.liveprofile.simulation.SimulatedEvent;
import io.liveprofile.simulation.SimulatedOutcome;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Examples from simulated shoppers for the first model, made by the jobs' own stages: each vector is what the live job would
 * have scored after the event, each label what the label join says of it once it is known for good.
 *
 * <p>Deterministic: equal configurations give equal examples.
 */
public final class SimulatedHistory {
    private static final Set<EventType> MONEY_MOVES =
            EnumSet.of(EventType.ORDER, EventType.PAYMENT, EventType.PAYMENT_FAILED, EventType.REFUND);
    private static final int MAX_WAITING = 10_000;
    private static final int PROGRESS_EVERY = 100_000;

    private final SimulationConfig simulation;
    private final Duration warmUp;
    private final Duration span;
    private final double share;
    private final LabelPlan labels;
    private final LabelledHistory history;

    /** By prediction id, in the order in which they became known. */
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private record Row(String user, float[] vector, float[] labels, float represented) {}

    /**
     * @param warmUp simulated time before the first example, so that windows are filled
     * @param span simulated time that gives examples
     * @param share of the events that become examples, above 0 to 1. Orders, payments and refunds always do, since fraud
     *     is rare: the event's type is part of the vector, so this moves no probability given the vector
     * @param labels of the model's heads, in order
     */
    public SimulatedHistory(
            SimulationConfig simulation,
            ProfilerConfig profiler,
            FeaturePlan features,
            Duration warmUp,
            Duration span,
            double share,
            LabelPlan labels) {
        this.simulation = simulation;
        this.warmUp = warmUp;
        this.span = span;
        this.share = share;
        this.labels = labels;
        this.history = new LabelledHistory(new HistoryProfiler(profiler, features), new LabelJoin(labels, MAX_WAITING),
                features.schema().hash(), this::learn);
    }

    /**
     * Simulates and labels.
     *
     * @param progress told the events simulated so far, now and then
     */
    public Examples examples(LongConsumer progress) {
        ShopSimulation shop = new ShopSimulation(simulation);
        SplittableRandom chance = new SplittableRandom(simulation.seed());
        long first = simulation.startMillis() + warmUp.toMillis();
        long last = first + span.toMillis();
        long end = last + labels.longestHorizonMillis();
        long lastEvent = last + eventHorizonMillis();
        long events = 0;
        while (shop.nextTime() <= end) {
            Simulated simulated = shop.next();
            if (simulated instanceof SimulatedOutcome outcome) {
                history.take(outcome.outcome());
                continue;
            }
            BehaviorEvent event = ((SimulatedEvent) simulated).event();
            if (++events % PROGRESS_EVERY == 0) {
                progress.accept(events);
            }
            long time = event.getEventTime();
            if (time > lastEvent) {
                continue; // only outcomes are still awaited
            }
            if (history.take(event) instanceof Verdict.Profiled profiled && time >= first && time < last
                    && (MONEY_MOVES.contains(event.getType()) || chance.nextDouble() < share)) {
                history.judge(profiled.update(), event.getType());
            }
        }
        history.advance(end);
        return new Examples(
                rows.values().stream().map(Row::vector).toArray(float[][]::new),
                rows.values().stream().map(Row::labels).toArray(float[][]::new),
                rows.values().stream().map(Row::user).toArray(String[]::new),
                represented());
    }

    private float[] represented() {
        float[] represented = new float[rows.size()];
        int i = 0;
        for (Row row : rows.values()) {
            represented[i++] = row.represented;
        }
        return represented;
    }

    /** Of the labels that wait for events. */
    private long eventHorizonMillis() {
        return labels.labels().stream()
                .filter(label -> !(label.positive() instanceof Label.OutcomeComes))
                .mapToLong(label -> label.horizon().toMillis())
                .max()
                .orElse(0);
    }

    private void learn(String user, LabeledExample example) {
        for (LabeledExample.HeadLabel label : example.labels()) {
            if (label.certainty().isJudged()) {
                Row row = rows.computeIfAbsent(example.prediction().id(),
                        id -> new Row(user, example.prediction().vector(), labels.unknown(),
                                MONEY_MOVES.contains(example.prediction().type()) ? 1 : (float) (1 / share)));
                row.labels[label.head()] = label.isPositive() ? 1 : 0;
            }
        }
    }
}
