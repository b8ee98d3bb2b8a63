package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlidingWindowsTest {
    private static final int EVENTS = 500;

    @TempDir
    Path directory;

    @Test
    void flinksWindowHoldsWhatTheEnginesDoes() throws Exception {
        ProfileJobConfig config = new Jobs(directory).engineConfig(FeatureFiles.countsAndSums());
        UserProfiler profiler = new UserProfiler(config.profiler(), config.featurePlan());
        UserState state = profiler.newUser();
        SlidingWindows.CountsAndSums windows = new SlidingWindows.CountsAndSums();
        long[] first = windows.createAccumulator();
        long[] second = windows.createAccumulator();
        double[] ours = null;
        ShopEvents events = new ShopEvents(1);
        for (int i = 0; i < EVENTS; i++) {
            // All of them within the hour that both windows hold.
            BehaviorEvent event = events.next(1, "user", Workload.START + i * 7_000L);
            IngestedRecord record = new IngestedRecord("behavior-events", 0, 0L, 0L, event, null, null, null, 0);
            if (i % 2 == 0) {
                windows.add(record, first);
            } else {
                windows.add(record, second);
            }
            ours = ((Verdict.Profiled) profiler.process(state, event, 0)).update().values().statistics();
        }
        long[] theirs = windows.getResult(windows.merge(first, second));
        assertThat(theirs[0]).isEqualTo(EVENTS);
        assertThat(ours).containsExactly(Arrays.stream(theirs).asDoubleStream().toArray());
    }
}
