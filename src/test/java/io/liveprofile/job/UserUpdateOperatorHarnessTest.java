package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.job.types.UserUpdateTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UserUpdateOperatorHarnessTest {
    private static final long START = 1_750_000_000_000L;
    private static final long DAY = 86_400_000L;

    private final Configuration options = new Configuration();
    private KeyedOneInputStreamOperatorTestHarness<String, IngestedRecord, UserUpdate> harness;
    private UserUpdateOperator operator;

    @BeforeEach
    void setUp() throws Exception {
        options.set(Options.HOT_USERS, new MemorySize(2_000)); // one user
        options.set(Options.REFRESH, Duration.ZERO);
        open(null);
    }

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    @Test
    void eachEndIsCountedOnce() throws Exception {
        send(event("ann", "1", START));
        send(event("ann", "1", START));
        send(event("ann", "2", START - DAY - 1));
        BehaviorEvent absurd = event("ann", "3", START + 1);
        absurd.setType(EventType.ORDER);
        absurd.setAmountMinor(Long.MAX_VALUE);
        send(absurd);
        send(event("bob", "4", START));

        assertThat(updates()).hasSize(2);
        assertThat(side(UserUpdateOperator.LATE)).hasSize(1);
        assertThat(side(UserUpdateOperator.QUARANTINE)).hasSize(1);
        assertThat(count(Counts.PROFILED)).isEqualTo(2);
        assertThat(count(Counts.DUPLICATES)).isEqualTo(1);
        assertThat(count(Counts.LATE)).isEqualTo(1);
        assertThat(count(Counts.QUARANTINED)).isEqualTo(1);
        assertThat(count(Counts.USERS)).isEqualTo(2);
    }

    @Test
    void usersThatGaveWayToOthersComeBackAsTheyWere() throws Exception {
        for (int round = 1; round <= 5; round++) {
            for (int user = 0; user < 7; user++) {
                send(event("user-" + user, round + "-" + user, START + round * 1_000L));
            }
        }
        assertThat(updates().subList(28, 35)).allSatisfy(update -> assertThat(update.version()).isEqualTo(50));
    }

    @Test
    void aSnapshotHoldsTheHotUsersAndTheCounts() throws Exception {
        send(event("ann", "1", START));
        send(event("bob", "2", START));
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        send(event("ann", "lost-with-the-worker", START + 1));
        harness.close();

        open(snapshot);
        assertThat(count(Counts.PROFILED)).isEqualTo(2);
        send(event("ann", "1", START));
        send(event("ann", "3", START + 2));
        assertThat(count(Counts.DUPLICATES)).isEqualTo(1);
        assertThat(updates()).singleElement().satisfies(update -> {
            assertThat(update.userId()).isEqualTo("ann");
            assertThat(update.version()).isEqualTo(20);
        });
    }

    /** No event that the validator lets in is known to throw, so it is one that it does not let in. */
    @Test
    void anEventThatTheStagesThrowOnIsQuarantinedAndLeavesNoTrace() throws Exception {
        send(event("ann", "1", START));
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        BehaviorEvent untyped = event("ann", "2", START + 1);
        untyped.setType(null);
        assertThatThrownBy(() -> send(untyped)).isInstanceOf(SetAsideException.class)
                .hasMessageContaining("behavior-events 0 offset 0");
        harness.close();

        open(snapshot);
        send(untyped);
        BehaviorEvent ofNobodyKnown = event("bob", "3", START + 1);
        ofNobodyKnown.setType(null);
        send(ofNobodyKnown);
        send(event("ann", "2", START + 1));
        send(event("bob", "3", START + 1));
        assertThat(updates()).extracting(UserUpdate::version).containsExactly(20L, 10L);
        assertThat(side(UserUpdateOperator.QUARANTINE)).hasSize(2).allSatisfy(held ->
                assertThat(held.getReasons()).extracting(Reason::getCode).containsExactly("processing-failed"));
        assertThat(count(Counts.SET_ASIDE)).isEqualTo(2);
        assertThat(count(Counts.QUARANTINED)).isEqualTo(2);
        assertThat(count(Counts.PROFILED)).isEqualTo(3);
        assertThat(count(Counts.DUPLICATES)).isZero();
        assertThat(count(Counts.USERS)).isEqualTo(2);
    }

    @Test
    void anAlertIsClosedByItsTimerAndNoTimerStays() throws Exception {
        for (int i = 0; i < 105; i++) {
            send(event("bot", "b" + i, START + i));
        }
        // Other users push the bot out of memory before its timer fires.
        send(event("ann", "1", START));
        send(event("bob", "2", START));
        assertThat(alerts()).singleElement().satisfies(alert -> assertThat(alert.getClosed()).isFalse());
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);

        harness.processWatermark(new Watermark(START + 100 + 600_000));
        assertThat(alerts()).hasSize(2);
        RiskAlert closed = alerts().get(1);
        assertThat(closed.getUserId()).isEqualTo("bot");
        assertThat(closed.getClosed()).isTrue();
        assertThat(closed.getOccurrences()).isEqualTo(5);
        assertThat(closed.getAlertId()).isEqualTo(alerts().get(0).getAlertId());
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(count(Counts.ALERTS)).isEqualTo(2);
    }

    @Test
    void aTimerBelongsToItsUserEvenWhenAnotherHadToGiveWay() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(event("bot", "b" + i, START));
        }
        send(event("ann", "1", START));
        send(event("bob", "2", START));
        // Not in memory any more: reading the bot writes ann back, and then the alert sets its timer.
        send(event("bot", "b100", START));
        send(event("bot", "b101", START));
        send(event("ann", "3", START));
        send(event("bob", "4", START));
        harness.processWatermark(new Watermark(START + 600_000));
        assertThat(alerts()).extracting(RiskAlert::getUserId).containsExactly("bot", "bot");
        assertThat(alerts().get(1).getOccurrences()).isEqualTo(2);
    }

    @Test
    void aLateEventInsideTheAllowanceCorrectsTheProfile() throws Exception {
        send(event("ann", "1", START));
        send(event("ann", "2", START - 3_600_000));
        send(event("ann", "3", START));
        assertThat(updates()).extracting(UserUpdate::isCorrection).containsExactly(false, true, false);
        assertThat(updates()).extracting(UserUpdate::version).containsExactly(10L, 20L, 30L);
        assertThat(updates().get(1).updatedAt()).isEqualTo(START);
        assertThat(count(Counts.CORRECTIONS)).isEqualTo(1);
    }

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

    /** Outcomes have a clock of their own: it must not make the user's events forgotten, nor count him twice. */
    @Test
    void anOutcomeLeavesTheUsersClockAndIdsAlone() throws Exception {
        BehaviorEvent early = event("ann", "outcome", START + 1);
        early.setType(EventType.OUTCOME);
        send(early);
        BehaviorEvent other = event("ann", "other", START + 1);
        other.setType(EventType.OUTCOME);
        send(other);
        assertThat(count(Counts.USERS)).as("held").isZero();
        send(event("ann", "1", START));
        harness.processWatermark(START + 7 * DAY);
        assertThat(count(Counts.LEARNED)).isEqualTo(2);
        BehaviorEvent late = event("ann", "late", START + 7 * DAY);
        late.setType(EventType.OUTCOME);
        send(late);
        send(event("ann", "1", START));
        assertThat(count(Counts.DUPLICATES)).as("still known").isEqualTo(1);
        send(event("ann", "2", START + 1));
        assertThat(count(Counts.PROFILED)).isEqualTo(2);
        assertThat(count(Counts.LATE)).isZero();
        assertThat(count(Counts.USERS)).isEqualTo(1);
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

    @Test
    void anOutcomeIsLearnedWhenItBecameKnown() throws Exception {
        send(event("ann", "1", START));
        harness.processWatermark(START);
        BehaviorEvent outcome = event("ann", "fraud-1", START + DAY);
        outcome.setType(EventType.OUTCOME);
        send(outcome);
        send(event("bob", "2", START + 1));
        send(event("cyd", "3", START + 1));
        assertThat(count(Counts.LEARNED)).isZero();
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        harness.close();

        open(snapshot);
        harness.processWatermark(START + DAY - 1);
        assertThat(count(Counts.LEARNED)).isZero();
        harness.processWatermark(START + DAY);
        assertThat(count(Counts.LEARNED)).isEqualTo(1);
        assertThat(updates()).singleElement().satisfies(update -> {
            assertThat(update.userId()).isEqualTo("ann");
            assertThat(update.cause()).isEqualTo(UserUpdate.Cause.OUTCOME);
            assertThat(update.updatedAt()).isEqualTo(START + DAY);
            assertThat(update.events()).isEqualTo(1);
        });
        send(outcome);
        assertThat(count(Counts.REPEATED_OUTCOMES)).isEqualTo(1);
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    /** Of microseconds taken for milliseconds, say, none would ever leave. */
    @Test
    void noMoreOutcomesOfAUserAreHeldThanThereIsRoomFor() throws Exception {
        send(event("ann", "1", START));
        harness.processWatermark(START);
        for (int i = 0; i < HeldOutcomes.MOST; i++) {
            send(outcome("ann", "o" + i, START + DAY + i / 100));
        }
        assertThat(count(Counts.OUTCOME_DEAD_LETTERS)).isZero();
        operator.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState snapshot = harness.snapshot(1, START);
        harness.close();

        open(snapshot);
        harness.processWatermark(START);
        send(outcome("ann", "one too many", START + DAY));
        send(outcome("bob", "of another", START + DAY));
        assertThat(count(Counts.OUTCOME_DEAD_LETTERS)).isEqualTo(1);
        assertThat(side(UserUpdateOperator.QUARANTINE)).singleElement().satisfies(left -> {
            assertThat(left.getEvent().getEventId()).isEqualTo("one too many");
            assertThat(left.getReasons()).extracting(Reason::getCode).containsExactly("too-many-held");
        });
        harness.processWatermark(START + DAY);
        send(outcome("ann", "of the next day", START + 2 * DAY));
        assertThat(count(Counts.OUTCOME_DEAD_LETTERS)).as("there is room again").isEqualTo(1);
        harness.processWatermark(START + 2 * DAY);
        assertThat(count(Counts.LEARNED) + count(Counts.REPEATED_OUTCOMES)).isEqualTo(HeldOutcomes.MOST + 2);
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    private static BehaviorEvent outcome(String user, String id, long time) {
        BehaviorEvent outcome = event(user, id, time);
        outcome.setType(EventType.OUTCOME);
        return outcome;
    }

    private double statistic(UserUpdate update, String name) {
        List<String> names = ProfileJobConfig.of(options).featurePlan().aggregates().statisticNames();
        return update.values().statistics()[names.indexOf(name)];
    }

    private void open(OperatorSubtaskState state) throws Exception {
        operator = new UserUpdateOperator(ProfileJobConfig.of(options));
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                operator, record -> record.getEvent().getUserId(), Types.STRING);
        harness.setup(UserUpdateTypeInfo.INSTANCE.createSerializer(new ExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private void send(BehaviorEvent event) throws Exception {
        harness.processElement(
                new IngestedRecord("behavior-events", 0, 0L, event.getEventTime(), event, null, null, null, 0), event.getEventTime());
    }

    private List<UserUpdate> updates() {
        return new ArrayList<>(harness.extractOutputValues());
    }

    private List<RiskAlert> alerts() {
        return side(UserUpdateOperator.ALERTS);
    }

    private <T> List<T> side(OutputTag<T> tag) {
        return harness.getSideOutput(tag) == null
                ? List.of()
                : harness.getSideOutput(tag).stream().map(StreamRecord::getValue).toList();
    }

    private long count(String name) {
        return operator.counted(name);
    }

    private static BehaviorEvent event(String user, String id, long time) {
        return BehaviorEvent.newBuilder()
                .setEventId(id)
                .setUserId(user)
                .setEventTime(time)
                .setType(EventType.VIEW)
                .build();
    }
}
