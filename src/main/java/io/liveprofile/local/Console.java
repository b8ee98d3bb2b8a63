package io.liveprofile.local;
import java.io.PrintStream;

/**
 * Prints lines that stay, and a status that the next one replaces: on a terminal in place and every 2 s, elsewhere as a
 * plain line every 5 s. Not thread-safe.
 */
public final class Console {
    private static final String CLEAR_TO_END = "\u001b[K";
    private static final String LINE_UP = "\u001b[1A";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private int statusLines;

    /** @param columns of the terminal: a status longer than that is cut */
    public Console(PrintStream out, boolean terminal, int columns) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
    }

    /** Standard output; its width from the environment's {@code COLUMNS}, else 120. */
    public static Console standard() {
        int columns = 120;
        try {
            columns = Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "120").trim()));
        } catch (NumberFormatException e) {
            // A width nobody can read is as good as none.
        }
        return new Console(System.out, System.console() != null, columns);
    }

    /** Milliseconds between two status lines. */
    public long statusMillis() {
        return terminal ? 2_000 : 5_000;
    }

    /** Prints a line that stays. */
    public void line(String text) {
        clearStatus();
        out.println(text);
        out.flush();
    }

    /** Replaces the status; its parts stand below each other on a terminal, else on one line. */
    public void status(String... parts) {
        if (!terminal) {
            line(String.join(" | ", parts));
            return;
        }
        clearStatus();
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].length() < columns ? parts[i] : parts[i].substring(0, columns - 1);
            out.print(part + CLEAR_TO_END + (i + 1 < parts.length ? System.lineSeparator() : ""));
        }
        out.flush();
        statusLines = parts.length;
    }

    private void clearStatus() {
        if (statusLines > 0) {
            out.print("\r" + CLEAR_TO_END + (LINE_UP + CLEAR_TO_END).repeat(statusLines - 1));
            statusLines = 0;
        }
    }
}
