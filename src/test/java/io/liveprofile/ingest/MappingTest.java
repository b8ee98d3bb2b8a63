package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MappingTest {
    private static final String HEAD = """
            name: shop
            format: csv
            header: false
            columns: [ts, user, action, sku, price, qty, code]
            """;
    private static final String ALWAYS = """
            events:
              - userId: user
                eventTime: {column: ts, unit: ms}
                type: VIEW
            """;

    @Test
    void takesFieldsFromColumnsConstantsTemplatesMapsAndExpressions() throws Exception {
        BehaviorEvent event = only(HEAD + """
                events:
                  - userId: user
                    eventTime: {column: ts, unit: s}
                    type: {column: action, map: {pv: VIEW, buy: order}}
                    eventId: {template: "e-{user}/{sku}"}
                    itemId: {column: sku, as: trim}
                    categoryId: {column: code, map: {a: shoes}, otherwise: other}
                    brand: {column: code, as: upper}
                    amountMinor: {column: price, times: qty}
                    currency: {constant: EUR}
                    quantity: {column: qty, as: absolute}
                    channel: {cel: "row.action + ':' + row.code.lowerAscii()"}
                    rating: {constant: 4.5}
                    latitude: {constant: -33.9}
                    longitude: {constant: 18.4}
                    attributes:
                      code: code
                      fixed: {constant: x}
                """, "10,u1,buy, s1 ,2.50,3,Ab");
        assertThat(event).isEqualTo(BehaviorEvent.newBuilder()
                .setEventId("e-u1/ s1 ").setUserId("u1").setEventTime(10_000).setType(EventType.ORDER).setItemId("s1")
                .setCategoryId("other").setBrand("AB").setAmountMinor(750L).setCurrency("EUR").setQuantity(3)
                .setChannel("buy:ab").setRating(4.5).setLatitude(-33.9).setLongitude(18.4)
                .setAttributes(Map.of("code", "Ab", "fixed", "x")).build());
    }

    @Test
    void leavesOptionalFieldsEmptyWhereTheRowHasNothing() throws Exception {
        BehaviorEvent event = only(HEAD + """
                events:
                  - userId: user
                    eventTime: {column: ts, unit: ms}
                    type: VIEW
                    itemId: sku
                    categoryId: {column: code, map: {a: shoes}}
                    brand: {column: sku, as: whole}
                    sessionId: {template: "{sku}-{code}"}
                    deviceId: {cel: row.sku}
                    ip: {column: sku, as: ipv4}
                    channel: {column: action, map: {none: ''}}
                    text: {column: action, map: {x: y}, otherwise: ''}
                    amountMinor: price
                    currency: {constant: EUR}
                    quantity: qty
                    rating: price
                    embedding: code
                    attributes: {code: code}
                """, "1,u1,none,,,,");
        assertThat(event).isEqualTo(BehaviorEvent.newBuilder().setEventId(event.getEventId()).setUserId("u1")
                .setEventTime(1).setType(EventType.VIEW).setCurrency("EUR").build());
    }

    @Test
    void givesAFallbackForAnEmptyColumn() throws Exception {
        BehaviorEvent event = only(HEAD + ALWAYS + "    itemId: {column: sku, otherwise: none}\n", "1,u1,a,,,,");
        assertThat(event.getItemId()).isEqualTo("none");
    }

    @Test
    void readsEmbeddings() throws Exception {
        String rule = ALWAYS + "    embedding: {column: code, separator: ;}\n";
        assertThat(only(HEAD + rule, "1,u,a,,,,0.5;-1; 2").getEmbedding()).containsExactly(0.5f, -1f, 2f);
        assertThat(only(HEAD + rule, "1,u,a,,,,[0.5]").getEmbedding()).containsExactly(0.5f);
        assertThat(only(HEAD + rule, "1,u,a,,,,[]").getEmbedding()).isEmpty();
    }

    @Test
    void writesAnAddressGivenAsANumber() throws Exception {
        String rule = ALWAYS + "    ip: {column: code, as: ipv4}\n";
        assertThat(only(HEAD + rule, "1,u,a,,,,732758368.8").getIp()).isEqualTo("43.173.1.96");
        assertThat(only(HEAD + rule, "1,u,a,,,,0").getIp()).isEqualTo("0.0.0.0");
        assertThat(only(HEAD + rule, "1,u,a,,,,4294967295.9").getIp()).isEqualTo("255.255.255.255");
    }

    @Test
    void sharesFieldsAndLetsARuleOverrideThem() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD + """
                fields:
                  userId: user
                  eventTime: {column: ts, unit: ms}
                  itemId: sku
                  attributes: {code: code, from: {constant: fields}}
                events:
                  - when: row.action == 'a'
                    type: VIEW
                    attributes: {from: {constant: rule}}
                  - type: CLICK
                    itemId: {constant: ''}
                """);
        BehaviorEvent first = mapping.map(row("1,u,a,s,,,c"), 1).events().get(0);
        assertThat(first.getItemId()).isEqualTo("s");
        assertThat(first.getAttributes()).isEqualTo(Map.of("code", "c", "from", "rule"));
        BehaviorEvent second = mapping.map(row("1,u,b,s,,,c"), 1).events().get(0);
        assertThat(second.getType()).isEqualTo(EventType.CLICK);
        assertThat(second.getItemId()).isNull();
    }

    @Test
    void makesTheFirstOrEveryEventThatApplies() throws Exception {
        String rules = HEAD + """
                fields: {userId: user, eventTime: {column: ts, unit: ms}}
                events:
                  - {when: row.action == 'a', type: VIEW}
                  - {type: CLICK}
                """;
        assertThat(types(rules, "1,u,a,,,,")).containsExactly(EventType.VIEW);
        assertThat(types(rules + "match: first\n", "1,u,a,,,,")).containsExactly(EventType.VIEW);
        assertThat(types(rules + "match: all\n", "1,u,a,,,,")).containsExactly(EventType.VIEW, EventType.CLICK);
        assertThat(types(rules + "match: all\n", "1,u,b,,,,")).containsExactly(EventType.CLICK);
    }

    @Test
    void namesTheRuleThatSkippedARow() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD + """
                skip:
                  - {name: no-user, when: row.user == ''}
                  - {name: free, when: double(row.price) == 0.0}
                events:
                  - {when: row.action == 'a', userId: user, eventTime: {column: ts, unit: ms}, type: VIEW}
                """);
        assertThat(mapping.map(row("1,,a,s,0,,"), 1).skippedBy()).isEqualTo("no-user");
        assertThat(mapping.map(row("1,u,a,s,0.00,,"), 1).skippedBy()).isEqualTo("free");
        assertThat(mapping.map(row("1,u,b,s,1,,"), 1).skippedBy()).isEqualTo("no-rule");
        assertThat(mapping.map(row("1,u,a,s,1,,"), 1).skippedBy()).isNull();
        assertThat(mapping.mapLine("  \r\n".getBytes(StandardCharsets.UTF_8), 1).skippedBy()).isEqualTo("blank-line");
    }

    @Test
    void givesStableIdsThatTellAlikeRowsApart() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD + ALWAYS);
        String id = mapping.map(row("1,u,a,s,,,"), 7).events().get(0).getEventId();
        assertThat(id).isEqualTo("c6df76aa2b835e69f206c200d14aa34e"); // must not change: a replay after an upgrade is deduplicated by it
        assertThat(mapping.map(row("1,u,a,s,,,"), 7).events().get(0).getEventId()).isEqualTo(id);
        assertThat(mapping.map(row("1,u,a,s,,,"), 8).events().get(0).getEventId()).isNotEqualTo(id);
        assertThat(mapping.map(row("1,u,a,t,,,"), 7).events().get(0).getEventId()).isNotEqualTo(id);
        assertThat(mapping.map(row("1,u,a,,s,,"), 7).events().get(0).getEventId()).isNotEqualTo(id);
        Mapping other = Mapping.parse("m.yaml", HEAD.replace("name: shop", "name: shop2") + ALWAYS);
        assertThat(other.map(row("1,u,a,s,,,"), 7).events().get(0).getEventId()).isNotEqualTo(id);
    }

    @Test
    void makesOutcomesAboutAnEvent() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD + """
                events:
                  - name: buy
                    when: row.action == 'buy'
                    eventId: {template: "e-{sku}"}
                    userId: user
                    eventTime: {column: ts, unit: ms}
                    type: ORDER
                outcomes:
                  - {label: fraud, when: row.code == '1', about: buy, delay: 7 d, outcomeId: {template: "o-{sku}"}}
                  - {label: margin, about: buy, value: {column: price}, outcomeId: {template: "m-{sku}"}}
                """);
        assertThat(mapping.map(row("5,u,buy,s,2.5,,1"), 1).outcomes()).containsExactly(
                new LabeledOutcome("o-s", "u", "fraud", 1.0, 5L + 7 * 86_400_000L, "e-s"),
                new LabeledOutcome("m-s", "u", "margin", 2.5, 5L, "e-s"));
        assertThat(mapping.map(row("5,u,buy,s,2.5,,0"), 1).outcomes()).hasSize(1);
        assertThat(mapping.map(row("5,u,view,s,2.5,,1"), 1).skippedBy()).isEqualTo("no-rule");
    }

    @Test
    void makesOutcomesWithoutAnEvent() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD + """
                events:
                  - {when: row.action == 'never', userId: user, eventTime: {column: ts, unit: ms}, type: ORDER}
                outcomes:
                  - {label: churn, userId: user, time: {column: ts, unit: s}, value: 0, eventId: sku, delay: 1 s}
                """);
        MappedRow mapped = mapping.map(row("5,u,x,s,,,"), 1);
        assertThat(mapped.skippedBy()).isNull();
        assertThat(mapped.events()).isEmpty();
        LabeledOutcome outcome = mapped.outcomes().get(0);
        assertThat(outcome).isEqualTo(new LabeledOutcome(outcome.getOutcomeId(), "u", "churn", 0.0, 6_000L, "s"));
        assertThat(outcome.getOutcomeId()).hasSize(32);
    }

    @Test
    void findsColumnsOfAFileByItsHeader() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", HEAD.replace("header: false", "header: true") + ALWAYS
                + "    itemId: sku\n");
        byte[] header = "\uFEFFcode,extra,\"sku\",qty,price,action,user,ts\r\n".getBytes(StandardCharsets.UTF_8);
        BehaviorEvent event = mapping.withHeader(header, "f.csv").map(row("c,x,s,1,2,a,u,9"), 1).events().get(0);
        assertThat(event.getUserId()).isEqualTo("u");
        assertThat(event.getEventTime()).isEqualTo(9);
        assertThat(event.getItemId()).isEqualTo("s");
    }

    @Test
    void readsJsonByPath() throws Exception {
        Mapping mapping = Mapping.parse("m.yaml", """
                name: topic
                format: json
                columns: {user: user.id, ts: ts, price: lines.0.price, vector: v, flag: flag, gone: user.gone.deeper}
                events:
                  - userId: user
                    eventTime: {column: ts, unit: s}
                    type: ORDER
                    amountMinor: price
                    currency: {constant: EUR}
                    embedding: vector
                    brand: gone
                    attributes: {flag: flag}
                """);
        String json = """
                {"user": {"id": 12345678901234567890, "gone": null}, "ts": 1.5, "lines": [{"price": 0.29}],
                 "v": [1, 0.25], "flag": true, "other": {}}""";
        BehaviorEvent event = mapping.mapLine(json.getBytes(StandardCharsets.UTF_8), 1).events().get(0);
        assertThat(event.getUserId()).isEqualTo("12345678901234567890");
        assertThat(event.getEventTime()).isEqualTo(1_500);
        assertThat(event.getAmountMinor()).isEqualTo(29);
        assertThat(event.getEmbedding()).containsExactly(1f, 0.25f);
        assertThat(event.getBrand()).isNull();
        assertThat(event.getAttributes()).isEqualTo(Map.of("flag", "true"));
    }

    @Test
    void readsOtherSeparatorsAndQuotes() throws Exception {
        String columns = HEAD.replace("header: false", "header: false\nseparator: tab\nquote: none");
        assertThat(only(columns + ALWAYS + "    itemId: sku\n", "1\tu\ta\t\"s\t\t\t").getItemId()).isEqualTo("\"s");
        String pipes = HEAD.replace("header: false", "header: false\nseparator: '|'\nquote: \"'\"");
        assertThat(only(pipes + ALWAYS + "    itemId: sku\n", "1|u|a|'s|''x'|||").getItemId()).isEqualTo("s|'x");
    }

    @Test
    void readsQuotedFieldsWithSeparatorsQuotesAndLineEnds() throws Exception {
        String item = ALWAYS + "    itemId: sku\n";
        assertThat(only(HEAD + item, "1,u,a,\"s,\"\"1\"\"\",,,").getItemId()).isEqualTo("s,\"1\"");
        assertThat(only(HEAD + item, "1,u,a,\"s\nt\",,,").getItemId()).isEqualTo("s\nt");
        assertThat(only(HEAD + item, "1,u,a,5\" pipe,,,").getItemId()).isEqualTo("5\" pipe");
    }

    private static BehaviorEvent only(String yaml, String line) throws RejectedRecordException {
        MappedRow mapped = Mapping.parse("m.yaml", yaml).mapLine((line + "\r\n").getBytes(StandardCharsets.UTF_8), 1);
        assertThat(mapped.events()).hasSize(1);
        assertThat(mapped.skippedBy()).isNull();
        return mapped.events().get(0);
    }

    private static List<EventType> types(String yaml, String line) throws RejectedRecordException {
        return Mapping.parse("m.yaml", yaml).map(row(line), 1).events().stream().map(BehaviorEvent::getType).toList();
    }

    private static String[] row(String line) {
        return line.split(",", -1);
    }
}
