package io.liveprofile.training;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.model.Examples;
import io.liveprofile.profile.ProfilerConfig;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import io.liveprofile.simulation.OutcomeLabels;
import io.liveprofile.simulation.ShopSimulation;
import io.liveprofile.simulation.Simulated;
import io.liveprofile.simulation.SimulatedEvent;
import io.liveprofile.simulation.SimulatedOutcome;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Examples from simulated shoppers for the first model, made by the profile job's own stages: each vector is what the live
 * job would have scored after the event, each label what happened later.
 *
 * <p>A label counts only when its whole horizon was simulated. Deterministic: equal configurations give equal examples.
 */
public final class SimulatedHistory {
    /** Positive: the user orders within 24 hours after the event, the event's own order not counted. */
    public static final String PURCHASE_24H = "purchase_24h";
    /** Positive: an outcome says that the event was fraud. */
    public static final String FRAUD = "fraud";

    private static final Set<EventType> MONEY_MOVES =
            EnumSet.of(EventType.ORDER, EventType.PAYMENT, EventType.PAYMENT_FAILED, EventType.REFUND);
    private static final long PURCHASE_HORIZON_MILLIS = Duration.ofHours(24).toMillis();
    /** The latest outcome of an event comes 14 days after it. */
    private static final Duration FRAUD_HORIZON = Duration.ofDays(15);

    private final SimulationConfig simulation;
    private final UserProfiler profiler;
    private final Duration warmUp;
    private final Duration span;
    private final double share;
    private final List<String> heads;

    private final List<Example> examples = new ArrayList<>();
    private final Map<String, Example> byEvent = new HashMap<>();

    /** One vector and what is known of its future. */
    private static final class Example {
        private final String user;
        private final long time;
        private final float[] vector;
        private boolean isBought;
        private boolean isFraud;

        private Example(String user, long time, float[] vector) {
            this.user = user;
            this.time = time;
            this.vector = vector;
        }
    }

    /**
     * @param warmUp simulated time before the first example, so that windows are filled
     * @param span simulated time that gives examples
     * @param share of the events that become examples, above 0 to 1. Orders, payments and refunds always do, since fraud
     *     is rare: the event's type is part of the vector, so this moves no probability given the vector
     * @param heads labels in the order of the model's heads; a head this history has no label for is NaN throughout
     */
    public SimulatedHistory(
            SimulationConfig simulation,
            ProfilerConfig profiler,
            FeaturePlan features,
            Duration warmUp,
            Duration span,
            double share,
            List<String> heads) {
        this.simulation = simulation;
        this.profiler = new UserProfiler(profiler, features);
        this.warmUp = warmUp;
        this.span = span;
        this.share = share;
        this.heads = List.copyOf(heads);
    }

    /**
     * Simulates and labels.
     *
     * @param progress told the events simulated so far, now and then
     */
    public Examples examples(LongConsumer progress) {
        ShopSimulation shop = new ShopSimulation(simulation);
        SplittableRandom chance = new SplittableRandom(simulation.seed());
        Map<String, UserState> users = new HashMap<>();
        Map<String, Deque<Example>> undecided = new HashMap<>();
        long first = simulation.startMillis() + warmUp.toMillis();
        long last = first + span.toMillis();
        long end = last + FRAUD_HORIZON.toMillis();
        long events = 0;
        while (shop.nextTime() < end) {
            Simulated simulated = shop.next();
            if (simulated instanceof SimulatedOutcome outcome) {
                learn(outcome.outcome());
                continue;
            }
            BehaviorEvent event = ((SimulatedEvent) simulated).event();
            if (++events % 100_000 == 0) {
                progress.accept(events);
            }
            long time = event.getEventTime();
            if (time >= last + PURCHASE_HORIZON_MILLIS) {
                continue; // only outcomes are still awaited
            }
            Deque<Example> waiting = undecided.computeIfAbsent(event.getUserId(), user -> new ArrayDeque<>());
            settle(waiting, event);
            UserState state = users.computeIfAbsent(event.getUserId(), user -> profiler.newUser());
            Verdict verdict = profiler.process(state, event, time);
            if (time >= first && time < last && verdict instanceof Verdict.Profiled profiled
                    && (MONEY_MOVES.contains(event.getType()) || chance.nextDouble() < share)) {
                Example example = new Example(event.getUserId(), time, profiled.update().vector());
                examples.add(example);
                waiting.add(example);
                byEvent.put(event.getEventId(), example);
            }
        }
        return labelled();
    }

    /** An order makes every example of its user within the horizon positive; older ones are decided. */
    private static void settle(Deque<Example> waiting, BehaviorEvent event) {
        while (!waiting.isEmpty() && waiting.peekFirst().time < event.getEventTime() - PURCHASE_HORIZON_MILLIS) {
            waiting.removeFirst();
        }
        if (event.getType() == EventType.ORDER) {
            waiting.forEach(example -> example.isBought = true);
            waiting.clear();
        }
    }

    private void learn(LabeledOutcome outcome) {
        Example example = outcome.getEventId() == null ? null : byEvent.get(outcome.getEventId());
        if (example != null && outcome.getLabel().equals(OutcomeLabels.FRAUD) && outcome.getValue() > 0) {
            example.isFraud = true;
        }
    }

    private Examples labelled() {
        float[][] vectors = new float[examples.size()][];
        float[][] labels = new float[examples.size()][heads.size()];
        String[] users = new String[examples.size()];
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            vectors[i] = example.vector;
            users[i] = example.user;
            for (int head = 0; head < heads.size(); head++) {
                labels[i][head] = switch (heads.get(head)) {
                    case PURCHASE_24H -> example.isBought ? 1 : 0;
                    case FRAUD -> example.isFraud ? 1 : 0;
                    default -> Float.NaN;
                };
            }
        }
        return new Examples(vectors, labels, users);
    }
}
