package io.liveprofile.sizing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The arithmetic as it is done, line by line: what it is of, how it is reckoned, and what comes of it. */
final class Sheet {
    private final List<String> lines = new ArrayList<>();

    void title(String title) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(title);
    }

    /** A line {@code name arithmetic = result}. */
    void add(String name, String result, String arithmetic, Object... values) {
        lines.add(String.format(Locale.ROOT, "  %-23s %s = %s", name, String.format(Locale.ROOT, arithmetic, values), result));
    }

    /** A line that reckons nothing. */
    void say(String name, String text, Object... values) {
        lines.add(String.format(Locale.ROOT, "  %-23s %s", name, String.format(Locale.ROOT, text, values)));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
