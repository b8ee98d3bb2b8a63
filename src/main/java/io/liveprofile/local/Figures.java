package io.liveprofile.local;

import java.time.Duration;
import java.util.Locale;

/** Numbers and times as a person reads them, the same in every locale. */
public final class Figures {
    private Figures() {}

    /** 1234567 as {@code 1,234,567}. */
    public static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 1 alert}, {@code 1,234 alerts}. */
    public static String counted(long count, String noun) {
        return grouped(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** {@code 04:05}, {@code 1:02:03}; seconds are cut, not rounded. */
    public static String clock(Duration time) {
        long s = Math.max(0, time.toSeconds());
        return s < 3600
                ? String.format(Locale.ROOT, "%02d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    /** {@code 87 ms}, {@code 1.25 s}; {@code -} without a value. */
    static String millis(double millis) {
        if (Double.isNaN(millis)) {
            return "-";
        }
        return millis < 1000
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
}
