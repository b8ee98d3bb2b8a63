package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SizeCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Liveprofile.commandLine(new BuiltInParts());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(errors));
        String[] all = new String[arguments.length + 1];
        all[0] = "size";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return line.execute(all);
    }

    @Test
    void saysWhatItTakesForGrantedWhereNothingIsAsked() {
        assertThat(run()).isZero();
        assertThat(out.toString().lines()).contains("  users                   1,000,000, each with 28 events in 30 d")
                .contains("  events                  10.8 a second, which take 50 % of the cores")
                .contains("Profile job", "Training job", "Kafka");
    }

    @Test
    void rateSaysHowManyEventsAUserHas() {
        assertThat(run("--users", "1_000_000", "--rate", "1,000")).isZero();
        // 1,000 / s x 2,592,000 s / 1,000,000
        assertThat(out.toString().lines()).contains("  users                   1,000,000, each with 2,592 events in 30 d");
    }

    /** Of 16 GiB: overhead 1 GiB, metaspace 256 MiB; of the rest RocksDB 40 %, network 10 %, off heap 512 + 128 MiB. */
    @Test
    void memoryIsDividedAsFlinkDividesIt() {
        assertThat(run("--memory", "16g")).isZero();
        double flink = (16 - 1 - 0.25) * 1024;
        double heap = (flink * (1 - 0.4 - 0.1) - 640) * (1 << 20) / 1e9;
        assertThat(out.toString()).contains(String.format(Locale.ROOT, "heap %.2f GB of which %.2f GB keep users, RocksDB %.2f GB", heap, heap / 5,
                flink * 0.4 * (1 << 20) / 1e9));
    }

    @Test
    void aRateMayBeThatOfAPeakButNotBelowTheAverage() {
        assertThat(run("--events-per-user", "28", "--rate", "5000")).isZero();
        assertThat(run("--events-per-user", "28", "--rate", "10.8")).isZero(); // 10.802, rounded
        assertThat(errors.toString()).isEmpty();
        assertThat(run("--events-per-user", "28", "--rate", "5")).isEqualTo(2);
        assertThat(errors.toString()).isEqualToIgnoringNewLines("error: RATE = '5': EVENTS_PER_USER = '28' events of each of the USERS"
                + " in 30 days are 10.8 a second already");
    }

    @Test
    void wrongValuesAreNamedInOneLine() {
        assertThat(run("--users", "many")).isEqualTo(2);
        assertThat(run("--cores", "1.5")).isEqualTo(2);
        assertThat(run("--memory", "600m")).isEqualTo(2);
        assertThat(run("--memory", "much")).isEqualTo(2);
        assertThat(run("--rate", "1000000")).isEqualTo(2);
        assertThat(run("--cores", "0")).isEqualTo(2);
        assertThat(run("--disk", "0.5")).isEqualTo(2);
        assertThat(run("--bandwidth", "0")).isEqualTo(2);
        assertThat(run("--rate", "5000", "--users", "10")).isEqualTo(2);
        assertThat(errors.toString().lines().toList()).satisfiesExactly(
                line -> assertThat(line).isEqualTo("error: USERS = 'many': must be a number"),
                line -> assertThat(line).isEqualTo("error: CORES = '1.5': must be a whole number"),
                line -> assertThat(line).startsWith("error: MEMORY = '600m': must be a size such as 16g"),
                line -> assertThat(line).startsWith("error: MEMORY = 'much': must be a size such as 16g"),
                line -> assertThat(line).startsWith("error: EVENTS_PER_USER (RATE x 30 d / USERS, if not given): 2,592,000 events of a user in 30 days"),
                line -> assertThat(line).isEqualTo("error: CORES = '0': must be from 1 to 256"),
                line -> assertThat(line).isEqualTo("error: DISK = '0.5': must be from 1 to 1000000 GB"),
                line -> assertThat(line).isEqualTo("error: BANDWIDTH = '0': must be from 1 to 1000000 MB/s"),
                line -> assertThat(line).startsWith("error: EVENTS_PER_USER (RATE x 30 d / USERS, if not given) = '1296000000': must be"));
        assertThat(out.toString()).isEmpty();
    }
}
