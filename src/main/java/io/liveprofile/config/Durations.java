package io.liveprofile.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as a user writes them: a whole number and a unit, {@code 10 s}, {@code 5min}, {@code 30 d}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([a-z]+)");
    private static final Map<String, Long> MILLIS = Map.of(
            "ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Durations() {}

    /**
     * Parses a positive duration.
     *
     * @throws IllegalArgumentException when the text is not a positive whole number and one of ms, s, min, h, d
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        Long unit = matcher.matches() ? MILLIS.get(matcher.group(2)) : null;
        if (unit == null || Long.parseLong(matcher.group(1)) == 0) {
            throw new IllegalArgumentException("must be a positive whole number with a unit: ms, s, min, h or d");
        }
        try {
            return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too long", e);
        }
    }

    /** The shortest text that {@link #parse} reads back, such as {@code 90 s} or {@code 7 d}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "min", "s"}) {
            if (millis % MILLIS.get(unit) == 0) {
                return millis / MILLIS.get(unit) + " " + unit;
            }
        }
        return millis + " ms";
    }
}
