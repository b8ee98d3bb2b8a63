package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.feature.UserUpdate;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Silent users: their profile is published anew as their windows empty. */
class UserRefreshHarnessTest extends UserUpdateOperatorHarness {
    @Test
    void aSilentUserIsRefreshedUntilHisWindowsAreEmpty() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofHours(1));
        open(null);
        send(event("ann", "1", START));
        send(event("ann", "2", START + 600_000));
        assertThat(harness.numEventTimeTimers()).as("one a user").isEqualTo(1);
        harness.processWatermark(START + 3_600_000);
        assertThat(updates()).as("came again within the hour").hasSize(2);
        harness.processWatermark(START + 600_000 + 3_660_000);
        assertThat(updates()).hasSize(3);
        UserUpdate refreshed = updates().get(2);
        assertThat(refreshed.isRefresh()).isTrue();
        assertThat(refreshed.version()).isEqualTo(21);
        assertThat(refreshed.eventId()).isEqualTo("2");
        assertThat(refreshed.events()).isEqualTo(2);
        assertThat(refreshed.updatedAt()).isBetween(START + 600_000 + 3_600_000, START + 600_000 + 3_660_000);
        assertThat(statistic(refreshed, "views_1h")).isNaN();
        assertThat(statistic(refreshed, "views_1d")).isEqualTo(2);

        for (int hour = 2; hour <= 4_000; hour++) {
            harness.processWatermark(START + hour * 3_600_000L);
        }
        assertThat(updates()).as("after the hour, and as the windows of 1 h, 1 d, 7 d and 30 d are empty").hasSize(2 + 5);
        assertThat(updates()).extracting(UserUpdate::version).containsExactly(10L, 20L, 21L, 22L, 23L, 24L, 25L);
        for (int i = 4; i < 7; i++) {
            String window = List.of("1d", "7d", "30d").get(i - 4);
            assertThat(statistic(updates().get(i - 1), "views_" + window)).as("before").isEqualTo(2);
            assertThat(statistic(updates().get(i), "views_" + window)).as("as soon as it is empty").isNaN();
        }
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(count(Counts.REFRESHED)).isEqualTo(5);

        send(event("ann", "3", START + 30 * DAY));
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);
        assertThat(updates().get(7).isCorrection()).as("newer than all events of the user").isFalse();
        assertThat(updates().get(7).version()).isEqualTo(30);
    }

    @Test
    void theTimerOfAUserWhoComesAgainMovesOn() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofHours(2));
        open(null);
        for (int hour = 0; hour < 50; hour++) {
            send(event("ann", "e" + hour, START + hour * 3_600_000L));
            harness.processWatermark(START + hour * 3_600_000L);
            assertThat(harness.numEventTimeTimers()).isEqualTo(1);
        }
        assertThat(count(Counts.REFRESHED)).isZero();
        harness.processWatermark(START + 52 * 3_600_000L);
        assertThat(count(Counts.REFRESHED)).isEqualTo(1);
    }

    /** The timer of a long silence is no good once he has come again. */
    @Test
    void aUserWhoComesBackAfterALongSilenceIsRefreshedInTime() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofHours(1));
        open(null);
        send(event("ann", "1", START));
        for (int hour = 1; hour <= 70; hour++) {
            harness.processWatermark(START + hour * 3_600_000L);
        }
        assertThat(count(Counts.REFRESHED)).as("the next is due after 7 days").isEqualTo(3);
        send(event("ann", "2", START + 71 * 3_600_000L));
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);
        harness.processWatermark(START + 72 * 3_600_000L + 60_000);
        assertThat(count(Counts.REFRESHED)).isEqualTo(4);
    }

    /** A refresh leaves the user as he is, so a failure after it finds what was there before it, and says the same again. */
    @Test
    void aRefreshIsTheSameAgainAfterARestore() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofDays(1));
        open(null);
        send(event("ann", "1", START));
        harness.processWatermark(START + 2 * DAY);
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        harness.processWatermark(START + 8 * DAY);
        UserUpdate before = updates().get(updates().size() - 1);
        harness.close();

        open(snapshot);
        harness.processWatermark(START + 8 * DAY);
        UserUpdate after = updates().get(updates().size() - 1);
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.updatedAt()).isEqualTo(before.updatedAt());
        assertThat(after.vector()).isEqualTo(before.vector());
        send(event("ann", "2", START + 8 * DAY));
        assertThat(updates().get(updates().size() - 1).version()).as("as if he had not been refreshed").isEqualTo(20);
    }

    /** Until the first watermark nobody knows whether his timer has fired; taken for set, he would never be refreshed. */
    @Test
    void aUserWhoComesRightAfterARestoreIsRefreshedAgain() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofDays(1));
        open(null);
        send(event("ann", "1", START));
        harness.processWatermark(START + DAY + DAY / 2);
        assertThat(count(Counts.REFRESHED)).isEqualTo(2);
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        harness.close();

        open(snapshot);
        send(event("ann", "2", START + DAY / 2));
        harness.processWatermark(START + DAY / 2);
        harness.processWatermark(START + DAY + DAY / 2 + 60_000);
        assertThat(updates()).hasSize(2);
        assertThat(updates().get(1).isRefresh()).isTrue();
        assertThat(updates().get(1).version()).isEqualTo(21);
    }

    @Test
    void theEndOfTheInputRefreshesNobody() throws Exception {
        harness.close();
        options.set(Options.REFRESH, Duration.ofHours(1));
        open(null);
        send(event("ann", "1", START));
        harness.processWatermark(Watermark.MAX_WATERMARK);
        assertThat(updates()).hasSize(1);
    }
}
