package io.liveprofile.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What the sections of one run of the benchmark share. */
record Run(Scale scale, Path directory, Measurer measurer, Jobs jobs, Results results, Report report, long beginNanos) {

    /** Tells what comes now. */
    void begin(String section, int round, int rounds) {
        System.out.printf(Locale.ROOT, "%s, round %d of %d …%n", section, round + 1, rounds);
    }

    /** Whether so much of the time that the whole run may take is over; what is left out for it is told. */
    boolean isBeyond(double share, String leftOut) {
        boolean isBeyond = elapsed().toNanos() > share * scale.limit().toNanos();
        if (isBeyond) {
            report.note("left out, as the machine was too slow for the time there is: " + leftOut);
        }
        return isBeyond;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    void measure(Job job) throws Exception {
        results.addAll(measurer.measure(job));
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
