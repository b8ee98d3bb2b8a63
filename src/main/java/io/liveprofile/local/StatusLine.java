package io.liveprofile.local;

import java.time.Duration;

/**
 * One line that says how a run is doing.
 *
 * @param elapsed since the first event
 * @param eventsPerSecond read by the job since the line before
 * @param profilesPerSecond published since the line before
 * @param lag events on the broker that the job has not read
 */
record StatusLine(Duration elapsed, double eventsPerSecond, double profilesPerSecond, long lag, Reading reading) {

    /** Compares two readings. */
    static StatusLine between(Reading before, Reading now, Duration apart, Duration elapsed, long lag) {
        double seconds = Math.max(1e-3, apart.toNanos() / 1e9);
        return new StatusLine(
                elapsed,
                Math.max(0, now.read() - before.read()) / seconds,
                Math.max(0, now.profiles() - before.profiles()) / seconds,
                lag,
                now);
    }

    String text() {
        return Figures.clock(elapsed)
                + " | " + Figures.grouped(Math.round(eventsPerSecond)) + " events/s"
                + " | " + Figures.grouped(Math.round(profilesPerSecond)) + " profiles/s"
                + " | " + Figures.counted(reading.users(), "user")
                + " | " + Figures.counted(reading.alerts(), "alert")
                + " | " + Figures.counted(reading.deadLetters(), "dead letter")
                + " | lag " + Figures.grouped(lag)
                + " | p99 " + Figures.millis(reading.latencyP99Millis())
                + " | model " + (reading.release().isEmpty() ? "none" : reading.release())
                + " | " + Figures.counted(reading.examples(), "example");
    }
}
