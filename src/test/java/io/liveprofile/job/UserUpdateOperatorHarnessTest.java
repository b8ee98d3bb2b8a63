package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.UserUpdate;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class UserUpdateOperatorHarnessTest extends UserUpdateOperatorHarness {
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

    private List<RiskAlert> alerts() {
        return side(UserUpdateOperator.ALERTS);
    }

    private <T> List<T> side(OutputTag<T> tag) {
        return harness.getSideOutput(tag) == null
                ? List.of()
                : harness.getSideOutput(tag).stream().map(StreamRecord::getValue).toList();
    }
}
