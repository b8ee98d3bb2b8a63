package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be run as asked is said in one line before anything starts. */
class RunCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter err = new StringWriter();

    @Test
    void aWrongSettingIsNamedWithItsSource() {
        assertThat(run("--set", "score.max-row=5")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("error: --set: score.max-row: unknown option; allowed: [kafka.bootstrap-servers, ")
                .hasLineCount(1);
        assertThat(run("--set", "score.max-rows=5", "--set", "late.allowed=2")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines(
                "error: --set: late.allowed = '2': must be a duration such as 500 ms, 10 s, 5 min, 1 h or 30 d");
        assertThat(run("--set", "anomaly.rate.hard-max=3")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines(
                "error: anomaly.rate.hard-max = '3': must be at least anomaly.rate.always-allowed (30)");
        assertThat(run("--set", "delivery")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("error: --set: 'delivery': must be KEY=VALUE");
    }

    @Test
    void aWrongOptionIsNamedInOneLine() {
        assertThat(run("--parallelism", "two")).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: Invalid value for option '--parallelism'").hasLineCount(1);
        assertThat(run("--paralelism", "2")).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: Unknown option").contains("--paralelism").hasLineCount(1);
        assertThat(run("--speed", "10")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines(
                "error: SPEED is given without DATA: RATE is how fast the simulation goes");
    }

    @Test
    void brokersThatNobodyCouldReachAreRefusedThoughTheRunHasItsOwn() throws Exception {
        Path file = Files.writeString(directory.resolve("liveprofile.yaml"), "kafka:\n  bootstrap-servers: host:99999\n");
        assertThat(run("--conf", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("error: " + file + ":2: kafka.bootstrap-servers = 'host:99999':"
                + " must be brokers as host:port, comma-separated, ports from 1 to 65535, such as 127.0.0.1:9092");
    }

    @Test
    void aHistoryThatCannotBeReadIsNamedAndNothingIsStarted() throws Exception {
        Path mapping = Files.writeString(directory.resolve("shop.yaml"), """
                name: shop
                format: csv
                header: false
                columns: [t, user]
                events:
                  - {userId: user, eventTime: {column: t, unit: ms}, type: VIEW}
                """);
        String path = "backfill.path=" + directory.resolve("nowhere");
        assertThat(run("--set", path)).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines(
                "error: backfill.mapping = '': must be a mapping file, which backfill.path needs");
        assertThat(run("--set", path, "--set", "backfill.mapping=" + mapping, "--set", "backfill.until=2026-01-01T00:00:00Z"))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("error: " + path.replace("=", " = '")
                + "': there is no file or directory " + directory.resolve("nowhere"));
        assertThat(directory.resolve("run")).doesNotExist();
    }

    private int run(String... arguments) {
        err.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 7];
        System.arraycopy(new String[] {"run", "--dir", directory.resolve("run").toString(), "--kafka-port", "0",
                "--flink-port", "0"}, 0, all, 0, 7);
        System.arraycopy(arguments, 0, all, 7, arguments.length);
        return Liveprofile.commandLine(new BuiltInParts()).setErr(new PrintWriter(err, true)).execute(all);
    }
}
