package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of foreign systems, read from a topic by a mapping. */
class MappedRowDecodingTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final EventLimits LIMITS =
            new EventLimits(Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(30), 20, 16, 3, 4_096);

    @TempDir
    Path directory;

    private Pseudonymizer pseudonymizer;
    private EventDecoder decoder;

    @BeforeEach
    void setUp() {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
    }

    @Test
    void rowsOfAForeignSystemBecomeEventsByTheirMapping() {
        EventLimits limits = new EventLimits(LIMITS.earliest(), LIMITS.maxAhead(), LIMITS.maxOutcomeAhead(), 20, 64, 3, 4_096);
        read(limits, """
                name: shop
                format: csv
                header: false
                columns: [user, what, at, item]
                skip:
                  - { name: internal, when: "row.user == 'staff'" }
                events:
                  - userId: { column: user }
                    eventTime: { column: at, unit: ms }
                    type: { column: what, map: { seen: VIEW }, otherwise: UNKNOWN }
                    itemId: { column: item }
                """);
        BehaviorEvent event = decode("alice,seen," + NOW + ",i1").getEvent();
        assertThat(event.getType()).isEqualTo(EventType.VIEW);
        assertThat(event.getItemId()).isEqualTo("i1");
        assertThat(event.getUserId()).isEqualTo(pseudonymizer.pseudonym("alice"));
        assertThat(reason("alice,seen")).isEqualTo("wrong-column-count");
        assertThat(reason("alice,seen,1,i1")).isEqualTo("time-too-early");
    }

    @Test
    void noNumberOfARowIsTooMuch() {
        read(LIMITS, """
                name: shop
                format: json
                columns: { user: user, at: at, what: what }
                fields:
                  userId: user
                  eventTime: { column: at, unit: ms }
                  eventId: { template: "e-{user}" }
                events:
                  - { name: seen, when: "row.what == 'seen'", type: VIEW }
                """);
        for (String number : List.of("1e99999999999", "1e2147483648", "0.1e-2147483647", "10e2147483647", "1e-99999999999")) {
            assertThat(rows("{\"user\": \"a\", \"at\": " + NOW + ", \"what\": \"seen\", \"x\": " + number + "}"))
                    .as(number).singleElement().satisfies(each -> assertThat(
                            each.getDeadLetter() == null ? "an event" : each.getDeadLetter().getReason())
                            .isIn("an event", "bad-json"));
            assertThat(rows("{\"user\": \"a\", \"at\": " + number + ", \"what\": \"seen\"}"))
                    .as(number).singleElement().satisfies(each -> assertThat(each.getDeadLetter()).isNotNull());
        }
    }

    @Test
    void aValueOfSeveralRowsIsRefusedQuotedOrNot() {
        read(LIMITS, """
                name: shop
                format: csv
                header: false
                columns: [user, at]
                fields:
                  userId: { column: user }
                  eventTime: { column: at, unit: ms }
                  eventId: { template: "e-{user}" }
                events:
                  - { name: seen, when: "row.user != ''", type: VIEW }
                """);
        assertThat(reason("a," + NOW + "\nb," + NOW)).isEqualTo("wrong-column-count");
        assertThat(reason("\"a\"," + NOW + "\nb," + NOW)).isEqualTo("bad-csv");
        assertThat(decode("\"a\"," + NOW + "\n").getEvent()).isNotNull();
    }

    @Test
    void aRowGivesEachOfItsPartsOrIsSkippedByName() {
        read(LIMITS, """
                name: shop
                format: csv
                header: false
                columns: [user, what, at, proof]
                match: all
                skip:
                  - { name: internal, when: "row.user == 'staff'" }
                fields:
                  userId: { column: user }
                  eventTime: { column: at, unit: ms }
                events:
                  - { name: order, when: "row.what == 'buy'", type: ORDER, eventId: { template: "o-{proof}" } }
                  - { name: payment, when: "row.what == 'buy'", type: PAYMENT, eventId: { template: "pay-{proof}" } }
                outcomes:
                  - { label: fraud, when: "row.proof == '1'", about: order, delay: 7 d, outcomeId: { template: "f-{proof}" } }
                  - { label: returned, when: "row.what == 'back'", userId: user, time: { column: at, unit: ms },
                      value: { column: proof }, outcomeId: { template: "r-{proof}" } }
                """);
        List<IngestedRecord> both = rows("alice,buy," + NOW + ",1");
        assertThat(both).extracting(IngestedRecord::getPart).containsExactly(0, 1, 2);
        assertThat(both.subList(0, 2)).extracting(each -> each.getEvent().getEventId()).containsExactly("o-1", "pay-1");
        assertThat(both.subList(0, 2)).extracting(each -> each.getEvent().getUserId())
                .containsOnly(pseudonymizer.pseudonym("alice"));
        assertThat(both.get(2).getOutcome()).as("with the shop's own user id").isEqualTo(
                new LabeledOutcome("f-1", "alice", "fraud", 1.0, NOW + Duration.ofDays(7).toMillis(), "o-1"));
        assertThat(rows("alice,back," + NOW + ",0.5")).singleElement()
                .isEqualTo(new IngestedRecord("behavior-events", 0, 0L, NOW, null, null,
                        new LabeledOutcome("r-0.5", "alice", "returned", 0.5, NOW, null), null, 0));

        assertThat(rows("staff,buy," + NOW + ",1")).singleElement()
                .isEqualTo(new IngestedRecord("behavior-events", 0, 0L, NOW, null, null, null, "internal", 0));
        assertThat(rows("alice,look," + NOW + ",1")).as("no rule foresaw it, so it is kept")
                .extracting(each -> each.getDeadLetter().getReason()).containsExactly("no-rule");
        assertThat(rows(" ")).extracting(each -> each.getDeadLetter().getReason()).containsExactly("empty-value");

        String longId = "x".repeat(14);
        assertThat(rows("alice,buy," + NOW + "," + longId)).as("one part within its limits, the other not")
                .extracting(each -> each.getDeadLetter() == null ? null : each.getDeadLetter().getReason())
                .containsExactly(null, "id-too-long");
        assertThat(rows("alice,buy," + (NOW + 600_001) + ",1"))
                .as("the outcome of an event that cannot enter").extracting(IngestedRecord::getPart, each ->
                        each.getDeadLetter() == null ? each.getOutcome().getLabel() : each.getDeadLetter().getReason())
                .containsExactly(tuple(0, "time-in-future"), tuple(1, "time-in-future"), tuple(2, "fraud"));
    }

    @Test
    void anOutcomeThatLaterStagesCannotRelyOnIsADeadLetter() {
        read(LIMITS, """
                name: shop
                format: csv
                header: false
                columns: [user, at, id, event]
                events:
                  - { when: "false", userId: user, eventTime: { column: at, unit: ms }, type: VIEW }
                outcomes:
                  - { label: fraud, userId: user, time: { column: at, unit: ms }, outcomeId: id, eventId: event }
                """);
        String late = "alice," + (NOW + 600_001) + ",o1,e1";
        assertThat(decode(late).getOutcome().getOutcomeTime()).as("what becomes known later").isEqualTo(NOW + 600_001);
        assertThat(reason("alice," + NOW * 1_000 + ",o1,e1")).as("microseconds").isEqualTo("time-in-future");
        long early = LIMITS.earliest().toEpochMilli() - 1;
        assertThat(reason("alice," + early + ",o1,e1")).isEqualTo("time-too-early");
        String longId = "x".repeat(17);
        assertThat(reason(longId + "," + NOW + ",o1,e1")).isEqualTo("id-too-long");
        assertThat(reason("alice," + NOW + "," + longId + ",e1")).isEqualTo("id-too-long");
        assertThat(reason("alice," + NOW + ",o1," + longId)).isEqualTo("id-too-long");
        assertThat(reason(" ," + NOW + ",o1,e1")).isEqualTo("missing-user-id");
        assertThat(reason("alice," + NOW + ", ,e1")).isEqualTo("missing-outcome-id");
    }

    private void read(EventLimits limits, String mapping) {
        decoder = EventDecoder.mapped(limits, pseudonymizer, Mapping.parse("shop.yaml", mapping));
    }

    private List<IngestedRecord> rows(String row) {
        return decoder.decode("behavior-events", 0, 0, NOW, null, row.getBytes(StandardCharsets.UTF_8));
    }

    private IngestedRecord decode(String row) {
        return rows(row).get(0);
    }

    private String reason(String row) {
        return decode(row).getDeadLetter().getReason();
    }
}
