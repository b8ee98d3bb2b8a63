package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalanceTest {
    /**
     * 990 read and 10 further = 880 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters + 13 skipped
     * + 7 outcomes; 880 = 580 + 300.
     */
    private static final Reading DRAINED = reading(990, 880, 580);

    @Test
    void addsUpWhenEveryEventEndedSomewhere() {
        Balance balance = Balance.of(DRAINED, topics(990), sent(990, 0, 0), null);
        assertThat(balance.broken()).isEmpty();
        assertThat(balance.addsUp()).isTrue();
        assertThat(balance.checks()).extracting(Balance.Check::text).containsExactly(
                "messages sent 990 = 990 events + 0 outcomes + 0 dead letters",
                "behavior-events 990 = 0 before the run + 990 sent",
                "read 990 = 990 on the topic",
                "read and further 1,000 = 880 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters"
                        + " + 13 skipped + 7 outcomes",
                "profiled, refreshed and learned 880 = 580 published + 300 coalesced",
                "user-profiles 580 >= 580 published",
                "late-events 10 >= 10 late",
                "quarantine 20 >= 20 quarantined",
                "dead-letters 45 >= 40 dead letters + 0 sent",
                "labeled-outcomes 14 >= 7 outcomes + 0 sent");
    }

    @Test
    void oneEventThatIsNowhereIsMissing() {
        Balance balance = Balance.of(reading(990, 879, 579), topics(990), sent(990, 0, 0), null);
        assertThat(balance.addsUp()).isFalse();
        assertThat(balance.broken()).extracting(Balance.Check::text).containsExactly(
                "read and further 1,000 = 879 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters"
                        + " + 13 skipped + 7 outcomes: does not add up, 1 missing on the right");
    }

    @Test
    void oneEventThatCountsTwiceIsTooMany() {
        Balance balance = Balance.of(reading(990, 881, 580), topics(990), sent(990, 0, 0), null);
        assertThat(balance.broken()).extracting(Balance.Check::text).containsExactly(
                "read and further 1,000 = 881 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters"
                        + " + 13 skipped + 7 outcomes: does not add up, 1 too many on the right",
                "profiled, refreshed and learned 881 = 580 published + 300 coalesced: does not add up, 1 missing on the right");
    }

    @Test
    void unreadEventsAndUnacknowledgedOnesAreToldApart() {
        Balance unread = Balance.of(DRAINED, topics(992), sent(992, 0, 0), null);
        assertThat(unread.broken()).extracting(Balance.Check::name).containsExactly("read");
        Balance unacknowledged = Balance.of(DRAINED, topics(990), sent(991, 0, 0), null);
        assertThat(unacknowledged.broken()).extracting(Balance.Check::name).containsExactly("topic");
    }

    @Test
    void theRowsOfAHistoryAreReadBesideTheTopic() {
        // 1,000 of the 1,990 are rows of history files; of all, 600 lie on the other side's part of the boundary.
        Reading job = new Reading(
                1_990, 1_000, 10, 1_280, 0, 0, 10, 20, 30, 40, 13, 600, 7, 970, 300, 10, 5_000, 3, 550, 50, 12.4, 187.6, "r-0003", 70, 2);
        Balance balance = Balance.of(job, new Balance.TopicCounts(0, 990, 980, 10, 20, 45, 14), sent(990, 0, 0), null);
        assertThat(balance.broken()).isEmpty();
        assertThat(balance.checks()).extracting(Balance.Check::text).contains(
                "profiled, refreshed and learned 1,280 = 970 published + 300 coalesced + 10 unpublished",
                "read 1,990 = 990 on the topic + 1,000 history rows",
                "read and further 2,000 = 1,280 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters"
                        + " + 13 skipped + 7 outcomes + 600 outside the backfill");
    }

    @Test
    void rowsOfAFileAreMappedSkippedOrUnmappable() {
        Balance balance = Balance.of(DRAINED, topics(990), sent(990, 7, 5), new Traffic.FileRows(1_015, 1_007, 3, 5));
        assertThat(balance.broken()).isEmpty();
        assertThat(balance.checks().get(0).text())
                .isEqualTo("file rows 1,015 = 1,007 mapped + 3 skipped + 5 unmappable");
        assertThat(Balance.of(DRAINED, topics(990), sent(990, 7, 5), new Traffic.FileRows(1_016, 1_007, 3, 5)).broken())
                .extracting(Balance.Check::name).containsExactly("rows");
    }

    @Test
    void aSideTopicMayHoldRepeatsButNotFewerThanCounted() {
        Balance.TopicCounts repeats = new Balance.TopicCounts(0, 990, 700, 11, 21, 41, 8);
        assertThat(Balance.of(DRAINED, repeats, sent(990, 0, 0), null).addsUp()).isTrue();
        Balance.TopicCounts fewer = new Balance.TopicCounts(0, 990, 579, 9, 19, 39, 6);
        assertThat(Balance.of(DRAINED, fewer, sent(990, 0, 0), null).broken()).extracting(Balance.Check::name)
                .containsExactly("user-profiles", "late-events", "quarantine", "dead-letters",
                        "labeled-outcomes");
    }

    private static Balance.Sent sent(long events, long outcomes, long deadLetters) {
        return new Balance.Sent(events + outcomes + deadLetters, events, outcomes, deadLetters, true);
    }

    private static Balance.TopicCounts topics(long events) {
        return new Balance.TopicCounts(0, events, 580, 10, 20, 45, 14);
    }

    static Reading reading(long read, long profiled, long profiles) {
        return new Reading(
                read, 0, 10, profiled, 0, 0, 10, 20, 30, 40, 13, 0, 7, profiles, 300, 0, 5_000, 3, 550, 50, 12.4, 187.6, "r-0003", 70, 2);
    }
}
