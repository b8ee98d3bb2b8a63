package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BalanceTest {
    /** 1,000 = 900 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters; 900 = 600 + 300. */
    private static final Reading DRAINED = reading(1_000, 900, 600);

    @Test
    void addsUpWhenEveryEventEndedSomewhere() {
        Balance balance = Balance.of(DRAINED, topics(1_000), sent(1_000, 0, 0), null);
        assertThat(balance.broken()).isEmpty();
        assertThat(balance.addsUp()).isTrue();
        assertThat(balance.checks()).extracting(Balance.Check::text).containsExactly(
                "messages sent 1,000 = 1,000 events + 0 outcomes + 0 dead letters",
                "behavior-events 1,000 = 0 before the run + 1,000 sent",
                "read 1,000 = 1,000 on the topic",
                "read 1,000 = 900 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters",
                "profiled 900 = 600 published + 300 coalesced",
                "user-profiles 600 >= 600 published",
                "late-events 10 >= 10 late",
                "quarantine 20 >= 20 quarantined",
                "dead-letters 45 >= 40 dead letters + 0 sent");
    }

    @Test
    void oneEventThatIsNowhereIsMissing() {
        Balance balance = Balance.of(reading(1_000, 899, 599), topics(1_000), sent(1_000, 0, 0), null);
        assertThat(balance.addsUp()).isFalse();
        assertThat(balance.broken()).extracting(Balance.Check::text).containsExactly(
                "read 1,000 = 899 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters:"
                        + " does not add up, 1 missing on the right");
    }

    @Test
    void oneEventThatCountsTwiceIsTooMany() {
        Balance balance = Balance.of(reading(1_000, 901, 600), topics(1_000), sent(1_000, 0, 0), null);
        assertThat(balance.broken()).extracting(Balance.Check::text).containsExactly(
                "read 1,000 = 901 profiled + 10 late + 20 quarantined + 30 duplicates + 40 dead letters:"
                        + " does not add up, 1 too many on the right",
                "profiled 901 = 600 published + 300 coalesced: does not add up, 1 missing on the right");
    }

    @Test
    void unreadEventsAndUnacknowledgedOnesAreToldApart() {
        Balance unread = Balance.of(DRAINED, topics(1_002), sent(1_002, 0, 0), null);
        assertThat(unread.broken()).extracting(Balance.Check::name).containsExactly("read");
        Balance unacknowledged = Balance.of(DRAINED, topics(1_000), sent(1_001, 0, 0), null);
        assertThat(unacknowledged.broken()).extracting(Balance.Check::name).containsExactly("topic");
    }

    @Test
    void rowsOfAFileAreMappedSkippedOrUnmappable() {
        Balance balance = Balance.of(DRAINED, topics(1_000), sent(1_000, 7, 5), new Traffic.FileRows(1_015, 1_007, 3, 5));
        assertThat(balance.broken()).isEmpty();
        assertThat(balance.checks().get(0).text())
                .isEqualTo("file rows 1,015 = 1,007 mapped + 3 skipped + 5 unmappable");
        assertThat(Balance.of(DRAINED, topics(1_000), sent(1_000, 7, 5), new Traffic.FileRows(1_016, 1_007, 3, 5)).broken())
                .extracting(Balance.Check::name).containsExactly("rows");
    }

    @Test
    void aSideTopicMayHoldRepeatsButNotFewerThanCounted() {
        Balance.TopicCounts repeats = new Balance.TopicCounts(0, 1_000, 700, 11, 21, 41);
        assertThat(Balance.of(DRAINED, repeats, sent(1_000, 0, 0), null).addsUp()).isTrue();
        Balance.TopicCounts fewer = new Balance.TopicCounts(0, 1_000, 599, 9, 19, 39);
        assertThat(Balance.of(DRAINED, fewer, sent(1_000, 0, 0), null).broken()).extracting(Balance.Check::name)
                .containsExactly("user-profiles", "late-events", "quarantine", "dead-letters");
    }

    private static Balance.Sent sent(long events, long outcomes, long deadLetters) {
        return new Balance.Sent(events + outcomes + deadLetters, events, outcomes, deadLetters, true);
    }

    private static Balance.TopicCounts topics(long events) {
        return new Balance.TopicCounts(0, events, 600, 10, 20, 45);
    }

    static Reading reading(long read, long profiled, long profiles) {
        return new Reading(read, profiled, 10, 20, 30, 40, profiles, 300, 5_000, 3, 550, 50, 12.4, 187.6, "r-0003");
    }
}
