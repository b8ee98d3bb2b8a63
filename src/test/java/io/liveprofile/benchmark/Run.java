package io.liveprofile.benchmark;

import java.nio.file.Path;
import java.util.Locale;

/** What the sections of one run of the benchmark share. */
record Run(Scale scale, Path directory, Measurer measurer, Jobs jobs, Results results, Report report) {

    /** Tells what comes now. */
    void begin(String section, int round, int rounds) {
        System.out.printf(Locale.ROOT, "%s, round %d of %d …%n", section, round + 1, rounds);
    }

    void measure(Job job) throws Exception {
        results.addAll(measurer.measure(job));
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
