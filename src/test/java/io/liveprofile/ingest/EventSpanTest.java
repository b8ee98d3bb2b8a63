package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.IngestedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two sources count that meet at an instant: each event and outcome exactly one of them. */
class EventSpanTest {
    private static final Instant BOUNDARY = Instant.parse("2026-03-01T00:00:00Z");
    private static final long AT = BOUNDARY.toEpochMilli();
    private static final long WEEK = Duration.ofDays(7).toMillis();
    private static final EventLimits LIMITS =
            new EventLimits(Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(30), 20, 64, 3, 4_096);

    private static final Mapping MAPPING = Mapping.parse("shop.yaml", """
            name: shop
            format: csv
            header: false
            columns: [at, user, did]
            match: all
            fields:
              userId: user
              eventTime: {column: at, unit: ms}
            events:
              - {name: seen, when: row.did == 'look', type: VIEW}
              - {name: order, when: "row.did in ['buy', 'fraud']", type: ORDER}
            outcomes:
              - {label: fraud, when: row.did == 'fraud', about: order, delay: 7 d}
              - {label: returned, when: row.did == 'return', userId: user, time: {column: at, unit: ms}, delay: 7 d}
            """);

    @TempDir
    Path directory;

    private EventDecoder history;
    private EventDecoder live;

    @BeforeEach
    void setUp() {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        Pseudonymizer pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
        history = EventDecoder.ofFile(LIMITS.undated(), pseudonymizer, MAPPING).within(EventSpan.before(BOUNDARY));
        live = EventDecoder.mapped(LIMITS, pseudonymizer, MAPPING).within(EventSpan.from(BOUNDARY));
    }

    @Test
    void anEventAtTheBoundaryIsTheLiveStreams() {
        assertThat(EventSpan.before(BOUNDARY).covers(AT - 1)).isTrue();
        assertThat(EventSpan.before(BOUNDARY).covers(AT)).isFalse();
        assertThat(EventSpan.from(BOUNDARY).covers(AT - 1)).isFalse();
        assertThat(EventSpan.from(BOUNDARY).covers(AT)).isTrue();
        assertThat(EventSpan.ALWAYS.covers(AT)).isTrue();
        assertThat(ends(history, AT - 1 + ",ann,look")).containsExactly("event");
        assertThat(ends(live, AT - 1 + ",ann,look")).containsExactly("outside-backfill");
        assertThat(ends(history, AT + ",ann,look")).containsExactly("outside-backfill");
        assertThat(ends(live, AT + ",ann,look")).containsExactly("event");
    }

    /** However much later it became known. */
    @Test
    void anOutcomeFallsToTheSideOfItsRow() {
        assertThat(ends(history, AT - 1 + ",ann,fraud")).containsExactly("event", "outcome");
        assertThat(ends(live, AT - 1 + ",ann,fraud")).containsExactly("outside-backfill", "outside-backfill");
        assertThat(ends(history, AT - WEEK + ",ann,return")).containsExactly("outcome");
        assertThat(ends(history, AT - 1 + ",ann,return")).containsExactly("outcome");
        assertThat(ends(live, AT - 1 + ",ann,return")).containsExactly("outside-backfill");
        assertThat(ends(history, AT + ",ann,return")).containsExactly("outside-backfill");
        assertThat(ends(live, AT + ",ann,return")).containsExactly("outcome");
    }

    /** They may be the other side's, which then tells of them, or nobody's: none may vanish. */
    @Test
    void whatCannotEnterIsADeadLetterOnEitherSide() {
        for (EventDecoder each : List.of(history, live)) {
            assertThat(ends(each, AT - 1 + ",,look")).containsExactly("missing-field");
            assertThat(ends(each, AT + "," + "x".repeat(65) + ",look")).containsExactly("id-too-long");
            assertThat(ends(each, "1,ann,look")).containsExactly("time-too-early");
            assertThat(ends(each, "no row")).containsExactly("wrong-column-count");
        }
    }

    /** No broker has dated the rows of a file, so the boundary alone says what is too late. */
    @Test
    void aFilesRowIsNeverInTheFuture() {
        assertThat(ends(history, AT + 1_000 * WEEK + ",ann,look")).containsExactly("outside-backfill");
        assertThat(ends(live, AT + 1_000 * WEEK + ",ann,look")).containsExactly("time-in-future");
    }

    @Test
    void aFileKeepsTheRowsThatNoRuleForesawAndATopicDoesNot() {
        assertThat(ends(history, AT - 1 + ",ann,sleep")).containsExactly("no-rule");
        assertThat(history.decode("f", -1, 7, AT, null, bytes(AT + ",ann,sleep")).get(0).getSkippedBy()).isEqualTo("no-rule");
        assertThat(history.decode("f", -1, 7, AT, null, bytes("\r\n")).get(0).getSkippedBy()).isEqualTo("blank-line");
        assertThat(live.decode("t", 0, 7, AT, null, bytes(AT + ",ann,sleep")).get(0).getDeadLetter().getReason())
                .isEqualTo("no-rule");
    }

    /** What each record of a row became; dead letters and skipped rows by their reason. */
    private List<String> ends(EventDecoder decoder, String row) {
        return decoder.decode("place", 0, 7, AT, null, bytes(row)).stream().map(EventSpanTest::end).toList();
    }

    private static String end(IngestedRecord record) {
        return record.getEvent() != null ? "event"
                : record.getOutcome() != null ? "outcome"
                : record.getDeadLetter() != null ? record.getDeadLetter().getReason() : record.getSkippedBy();
    }

    private static byte[] bytes(String row) {
        return row.getBytes(StandardCharsets.UTF_8);
    }
}
