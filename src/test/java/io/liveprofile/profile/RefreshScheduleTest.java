package io.liveprofile.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.config.ConfigNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefreshScheduleTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long FED = 1_700_000_040_000L; // a full minute

    @Test
    void afterTheRefreshTimeAndAsEachLongerWindowIsEmpty() {
        RefreshSchedule schedule = schedule(Duration.ofDays(1), "{ length: 1 h, hop: 1 min }", "{ length: 7 d, hop: 6 h }", "{ length: 30 d, hop: 1 d }");
        assertThat(times(schedule, FED)).containsExactly(FED + DAY, FED + 7 * DAY + 6 * HOUR, FED + 31 * DAY);
        assertThat(schedule.first(FED)).isEqualTo(FED + DAY);
        assertThat(schedule.numberAt(FED, FED + DAY)).isEqualTo(1);
        assertThat(schedule.numberAt(FED, FED + 31 * DAY)).isEqualTo(3);
        assertThat(schedule.numberAt(FED, FED + 2 * DAY)).isZero();
    }

    @Test
    void timesAreFullMinutesAndNeverTooEarly() {
        RefreshSchedule schedule = schedule(Duration.ofMinutes(5), "{ length: 1 h, hop: 1 min }");
        assertThat(times(schedule, FED + 1)).containsExactly(FED + 6 * 60_000, FED + 62 * 60_000);
    }

    @Test
    void aRefreshTimeBeyondAllWindowsGivesOne() {
        assertThat(times(schedule(Duration.ofDays(2), "{ length: 1 h, hop: 1 min }"), FED)).containsExactly(FED + 2 * DAY);
    }

    @Test
    void zeroIsNeverAndSoIsAUserWhoWasNeverFed() {
        assertThat(schedule(Duration.ZERO, "{ length: 1 h, hop: 1 min }").first(FED)).isEqualTo(RefreshSchedule.NEVER);
        RefreshSchedule schedule = schedule(Duration.ofDays(1), "{ length: 1 h, hop: 1 min }");
        assertThat(schedule.first(RefreshSchedule.NEVER)).isEqualTo(RefreshSchedule.NEVER);
        assertThat(schedule.numberAt(RefreshSchedule.NEVER, FED)).isZero();
    }

    @Test
    void ofManyWindowsAFewAreChosenAndTheLongestIsAmongThem() {
        String[] windows = new String[40];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = "{ length: " + (i + 1) + " h, hop: 1 h }";
        }
        List<Long> times = times(schedule(Duration.ofHours(1), windows), FED);
        assertThat(times).hasSize(RefreshSchedule.MOST).isSorted().doesNotHaveDuplicates();
        assertThat(times.get(times.size() - 1)).isEqualTo(FED + 41 * HOUR);
    }

    @Test
    void aTrendIsToldOfAsItsWindowEmptiesAndAsTheOneBeforeDoes() {
        RefreshSchedule schedule = new RefreshSchedule(Duration.ofDays(1), AggregatePlan.read(ConfigNode.parse("features.yaml", """
                windows: { 7d: { length: 7 d, hop: 6 h } }
                aggregates: { trend: { op: trend, of: count, windows: [7d] } }
                """)));
        assertThat(times(schedule, FED)).containsExactly(FED + DAY, FED + 7 * DAY + 6 * HOUR, FED + 14 * DAY + 6 * HOUR);
    }

    private static List<Long> times(RefreshSchedule schedule, long fedAt) {
        List<Long> times = new ArrayList<>();
        for (long at = schedule.first(fedAt); at != RefreshSchedule.NEVER; at = schedule.next(fedAt, at)) {
            times.add(at);
            assertThat(schedule.numberAt(fedAt, at)).isEqualTo(times.size());
        }
        return times;
    }

    private static RefreshSchedule schedule(Duration refresh, String... windows) {
        StringBuilder yaml = new StringBuilder("windows:\n");
        for (int i = 0; i < windows.length; i++) {
            yaml.append("  w").append(i).append(": ").append(windows[i]).append('\n');
        }
        yaml.append("aggregates:\n  views: { op: count, windows: all }\n");
        return new RefreshSchedule(refresh, AggregatePlan.read(ConfigNode.parse("features.yaml", yaml.toString())));
    }
}
