package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import io.liveprofile.job.Options;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LocalRunITCase {
    private static final double MAX = Double.POSITIVE_INFINITY;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final StopSignal stop = new StopSignal();
    private Duration stalled = Duration.ofSeconds(8);

    @Test
    void runsToTheEndOfTheDataThenGoesOnWithWhatItKept() throws Exception {
        // 1,000 messages, every tenth broken: 900 profiled, 100 dead letters.
        TestingTraffic traffic = new TestingTraffic(1_000, true);
        RunSummary first = run(plan(false, MAX, null), new TestingJob(false), traffic);
        assertThat(first.balance().broken()).isEmpty();
        assertThat(first.exitCode()).isZero();
        assertThat(first.last().read()).isEqualTo(1_000);
        assertThat(first.last().profiled()).isEqualTo(900);
        assertThat(first.last().deadLetters()).isEqualTo(100);
        assertThat(first.last().users()).isEqualTo(TestingTraffic.USERS);
        assertThat(first.last().release()).isEqualTo("r-0007");
        assertThat(first.last().latencyP99Millis()).isNotNegative();
        assertThat(traffic.isClosed()).isTrue();
        assertThat(text()).contains("Flink web UI  http://127.0.0.1:", "Everything adds up.");

        JsonNode json = RunDirectory.read(directory.resolve("summary.json"));
        assertThat(json.path("addsUp").asBoolean()).isTrue();
        assertThat(json.path("counters").path("profiled").asLong()).isEqualTo(900);
        assertThat(directory.resolve("run.json")).doesNotExist();

        // 200 more: the counters and the profile versions go on from the kept state.
        RunSummary second = run(plan(true, MAX, null), new TestingJob(false), new TestingTraffic(200, false));
        assertThat(second.balance().broken()).isEmpty();
        assertThat(second.last().read()).isEqualTo(1_200);
        assertThat(second.events()).isEqualTo(200);

        assertThat(profile("user-0")).isZero();
        // user-0 sends every 7th of 1,000 messages, 143, and of 200, 29; every tenth of those is broken.
        assertThat(text()).contains("\"version\": " + ((143 - 14) + (29 - 3)));
    }

    /** As after a hard kill of a first run: the broker knows how far it had read, and its state is gone. */
    @Test
    void keptDataWithoutItsStateIsReadFromTheBeginning() throws Exception {
        JobSettings settings = new JobSettings(Path.of("flink-conf"),
                List.of("privacy.key-file=" + directory.resolve("key.json"), "model.store="));
        RunPlan plan = new RunPlan(
                directory, settings, 0, 0, 2, 2, true, MAX, null, null, null, MAX, 10_000, 1, 1);
        LiveJob job = new BuiltInParts().job(plan);
        assertThat(run(plan, job, new TestingTraffic(300, false)).balance().broken()).isEmpty();
        assertThat(directory.resolve("savepoints").toFile().renameTo(directory.resolve("lost").toFile())).isTrue();
        commitAllOffsets();

        RunSummary second = run(plan, job, new TestingTraffic(10, false));
        assertThat(second.balance().broken()).isEmpty();
        assertThat(second.last().read()).isEqualTo(310);
    }

    /** The boundary lies behind the first 50 messages of the traffic, 45 of which are events. */
    @Test
    void aHistoryIsReadBeforeTheTrafficAndEntersTheBalance() throws Exception {
        stalled = Duration.ofSeconds(60); // the live stream begins with a checkpoint, which comes every ten seconds
        long start = 1_700_000_000_000L;
        StringBuilder rows = new StringBuilder("no row\n");
        for (int n = 0; n < 220; n++) {
            rows.append(start + 500 + (n - 200) * 60_000L).append(",user-").append(n % 10).append('\n');
        }
        Path history = Files.writeString(directory.resolve("history.csv"), rows);
        Path mapping = Files.writeString(directory.resolve("history.yaml"), """
                name: old-shop
                format: csv
                header: false
                columns: [at, user]
                events:
                  - {userId: user, eventTime: {column: at, unit: ms}, type: VIEW}
                """);
        JobSettings settings = new JobSettings(Path.of("flink-conf"), List.of(
                "privacy.key-file=" + directory.resolve("key.json"),
                "model.store=",
                "backfill.path=" + history,
                "backfill.mapping=" + mapping,
                "backfill.until=" + Instant.ofEpochMilli(start + 500)));
        RunPlan first = new RunPlan(
                directory.resolve("run"), settings, 0, 0, 2, 2, false, MAX, null, null, null, MAX, 10_000, 1, 1);
        RunSummary summary = run(first, new BuiltInParts().job(first), new TestingTraffic(300, false));
        assertThat(summary.balance().broken()).isEmpty();
        assertThat(summary.last().read()).isEqualTo(300 + 221);
        assertThat(summary.last().history()).isEqualTo(221);
        assertThat(summary.last().outsideBackfill()).isEqualTo(20 + 45);
        assertThat(summary.last().deadLetters()).isEqualTo(1 + 30);
        assertThat(summary.last().users()).isEqualTo(10);
        assertThat(text()).contains("read 521 = 300 on the topic + 221 history rows");

        Files.delete(history);
        RunPlan second = new RunPlan(
                directory.resolve("run"), settings, 0, 0, 2, 2, true, MAX, null, null, null, MAX, 10_000, 1, 1);
        RunSummary later = run(second, new BuiltInParts().job(second), new TestingTraffic(10, false));
        assertThat(later.balance().broken()).isEmpty();
        assertThat(later.last().read()).isEqualTo(310 + 221);
        assertThat(later.last().outsideBackfill()).isEqualTo(20 + 45 + 9);
    }

    @Test
    void aLostEventIsNamedAndTheExitCodeSaysSo() throws Exception {
        RunSummary summary = run(plan(false, MAX, null), new TestingJob(true), new TestingTraffic(50, false));
        assertThat(summary.exitCode()).isEqualTo(1);
        assertThat(summary.balance().broken()).extracting(Balance.Check::name).containsExactly("events");
        assertThat(text()).contains("It does not add up.");
    }

    @Test
    void endsWhenTheTimeIsOverAndShowsItsStatusMeanwhile() throws Exception {
        RunSummary summary = run(
                plan(false, 200, Duration.ofSeconds(6)), new TestingJob(false), new TestingTraffic(1_000_000, false));
        assertThat(summary.exitCode()).isZero();
        // 200 a second for 6 s, give or take a starved machine.
        assertThat(summary.events()).isBetween(400L, 1_300L);
        assertThat(text()).contains(" events/s | ", " profiles/s | 7 users | 0 alerts | ", " | model r-0007 | 0 examples | Flink http://127.0.0.1:");
    }

    @Test
    void aJobThatFailsForGoodEndsTheRunWithItsReason() {
        Traffic poison = new Traffic() {
            @Override
            public Message next() {
                return new Message(Topic.BEHAVIOR_EVENTS, "user", new byte[] {TestingJob.POISON}, 0);
            }

            @Override
            public String description() {
                return "poison";
            }
        };
        assertThatThrownBy(() -> run(plan(false, 10, null), new TestingJob(false), poison))
                .isInstanceOf(RunFailedException.class)
                .hasMessage("the job failed: poison at the stub");
        assertThat(directory.resolve("run.json")).doesNotExist();
    }

    @Test
    void trafficThatFailsEndsTheRunWithItsReason() {
        Traffic broken = new Traffic() {
            @Override
            public Message next() throws Exception {
                throw new java.io.IOException("line 7 cannot be read");
            }

            @Override
            public String description() {
                return "broken";
            }
        };
        assertThatThrownBy(() -> run(plan(false, 10, null), new TestingJob(false), broken))
                .isInstanceOf(RunFailedException.class)
                .hasMessage("the traffic failed: line 7 cannot be read");
    }

    @Test
    void twoRunsInOneDirectoryAreRefused() {
        try (RunDirectory held = RunDirectory.hold(directory)) {
            assertThat(held.kafka()).doesNotExist();
            assertThatThrownBy(() -> run(plan(false, MAX, null), new TestingJob(false), new TestingTraffic(1, false)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("another run is using " + directory);
        }
    }

    private RunSummary run(RunPlan plan, LiveJob job, Traffic traffic) throws Exception {
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false, 120);
        return new LocalRun(plan, job, traffic, console, stop, stalled).run();
    }

    /** As a job does that dies after its last checkpoint. */
    private void commitAllOffsets() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> ends = Map.of(
                    new TopicPartition(Topic.BEHAVIOR_EVENTS.topicName(), 0), OffsetSpec.latest(),
                    new TopicPartition(Topic.BEHAVIOR_EVENTS.topicName(), 1), OffsetSpec.latest());
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            admin.listOffsets(ends).all().get().forEach(
                    (partition, end) -> offsets.put(partition, new OffsetAndMetadata(end.offset())));
            assertThat(offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum()).isEqualTo(300);
            admin.alterConsumerGroupOffsets(Options.KAFKA_GROUP.defaultValue(), offsets).all().get();
        }
    }

    private RunPlan plan(boolean keep, double rate, Duration duration) {
        return new RunPlan(directory, new JobSettings(directory, List.of()), 0, 0, 2, 2, keep, rate, duration, null, null, MAX,
                10_000, 1, 1);
    }

    private int profile(String user) {
        StringWriter out = new StringWriter();
        CommandLine line = Liveprofile.commandLine(new TestingParts());
        int code = line.setOut(new PrintWriter(out)).execute("profile", user, "--dir", directory.toString());
        printed.writeBytes(out.toString().getBytes(StandardCharsets.UTF_8));
        return code;
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
