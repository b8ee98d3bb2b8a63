package io.liveprofile.local;
import java.time.Duration;

/**
 * How far a replay is.
 *
 * @param done 0 to 1
 * @param perSecond messages a second
 * @param elapsed since the first message
 */
record ProgressBar(double done, double perSecond, Duration elapsed) {
    private static final int WIDTH = 30;

    String text() {
        double share = Math.min(1, Math.max(0, done));
        int full = (int) (share * WIDTH);
        return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "] "
                + (int) (share * 100) + " % | " + Figures.grouped(Math.round(perSecond)) + " rows/s | " + left(share);
    }

    /** Supposes that the rest goes as fast as the part before it. */
    private String left(double share) {
        if (share >= 1) {
            return "done";
        }
        if (share < 0.001) {
            return "time left unknown";
        }
        return Figures.clock(Duration.ofMillis((long) (elapsed.toMillis() / share * (1 - share)))) + " left";
    }
}
