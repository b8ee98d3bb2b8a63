package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.util.SplittableRandom;

/** What users take once they have had their events: the product's own profiler, a user's events a gap apart. */
final class UserSizes {
    private final UserProfiler profiler;

    /**
     * Means over users, bytes.
     *
     * @param state as RocksDB gets it, without its key
     * @param counted in memory, as {@code state.hot-users} counts it
     * @param heap in memory, as the collector finds it
     */
    record Bytes(double state, double counted, double heap) {}

    UserSizes(ProfileJobConfig config) {
        this.profiler = new UserProfiler(config.profiler(), config.featurePlan());
    }

    Bytes of(Workload workload, int users) {
        ShopEvents events = new ShopEvents(1);
        SplittableRandom random = new SplittableRandom(1);
        UserState[] states = new UserState[users];
        long before = usedHeap();
        for (int number = 0; number < users; number++) {
            String userId = ShopEvents.userId(number);
            states[number] = profiler.newUser();
            long time = Workload.START + random.nextLong(workload.gap().toMillis());
            for (int i = workload.filled(); i > 0; i--) {
                process(states[number], events.next(number, userId, time - i * workload.gap().toMillis()));
            }
        }
        double heap = usedHeap() - before;
        long state = 0;
        long counted = 0;
        for (UserState each : states) {
            state += each.toBytes().length;
            counted += each.memoryBytes();
        }
        return new Bytes((double) state / users, (double) counted / users, heap / users);
    }

    private void process(UserState state, BehaviorEvent event) {
        if (!(profiler.process(state, event, event.getEventTime()) instanceof Verdict.Profiled)) {
            throw new IllegalStateException("An event was not counted; a figure of it would be worth nothing");
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
