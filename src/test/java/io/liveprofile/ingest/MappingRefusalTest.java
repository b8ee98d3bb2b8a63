package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake in a mapping file is refused when it is read, in one line that says where, what and what is allowed. */
class MappingRefusalTest {
    private static final String VALID = """
            name: shop
            format: csv
            header: false
            columns: [ts, user, price, a b]
            skip:
              - {name: none, when: row.user == ''}
            events:
              - name: view
                userId: user
                eventTime: {column: ts, unit: ms}
                type: VIEW
            """;
    private static final String TYPES = "[UNKNOWN, VIEW, CLICK, SEARCH, FAVORITE, CART_ADD, CART_REMOVE, ORDER, PAYMENT, "
            + "PAYMENT_FAILED, REFUND, REVIEW, LOGIN, LOGIN_FAILED, INQUIRY]";
    private static final String COLUMNS = "; columns: ts, user, price, a b";

    /** Replaces a piece of the valid mapping. */
    private static Arguments swap(String piece, String by, String message) {
        if (!VALID.contains(piece)) {
            throw new IllegalArgumentException(piece);
        }
        return Arguments.of(VALID.replace(piece, by), message);
    }

    /** Adds a line to the event rule. */
    private static Arguments field(String line, String message) {
        return Arguments.of(VALID + "    " + line + "\n", "m.yaml:12: events[0]." + message);
    }

    private static Arguments time(String form, String message) {
        return swap("{column: ts, unit: ms}", form, "m.yaml:10: events[0].eventTime" + message);
    }

    private static Arguments when(String expression, String message) {
        return swap("row.user == ''", expression, "m.yaml:6: skip[0].when = '" + message);
    }

