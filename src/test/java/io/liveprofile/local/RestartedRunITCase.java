package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.TestingFailingJob;
import io.liveprofile.job.TestingFailingSink;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run of the real job whose task fails and restarts: the balance adds up as if nothing had happened, and no row is in the log. */
class RestartedRunITCase {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private static final String MAPPING = """
            name: rows
            format: csv
            header: false
            columns: [at, user, did, number, price]
            match: all
            skip:
              - {name: probe, when: row.did == 'probe'}
            fields:
              userId: user
              eventTime: {column: at, unit: ms}
              eventId: {template: "{did}-{number}"}
              amountMinor: {column: price, decimals: 0}
              currency: {constant: EUR}
            events:
              - {name: look, when: "row.did in ['look', 'late']", type: VIEW}
              - {name: order, when: row.did == 'buy', type: ORDER}
              - {name: payment, when: row.did == 'buy', type: PAYMENT, eventId: {template: "pay-{number}"}}
            outcomes:
              - {label: fraud, when: row.did == 'fraud', userId: user, time: {column: at, unit: ms}}
            """;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest
    @EnumSource
    void theBalanceAddsUpAfterATaskHasFailed(TestingFailingSink.Point point) throws Exception {
        Rows rows = new Rows(point != TestingFailingSink.Point.IN_A_CHECKPOINT);
        RunSummary summary;
        try (ShippedLog log = ShippedLog.open(directory.resolve("run.log"))) {
            summary = run(point, rows);
            log.assertThatNoLineHas(MarkedTraffic.traces(), "to FAILED");
        }

        assertThat(TestingFailingSink.failures()).isEqualTo(1);
        assertThat(summary.balance().broken()).isEmpty();
        Reading last = summary.last();
        long each = rows.sent / Rows.KINDS;
        assertThat(last.read()).isEqualTo(rows.sent);
        assertThat(last.further()).as("payments").isEqualTo(each);
        assertThat(last.profiled()).as("two kinds of look, order, payment").isEqualTo(4 * each);
        assertThat(last.duplicates()).isEqualTo(each);
        assertThat(last.quarantined()).isEqualTo(each);
        assertThat(last.late()).isEqualTo(each);
        assertThat(last.skipped()).isEqualTo(each);
        assertThat(last.outcomes()).isEqualTo(each);
        assertThat(last.deadLetters()).isEqualTo(each);
        assertThat(last.profiles()).isEqualTo(4 * each);
        assertThat(last.users()).isEqualTo(Rows.USERS);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("Everything adds up.");
    }

    private RunSummary run(TestingFailingSink.Point point, Traffic traffic) throws Exception {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        Configuration options = new Configuration();
        options.set(Options.KEY_FILE, key.toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.MAPPING, Files.writeString(directory.resolve("rows.yaml"), MAPPING).toString());
        Path run = directory.resolve("run");
        RunPlan plan = new RunPlan(
                run, new JobSettings(directory, List.of()), 0, 0, 2, 2, false, 800, null, null, null, Double.POSITIVE_INFINITY, 10_000, 1, 1);
        LiveJob job = new TestingFailingJob(
                options, point, point == TestingFailingSink.Point.AFTER_A_CHECKPOINT ? OFTEN : NEVER);
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false, 120);
        return new LocalRun(plan, job, traffic, console, new StopSignal(), Duration.ofSeconds(30)).run();
    }

    /** Rows of nine kinds in turn, each kind from each user; on and on until the task has failed, then some more. */
    private static final class Rows implements Traffic {
        private static final int KINDS = 9;
        private static final int USERS = 5;
        private static final int MORE = 40 * KINDS;
        private static final int MOST = 10_000 * KINDS;
        private static final long START = 1_750_000_000_000L;
        private static final long TWO_DAYS = 172_800_000L;

        private final boolean isUntilFailure;
        private long end = MORE;
        private boolean failed;
        private volatile long sent;

        Rows(boolean isUntilFailure) {
            this.isUntilFailure = isUntilFailure;
        }

        @Override
        public Message next() {
            if (isUntilFailure && !failed) {
                failed = TestingFailingSink.failures() > 0;
                end = Math.min(MOST, (sent / KINDS + 1) * KINDS + MORE);
            }
            if (sent == end) {
                return null;
            }
            long n = sent;
            sent = n + 1;
            // All kinds from one user, then from the next: what is late or a repeat comes after what it is held against.
            String user = MarkedTraffic.MARK + n / KINDS % USERS;
            long time = START + n * 10_000;
            String row = switch ((int) (n % KINDS)) {
                case 0 -> row(time, user, "look", n, 100);
                case 1 -> row(time - 10_000, user, "look", n - 1, 100);
                case 2 -> row(time, user, "look", n, 100);
                case 3 -> row(time, user, "buy", n, 100);
                case 4 -> row(time, user, "look", n, 1_000_000_000);
                case 5 -> row(time - TWO_DAYS, user, "late", n, 100);
                case 6 -> row(time, user, "probe", n, 100);
                case 7 -> row(time, user, "fraud", n, 100);
                default -> MarkedTraffic.MARK;
            };
            return new Message(Topic.BEHAVIOR_EVENTS, user, row.getBytes(StandardCharsets.UTF_8), time);
        }

        @Override
        public String description() {
            return "rows";
        }

        private static String row(long time, String user, String did, long number, long price) {
            return time + "," + user + "," + did + "," + number + "," + price;
        }
    }
}
