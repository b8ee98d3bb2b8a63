package io.liveprofile.ingest;

import io.liveprofile.config.ConfigNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Reads a time out of a row as milliseconds since 1970-01-01 UTC, fractions of a millisecond cut towards the past.
 *
 * <p>Local times follow java.time: one that a clock change leaves out moves forward by the length of the gap, one that
 * comes twice is the earlier.
 */
final class MappingTime {
    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2014, 7, 8, 9, 10, 11, 0, ZoneOffset.UTC);

    private final int column;
    private final String what;
    private final Form form;

    private MappingTime(int column, String what, Form form) {
        this.column = column;
        this.what = what;
        this.form = form;
    }

    private interface Form {
        /** @throws RuntimeException DateTimeException, NumberFormatException or ArithmeticException when no time */
        long millis(String text);
    }

    static MappingTime read(ConfigNode node, String field, MappingColumns columns) {
        if (node.isScalar()) {
            columns.index(node);
            throw node.error("must say how the time is written: {column: " + node.text()
                    + ", unit: ms} or {column: " + node.text() + ", pattern: ..., zone: ...}");
        }
        node.rejectOtherKeys("column", "unit", "pattern", "zone", "year");
        int column = columns.index(node.get("column"));
        String what = field + " (column " + columns.name(column) + ")";
        Form form = MappingScope.onlyOne(node, "unit", "pattern").equals("unit") ? epoch(node) : pattern(node);
        return new MappingTime(column, what, form);
    }

    /**
     * @throws RejectedRecordException {@code missing-field} when the column is empty, {@code bad-time} when it is not
     *     written as the mapping says
     */
    long millis(MappingRow row) throws RejectedRecordException {
        String text = row.value(column);
        if (text.isEmpty()) {
            throw new RejectedRecordException("missing-field", what + " is empty");
        }
        try {
            return form.millis(text);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new RejectedRecordException("bad-time", what + " is not written as the mapping says");
        }
    }

    private static Form epoch(ConfigNode node) {
        node.rejectOtherKeys("column", "unit");
        int places = switch (node.get("unit").text()) {
            case "s" -> 3;
            case "ms" -> 0;
            case "us" -> -3;
            case "ns" -> -6;
            default -> throw node.get("unit").error("must be one of s, ms, us, ns (since 1970-01-01 UTC)");
        };
        return text -> epochMillis(text, places);
    }

    /** {@code text} times 10 to the {@code places}, exactly. */
    private static long epochMillis(String text, int places) {
        if (text.length() <= 15 && places >= 0 && text.indexOf('.') < 0) {
            long number = Long.parseLong(text);
            return places == 0 ? number : Math.multiplyExact(number, 1000L);
        }
        if (text.length() > 40) {
            throw new NumberFormatException("too long");
        }
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > 40) {
            throw new NumberFormatException("exponent too large");
        }
        return number.scaleByPowerOfTen(places).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    private static Form pattern(ConfigNode node) {
        ConfigNode patternNode = node.get("pattern");
        if (patternNode.text().equals("iso")) {
            node.rejectOtherKeys("column", "pattern");
            return text -> Instant.from(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text)).toEpochMilli();
        }
        String letters = lettersOf(patternNode.text());
        boolean hasYear = hasAny(letters, "yuY");
        boolean hasZone = hasAny(letters, "VvzOXxZ");
        if (hasYear == node.has("year")) {
            throw hasYear ? node.get("year").error("not allowed: the pattern has a year")
                    : patternNode.error("has no year; give it as year: YYYY");
        }
        if (hasZone == node.has("zone")) {
            throw hasZone ? node.get("zone").error("not allowed: the pattern has a zone")
                    : patternNode.error("has no zone; give it as zone: UTC, Europe/London, +08:00 ...");
        }
        DateTimeFormatter formatter = formatter(node, patternNode, letters);
        ToLongFunction<TemporalAccessor> instant;
        if (hasZone) {
            instant = time -> ZonedDateTime.from(time).toInstant().toEpochMilli();
        } else {
            ZoneId zone = zone(node.get("zone"));
            instant = time -> LocalDateTime.from(time).atZone(zone).toInstant().toEpochMilli();
        }
        try {
            instant.applyAsLong(formatter.parse(formatter.format(SAMPLE)));
        } catch (DateTimeException e) {
            throw patternNode.error("does not give a whole date (month and day at least)");
        }
        return text -> instant.applyAsLong(formatter.parse(text));
    }

    private static DateTimeFormatter formatter(ConfigNode node, ConfigNode patternNode, String letters) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        try {
            builder.appendPattern(patternNode.text());
        } catch (IllegalArgumentException e) {
            throw patternNode.error("not a pattern of java.time.format.DateTimeFormatter: " + e.getMessage());
        }
        if (node.has("year")) {
            builder.parseDefaulting(ChronoField.YEAR, node.get("year").wholeNumber(1970, 9999));
        } else if (letters.indexOf('y') >= 0 && letters.indexOf('G') < 0) {
            builder.parseDefaulting(ChronoField.ERA, 1); // strict resolution wants it beside a year-of-era
        }
        defaultTo0(builder, letters, "HkKhAN", ChronoField.HOUR_OF_DAY);
        defaultTo0(builder, letters, "mAN", ChronoField.MINUTE_OF_HOUR);
        defaultTo0(builder, letters, "sAN", ChronoField.SECOND_OF_MINUTE);
        return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static void defaultTo0(
            DateTimeFormatterBuilder builder, String letters, String unless, ChronoField field) {
        if (!hasAny(letters, unless)) {
            builder.parseDefaulting(field, 0);
        }
    }

    private static ZoneId zone(ConfigNode node) {
        try {
            return ZoneId.of(node.text());
        } catch (DateTimeException e) {
            throw node.error("must be a zone such as UTC, Europe/London or +08:00");
        }
    }

    private static boolean hasAny(String letters, String wanted) {
        return letters.chars().anyMatch(c -> wanted.indexOf(c) >= 0);
    }

    /** The pattern without its quoted texts. */
    private static String lettersOf(String pattern) {
        return pattern.replaceAll("'[^']*'", "");
    }
}