    private static Arguments outcome(String line, String message) {
        return Arguments.of(VALID + "outcomes:\n  - " + line + "\n", "m.yaml:13: outcomes[0]" + message);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                // the source
                swap("name: shop", "nam: shop", "m.yaml:1: nam: unknown key; allowed: name, format, header, columns, "
                        + "separator, quote, order, match, skip, fields, events, outcomes"),
                swap("name: shop\n", "", "m.yaml:1: 'name' is missing"),
                swap("name: shop", "name: ''", "m.yaml:1: name = '': must not be empty"),
                swap("format: csv", "format: xml", "m.yaml:2: format = 'xml': must be one of [CSV, JSON]"),
                swap("format: csv", "format: json", "m.yaml:3: header = 'false': only for format: csv"),
                swap("header: false", "header: maybe", "m.yaml:3: header = 'maybe': must be true or false"),
                swap("header: false\n", "", "m.yaml:1: 'header' is missing"),
                swap("[ts, user, price, a b]", "[ts, ts]", "m.yaml:4: columns[1] = 'ts': stands twice"),
                swap("[ts, user, price, a b]", "[]", "m.yaml:4: columns: must name at least one column"),
                swap("[ts, user, price, a b]", "['']", "m.yaml:4: columns[0] = '': must not be empty"),
                swap("header: false", "header: false\nseparator: ab",
                        "m.yaml:4: separator = 'ab': must be one ASCII character, or tab"),
                swap("header: false", "header: false\nseparator: ü",
                        "m.yaml:4: separator = 'ü': must be one ASCII character, or tab"),
                swap("header: false", "header: false\nquote: ','", "m.yaml:1: separator and quote must differ"),
                swap("header: false", "header: false\norder: random",
                        "m.yaml:4: order = 'random': must be one of file, time"),
                swap("header: false", "header: false\nmatch: any", "m.yaml:4: match = 'any': must be one of first, all"),
                Arguments.of("name: t\nformat: json\ncolumns: {}\nevents: []\n",
                        "m.yaml:3: columns: must name at least one column"),
                // skip rules and conditions
                swap("name: none", "nam: none", "m.yaml:6: skip[0].nam: unknown key; allowed: name, when"),
                swap("name: none", "name: no-rule",
                        "m.yaml:6: skip[0].name = 'no-rule': stands twice or is reserved (no-rule, blank-line,"
                                + " outside-backfill)"),
                when("row.usr == ''", "row.usr == ''': unknown column 'usr'" + COLUMNS),
                when("\"row['usr'] == ''\"", "row['usr'] == ''': unknown column 'usr'" + COLUMNS),
                when("row.size() > 1", "row.size() > 1': row can only be used as row.COLUMN or row['COLUMN']"),
                when("row.user == 1", "row.user == 1': not a CEL expression of the right type: "
                        + "found no matching overload for '_==_' applied to '(string, int)' (candidates: (%A0, %A0))"),
                when("row.user", "row.user': not a CEL expression of the right type: "
                        + "expected type 'bool' but found 'string'"),
                when("dyn(row.user)", "dyn(row.user)': not a CEL expression of the right type: "
                        + "expected type 'bool' but found 'dyn'"),
                when("user == ''", "user == ''': not a CEL expression of the right type: "
                        + "undeclared reference to 'user' (in container '')"),
                // event rules
                Arguments.of(VALID + "    when:\n",
                        "m.yaml:8: events[0]: 'when' has no value; leave it out, or write '' for an empty text"),
                field("itemId: {template: {user}}", "itemId.template: 'user' has no value; leave it out, or write '' for "
                        + "an empty text"),
                Arguments.of(VALID.substring(0, VALID.indexOf("  - name: view")) + "  []\n",
                        "m.yaml:8: events: must have at least one rule"),
                Arguments.of(VALID + "  - {name: view, userId: user, eventTime: {column: ts, unit: s}, type: VIEW}\n",
                        "m.yaml:12: events[1].name = 'view': the name view stands twice"),
                Arguments.of(VALID.replace("name: view", "name: rule-2")
                        + "  - {userId: user, eventTime: {column: ts, unit: s}, type: VIEW}\n",
                        "m.yaml:12: events[1]: the name rule-2 stands twice"),
                swap("    userId: user\n", "",
                        "m.yaml:8: events[0]: 'userId' is missing; give it here or under fields"),
                swap("userId: user", "userId: usr", "m.yaml:9: events[0].userId = 'usr': unknown column" + COLUMNS),
                swap("type: VIEW", "type: VIEWED", "m.yaml:11: events[0].type = 'VIEWED': must be one of " + TYPES),
                swap("type: VIEW", "type: {column: a b, map: {x: SEEN}}",
                        "m.yaml:11: events[0].type.map.x = 'SEEN': must be one of " + TYPES),
                swap("type: VIEW", "type: {column: a b, otherwise: SEEN}",
                        "m.yaml:11: events[0].type.otherwise = 'SEEN': must be one of " + TYPES),
                field("colour: user", "colour: unknown key; allowed: name, when, eventId, userId, eventTime, type, itemId, "
                        + "categoryId, brand, amountMinor, currency, quantity, sessionId, deviceId, ip, latitude, "
                        + "longitude, channel, rating, text, embedding, attributes"),
                swap("events:", "fields: {colour: user}\nevents:", "m.yaml:7: fields.colour: unknown key; allowed: eventId, "
                        + "userId, eventTime, type, itemId, categoryId, brand, amountMinor, currency, quantity, sessionId, "
                        + "deviceId, ip, latitude, longitude, channel, rating, text, embedding, attributes"),
                // texts
                field("itemId: {column: sku}", "itemId.column = 'sku': unknown column" + COLUMNS),
                field("itemId: {}", "itemId: must have one of column, constant, template, cel; has none"),
                field("itemId: {column: user, constant: x}",
                        "itemId: must have one of column, constant, template, cel; has column and constant"),
                field("itemId: {column: user, as: title}",
                        "itemId.as = 'title': must be one of [TRIM, LOWER, UPPER, WHOLE, ABSOLUTE, IPV4]"),
                field("itemId: {constant: x, as: trim}", "itemId.as: unknown key; allowed: constant"),
                field("itemId: {template: 'x-{sku}'}", "itemId.template = 'x-{sku}': unknown column 'sku'" + COLUMNS),
                field("itemId: {template: 'x-{user'}",
                        "itemId.template = 'x-{user': '{' without '}'; a column stands in braces: {COLUMN}"),
                field("itemId: {template: x}",
                        "itemId.template = 'x': names no column; a column stands in braces: {COLUMN}"),
                field("itemId: {cel: row.user == ''}", "itemId.cel = 'row.user == ''': not a CEL expression of the right "
                        + "type: expected type 'string' but found 'bool'"),
                field("attributes: {x: sku}", "attributes.x = 'sku': unknown column" + COLUMNS),
                field("embedding: {column: user, separator: ab}",
                        "embedding.separator = 'ab': must be one ASCII character, or tab"),
                // amounts
                field("amountMinor: price", "amountMinor = 'price': needs a currency beside it, such as currency: "
                        + "{constant: EUR}"),
                field("currency: {constant: EURO}",
                        "currency.constant = 'EURO': must be an ISO 4217 code such as EUR"),
                field("amountMinor: {column: price, times: qty}\n    currency: user",
                        "amountMinor.times = 'qty': unknown column" + COLUMNS),
                field("amountMinor: {column: price, decimals: 9}\n    currency: user",
                        "amountMinor.decimals = '9': must be from 0 to 8"),
                field("amountMinor: {column: price, rounding: down}\n    currency: user",
                        "amountMinor.rounding = 'down': must be one of half-up, half-even, refuse"),
                field("amountMinor: {column: price, scale: 2}\n    currency: user",
                        "amountMinor.scale: unknown key; allowed: column, times, decimals, absolute, rounding"),
                // times
                time("ts", " = 'ts': must say how the time is written: {column: ts, unit: ms} or "
                        + "{column: ts, pattern: ..., zone: ...}"),
                time("{column: ts}", ": must have one of unit, pattern; has none"),
                time("{column: ts, unit: s, pattern: iso}", ": must have one of unit, pattern; has unit and pattern"),
                time("{column: ts, unit: min}", ".unit = 'min': must be one of s, ms, us, ns (since 1970-01-01 UTC)"),
                time("{column: ts, unit: ms, zone: UTC}", ".zone: unknown key; allowed: column, unit"),
                time("{column: ts, pattern: iso, zone: UTC}", ".zone: unknown key; allowed: column, pattern"),
                time("{column: ts, pattern: yyyy-MM-dd}", ".pattern = 'yyyy-MM-dd': has no zone; give it as zone: UTC, "
                        + "Europe/London, +08:00 ..."),
                time("{column: ts, pattern: yyyy-MM-dd HH:mm X, zone: UTC}",
                        ".zone = 'UTC': not allowed: the pattern has a zone"),
                time("{column: ts, pattern: M-d, zone: UTC}", ".pattern = 'M-d': has no year; give it as year: YYYY"),
                time("{column: ts, pattern: yyyy-M-d, year: 2014, zone: UTC}",
                        ".year = '2014': not allowed: the pattern has a year"),
                time("{column: ts, pattern: yyyy-MM, zone: UTC}",
                        ".pattern = 'yyyy-MM': does not give a whole date (month and day at least)"),
                time("{column: ts, pattern: yyyy-MM-dd bb, zone: UTC}", ".pattern = 'yyyy-MM-dd bb': not a pattern of "
                        + "java.time.format.DateTimeFormatter: Unknown pattern letter: b"),
                time("{column: ts, pattern: yyyy-MM-dd, zone: Mars}",
                        ".zone = 'Mars': must be a zone such as UTC, Europe/London or +08:00"),
                // outcomes
                outcome("{about: view}", ": 'label' is missing"),
                outcome("{label: fraud}", ": must have about (name of an event rule), or userId and time"),
                outcome("{label: fraud, userId: user}", ": must have about (name of an event rule), or userId and time"),
                outcome("{label: fraud, about: order}", ".about = 'order': no such event rule; names: view"),
                outcome("{label: fraud, about: view, userId: user}",
                        ".userId = 'user': not allowed beside about, which gives it"),
                outcome("{label: fraud, about: view, delay: 7}",
                        ".delay = '7': must be a positive whole number with a unit: ms, s, min, h or d"),
                outcome("{label: fraud, about: view, value: much}", ".value = 'much': must be a number from "
                        + "-1.7976931348623157E308 to 1.7976931348623157E308"),
                outcome("{label: fraud, event: view}", ".event: unknown key; allowed: when, label, value, delay, about, "
                        + "userId, time, eventId, outcomeId"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refuses(String yaml, String message) {
        assertThatThrownBy(() -> Mapping.parse("m.yaml", yaml)).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> Mapping.read(Path.of("nowhere", "m.yaml")))
                .isInstanceOf(ConfigException.class).hasMessage(Path.of("nowhere", "m.yaml") + ": no such file");
    }

    @Test
    void refusesHeadersThatDoNotFit() {
        Mapping mapping = Mapping.parse("m.yaml", VALID.replace("header: false", "header: true"));
        assertThatThrownBy(() -> mapping.withHeader("ts,price,USER".getBytes(StandardCharsets.UTF_8), "f.csv"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f.csv:1: the first line must name the columns of mapping shop; missing: user, a b");
        assertThatThrownBy(() -> mapping.withHeader("ts,user,price,a b,ts".getBytes(StandardCharsets.UTF_8), "f.csv"))
                .isInstanceOf(ConfigException.class).hasMessage("f.csv:1: the first line names a column twice");
        assertThatThrownBy(() -> mapping.withHeader("ts,\"user".getBytes(StandardCharsets.UTF_8), "f.csv"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f.csv:1: not a header line: the quotes of the row do not match");
    }
}
