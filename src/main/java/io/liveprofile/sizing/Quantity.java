package io.liveprofile.sizing;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers as a person reads them; sizes in powers of ten, as disks and networks are sold. */
final class Quantity {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int DIGITS = 3;

    private Quantity() {}

    /** Such as {@code 2.57 kB}. */
    static String bytes(double bytes) {
        int unit = 0;
        while (bytes >= 999.5 && unit < UNITS.length - 1) {
            bytes /= 1_000;
            unit++;
        }
        return digits(bytes) + " " + UNITS[unit];
    }

    /** Such as {@code 1,234,567} or {@code 0.82}. */
    static String count(double count) {
        return Math.abs(count) >= 100 ? String.format(Locale.ROOT, "%,.0f", count) : digits(count);
    }

    /** Such as {@code 87 %}. */
    static String percent(double share) {
        return digits(share * 100) + " %";
    }

    /** Such as {@code 45 s}, {@code 12 min}, {@code 3.5 h}, {@code 30 d}. */
    static String time(double seconds) {
        if (seconds < 120) {
            return digits(seconds) + " s";
        }
        if (seconds < 7_200) {
            return digits(seconds / 60) + " min";
        }
        return seconds < 172_800 ? digits(seconds / 3_600) + " h" : digits(seconds / 86_400) + " d";
    }

    /** As one would type it. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Three of them, more before the point. */
    private static String digits(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return plainOrName(value);
        }
        int whole = (int) Math.floor(Math.log10(Math.abs(value))) + 1;
        String text = String.format(Locale.ROOT, "%." + Math.max(0, Math.min(6, DIGITS - Math.max(whole, value < 1 ? whole : 1))) + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    private static String plainOrName(double value) {
        return value == 0 ? "0" : Double.toString(value);
    }
}
