package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each reason for which a row is turned away, and that its detail holds nothing of the row. */
class UnmappableRowTest {
    private static final Mapping CSV = Mapping.parse("m.yaml", """
            name: shop
            format: csv
            header: false
            columns: [ts, user, action, price, qty, ip]
            skip:
              - {name: never, when: row.qty != '' && int(row.qty) > 1000000}
              - {name: mixed, when: "row.qty == '8' ? ([true] + dyn([1]))[1] : false"}
            events:
              - userId: user
                eventTime: {column: ts, pattern: "yyyy-MM-dd HH:mm", zone: UTC}
                type: {column: action, map: {pv: VIEW}}
                eventId: {template: "{user}{price}"}
                amountMinor: {column: price, times: qty, rounding: refuse}
                currency: {constant: EUR}
                quantity: qty
                ip: {column: ip, as: ipv4}
                latitude: {column: qty}
            """);
    private static final Mapping TYPES = Mapping.parse("m.yaml", """
            name: shop
            format: csv
            header: false
            columns: [type, ts, id, vector]
            events:
              - userId: {constant: u}
                eventTime: {column: ts, unit: ms}
                type: {column: type}
                eventId: id
                embedding: {column: vector, separator: ";"}
            """);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            2020-01-31 10:00,u,pv,1,1            | wrong-column-count | 6 columns expected, 5 found
            2020-01-31 10:00,u,pv,1,1,,          | wrong-column-count | 6 columns expected, 7 found
            2020-01-31 10:00,"u,pv,1,1,          | bad-csv            | the quotes of the row do not match
            2020-01-31 10:00,"u"x,pv,1,1,        | bad-csv            | the quotes of the row do not match
            2020-01-31 10:00,,pv,1,1,            | missing-field      | userId is empty
            ,u,pv,1,1,                           | missing-field      | eventTime (column ts) is empty
            2020-01-31 10:00,u,,1,1,             | missing-field      | type is empty
            2020-01-31,u,pv,1,1,                 | bad-time           | eventTime (column ts) is not written as the mapping says
            2020-02-30 10:00,u,pv,1,1,           | bad-time           | eventTime (column ts) is not written as the mapping says
            2020-01-31 10:00,u,xx,1,1,           | unknown-value      | type (column action) has a value that the map does not name
            2020-01-31 10:00,u,pv,1O,1,          | bad-number         | amountMinor (column price) is not a decimal number
            2020-01-31 10:00,u,pv,1e999999999,1, | bad-number         | amountMinor (column price) is not a decimal number
            2020-01-31 10:00,u,pv,-1,1,          | negative-amount    | amountMinor (column price) is below 0 and the mapping has no absolute: true
            2020-01-31 10:00,u,pv,0.001,1,       | inexact-amount     | amountMinor (column price) is not a whole number of minor units
            2020-01-31 10:00,u,pv,1e18,1,        | out-of-range       | amountMinor (column price) is too large
            2020-01-31 10:00,u,pv,1e50,1,        | out-of-range       | amountMinor (column price) is too large
            2020-01-31 10:00,u,pv,1,91,          | out-of-range       | latitude is not from -90.0 to 90.0
            2020-01-31 10:00,u,pv,1,x,           | condition-failed   | skip rule never: the expression has no value for this row
            2020-01-31 10:00,u,pv,1,8,           | condition-failed   | skip rule mixed: the expression has no value for this row
            2020-01-31 10:00,u,pv,1,1,4294967296 | bad-ip             | ip (column ip) is not an IPv4 address as a number
            2020-01-31 10:00,u,pv,1,1,-1         | bad-ip             | ip (column ip) is not an IPv4 address as a number
            """)
    void saysWhy(String line, String reason, String detail) {
        assertThatIsTurnedAway(CSV, line.getBytes(StandardCharsets.UTF_8), reason, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BOUGHT,1,i,      | unknown-type  | type has a value that is no event type
            VIEW,,i,         | missing-field | eventTime (column ts) is empty
            VIEW,1,,         | missing-field | eventId is empty
            VIEW,1x,i,       | bad-time      | eventTime (column ts) is not written as the mapping says
            VIEW,1e99999,i,  | bad-time      | eventTime (column ts) is not written as the mapping says
            VIEW,9223372036854775808,i, | bad-time | eventTime (column ts) is not written as the mapping says
            VIEW,1,i,1;;2    | bad-number    | embedding (column vector) is not a decimal number
            VIEW,1,i,1e39    | out-of-range  | embedding (column vector) is not from -3.4028234663852886E38 to 3.4028234663852886E38
            """)
    void refusesTypesTimesIdsAndEmbeddings(String line, String reason, String detail) {
        assertThatIsTurnedAway(TYPES, line.getBytes(StandardCharsets.UTF_8), reason, detail);
    }

    @Test
    void refusesEmbeddingsThatAreTooLong() {
        String line = "VIEW,1,i," + "1;".repeat(4096) + "1";
        assertThatIsTurnedAway(TYPES, line.getBytes(StandardCharsets.UTF_8),
                "out-of-range", "embedding (column vector) has more than 4096 numbers");
    }

    @Test
    void refusesWholeNumbersThatAreNone() {
        for (String quantity : new String[] {"1.5", "2147483648", "12345678901", "x", "1-2"}) {
            RejectedRecordException e = catchThrowableOfType(
                    RejectedRecordException.class, () -> MappingNumbers.wholeInt(quantity, "quantity"));
            assertThat(e.reason()).as(quantity).isEqualTo("bad-number");
        }
    }

    @Test
    void takesWholeNumbersInAnyForm() throws Exception {
        assertThat(MappingNumbers.wholeInt("6.0", "quantity")).isEqualTo(6);
        assertThat(MappingNumbers.wholeInt("-2147483648", "quantity")).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void refusesWhatIsNotUtf8AndLetsTheReplacementCharacterPass() throws Exception {
        assertThatIsTurnedAway(TYPES, new byte[] {'V', (byte) 0xC3, ',', '1'}, "not-utf8", "the row is not UTF-8");
        assertThat(MappingLines.text("a\uFFFDb\r\n".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\uFFFDb");
    }

    @Test
    void refusesRowsAboveOneMebibyte() {
        byte[] row = new byte[Mapping.MOST_ROW_BYTES + 1];
        Arrays.fill(row, (byte) 'a');
        assertThatIsTurnedAway(TYPES, row, "row-too-long", "the row has more than 1048576 bytes");
    }

    @Test
    void refusesRowsOfAnotherWidth() {
        RejectedRecordException e = catchThrowableOfType(
                RejectedRecordException.class, () -> TYPES.map(new String[] {"VIEW"}, 1));
        assertThat(e.reason()).isEqualTo("wrong-column-count");
        assertThat(e.detail()).isEqualTo("4 columns expected, 1 found");
    }

    @Test
    void refusesWhatIsNotOneJsonObject() {
        Mapping json = Mapping.parse("m.yaml", """
                name: topic
                format: json
                columns: [user, ts]
                events:
                  - {userId: user, eventTime: {column: ts, unit: ms}, type: VIEW}
                """);
        for (String line : new String[] {"{\"user\": ", "[1]", "1", "{} {}", "{\"user\": 1, \"user\": 2}"}) {
            assertThatIsTurnedAway(
                    json, line.getBytes(StandardCharsets.UTF_8), "bad-json", "the row is not one JSON object");
        }
        assertThatIsTurnedAway(json, "{\"ts\": 1}".getBytes(StandardCharsets.UTF_8), "missing-field", "userId is empty");
        assertThatIsTurnedAway(json, "{\"user\": 1, \"ts\": 1e99999}".getBytes(StandardCharsets.UTF_8),
                "bad-time", "eventTime (column ts) is not written as the mapping says");
    }

    @Test
    void refusesOutcomesWithoutAUser() {
        Mapping mapping = Mapping.parse("m.yaml", """
                name: shop
                format: csv
                header: false
                columns: [ts, user]
                events:
                  - {userId: {constant: u}, eventTime: {column: ts, unit: ms}, type: VIEW}
                outcomes:
                  - {label: churn, userId: user, time: {column: ts, unit: ms}}
                """);
        assertThatIsTurnedAway(mapping, "1,".getBytes(StandardCharsets.UTF_8), "missing-field", "userId is empty");
    }

    private static void assertThatIsTurnedAway(Mapping mapping, byte[] line, String reason, String detail) {
        RejectedRecordException e =
                catchThrowableOfType(RejectedRecordException.class, () -> mapping.mapLine(line, 1));
        assertThat(e).isNotNull();
        assertThat(e.reason()).isEqualTo(reason);
        assertThat(e.detail()).isEqualTo(detail);
    }
}
