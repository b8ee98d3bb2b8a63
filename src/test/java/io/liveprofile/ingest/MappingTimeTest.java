package io.liveprofile.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTimeTest {
    private static final MappingColumns COLUMNS = new MappingColumns(List.of("t"));
    private static final MappingTime SECONDS = time("unit: s");
    private static final MappingTime MILLIS = time("unit: ms");
    private static final MappingTime MICROS = time("unit: us");
    private static final MappingTime LONDON = time("pattern: 'yyyy-MM-dd HH:mm:ss', zone: Europe/London");

    @ParameterizedTest
    @CsvSource(textBlock = """
            unit: s,            1511658000,           2017-11-26T01:00:00Z
            unit: s,            1511658000.5,         2017-11-26T01:00:00.500Z
            unit: s,            1.5116580005E9,       2017-11-26T01:00:00.500Z
            unit: s,            -0.0001,              1969-12-31T23:59:59.999Z
            unit: ms,           1430624530502,        2015-05-03T03:42:10.502Z
            unit: us,           1430624530502999,     2015-05-03T03:42:10.502Z
            unit: ns,           1430624530502999999,  2015-05-03T03:42:10.502Z
            pattern: iso,       2026-01-31T12:00:00.5+01:00, 2026-01-31T11:00:00.500Z
            pattern: iso,       2026-01-31T12:00:00Z, 2026-01-31T12:00:00Z
            """)
    void readsTimesThatNeedNoZone(String form, String text, Instant expected) throws Exception {
        assertThat(read(time(form), text)).isEqualTo(expected);
    }

    @Test
    void readsPatternsWithAZoneOfTheirOwn() throws Exception {
        assertThat(read(time("pattern: 'dd.MM.yyyy HH:mm:ss.SSS XXX'"), "31.01.2026 12:00:00.250 +08:00"))
                .isEqualTo(Instant.parse("2026-01-31T04:00:00.250Z"));
        assertThat(read(time("pattern: 'yyyy-MM-dd HH:mm VV'"), "2026-07-31 12:00 Europe/London"))
                .isEqualTo(Instant.parse("2026-07-31T11:00:00Z"));
    }

    @Test
    void readsTwelveHourClocks() throws Exception {
        MappingTime time = time("pattern: 'M/d/yyyy h:mm a', zone: UTC");
        assertThat(read(time, "7/4/2026 12:05 AM")).isEqualTo(Instant.parse("2026-07-04T00:05:00Z"));
        assertThat(read(time, "7/4/2026 1:05 PM")).isEqualTo(Instant.parse("2026-07-04T13:05:00Z"));
    }

    @Test
    void takesTheYearThatIsGiven() throws Exception {
        MappingTime time = time("pattern: M-d, year: 2014, zone: Asia/Shanghai");
        assertThat(read(time, "4-15")).isEqualTo(Instant.parse("2014-04-14T16:00:00Z"));
        assertThat(read(time, "8-15")).isEqualTo(Instant.parse("2014-08-14T16:00:00Z"));
    }

    @Test
    void movesTimesThatAClockChangeLeavesOutForward() throws Exception {
        // 2011-03-27: 00:59:59 UTC is 00:59:59, one second later is 02:00:00
        assertThat(read(LONDON, "2011-03-27 00:59:59")).isEqualTo(Instant.parse("2011-03-27T00:59:59Z"));
        assertThat(read(LONDON, "2011-03-27 01:30:00")).isEqualTo(Instant.parse("2011-03-27T01:30:00Z"));
        assertThat(read(LONDON, "2011-03-27 02:30:00")).isEqualTo(Instant.parse("2011-03-27T01:30:00Z"));
    }

    @Test
    void takesTheEarlierOfTimesThatComeTwice() throws Exception {
        // 2011-10-30: 01:30 came at 00:30 UTC in summer time and again at 01:30 UTC
        assertThat(read(LONDON, "2011-10-30 01:30:00")).isEqualTo(Instant.parse("2011-10-30T00:30:00Z"));
        assertThat(read(LONDON, "2011-10-30 02:00:00")).isEqualTo(Instant.parse("2011-10-30T02:00:00Z"));
    }

    @Property
    void givesBackEpochTimes(@ForAll @LongRange(min = -99_999_999_999_999L, max = 99_999_999_999_999L) long millis)
            throws Exception {
        assertThat(millis(MILLIS, Long.toString(millis))).isEqualTo(millis);
        assertThat(millis(MICROS, millis + "000")).isEqualTo(millis);
        String decimals = BigDecimal.valueOf(millis, 3).toPlainString();
        assertThat(millis(SECONDS, decimals)).isEqualTo(millis);
    }

    @Property
    void givesBackLocalTimesAsJavaTimeDoes(
            @ForAll @IntRange(min = 0, max = 40_000) int day, @ForAll @IntRange(min = 0, max = 86_399) int second)
            throws Exception {
        LocalDateTime local = LocalDate.ofEpochDay(day).atStartOfDay().plusSeconds(second);
        String text = local.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        Instant expected = local.atZone(ZoneId.of("Europe/London")).toInstant();
        assertThat(read(LONDON, text)).isEqualTo(expected);
    }

    private static MappingTime time(String form) {
        ConfigNode root = ConfigNode.parse("m.yaml", "time: {column: t, " + form + "}");
        return MappingTime.read(root.get("time"), "eventTime", COLUMNS);
    }

    private static Instant read(MappingTime time, String text) throws RejectedRecordException {
        return Instant.ofEpochMilli(millis(time, text));
    }

    private static long millis(MappingTime time, String text) throws RejectedRecordException {
        return time.millis(new MappingRow(COLUMNS, new String[] {text}, 1));
    }
}
