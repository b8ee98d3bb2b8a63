package io.liveprofile.profile;

import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.KeyedState;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.ingest.OutcomeDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The profile job's stages up to the vector in one thread over events in order of time, with all users and other keys in memory:
 * each vector is what the live job would have scored.
 */
public final class HistoryProfiler {
    private final UserProfiler profiler;
    private final FeaturePlan features;
    private final List<KeyedPlan> keyedPlans;
    private final boolean countsOutcomes;
    private final Map<String, UserState> users = new HashMap<>();
    private final Map<String, KeyedState> keys = new HashMap<>();

    public HistoryProfiler(ProfilerConfig config, FeaturePlan features) {
        this.profiler = new UserProfiler(config, features);
        this.features = features;
        this.keyedPlans = features.aggregates().keyed();
        this.countsOutcomes = features.aggregates().countsOutcomes();
    }

    /** What became of the event; an update has the numbers of its other keys as well. */
    public Verdict take(BehaviorEvent event) {
        Verdict verdict = profiler.process(user(event.getUserId()), event, event.getEventTime());
        if (!(verdict instanceof Verdict.Profiled profiled) || keyedPlans.isEmpty()) {
            return verdict;
        }
        double[][] numbers = new double[keyedPlans.size()][];
        for (KeyedPlan plan : keyedPlans) {
            String key = plan.keyOf(event);
            numbers[plan.number()] = key == null ? null : counted(plan, key, event).numbers();
        }
        return new Verdict.Profiled(features.complete(profiled.update(), numbers).update(), profiled.alerts());
    }

    /** Counts an outcome that became known now, where an aggregate wants it. */
    public void take(LabeledOutcome outcome) {
        if (!countsOutcomes) {
            return;
        }
        BehaviorEvent event = OutcomeDecoder.event(outcome, outcome.getUserId());
        profiler.learn(user(outcome.getUserId()), event, event.getEventTime())
                .map(UserProfiler.Learned::keys)
                .ifPresent(known -> {
                    for (int plan = 0; plan < known.length; plan++) {
                        if (known[plan] != null) {
                            counted(keyedPlans.get(plan), known[plan], event);
                        }
                    }
                });
    }

    private UserState user(String userId) {
        return users.computeIfAbsent(userId, id -> profiler.newUser());
    }

    private KeyedState counted(KeyedPlan plan, String key, BehaviorEvent event) {
        KeyedState state = keys.computeIfAbsent(plan.partitionOf(key), partition -> new KeyedState(plan.plan()));
        state.add(event);
        return state;
    }
}
