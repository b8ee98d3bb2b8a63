package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is known by number and start, and none but it is ended. */
class RunningProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Process child;

    @AfterEach
    void endTheChild() {
        if (child != null) {
            child.destroyForcibly();
        }
    }

    @Test
    void whatWasWrittenFindsTheProcessAgain() throws Exception {
        RunningProcess running = start();
        running.write(directory);
        assertThat(RunningProcess.read(directory, "sleeper")).contains(running);
        assertThat(running.isAlive()).isTrue();

        running.end(LIMIT);
        assertThat(child.isAlive()).isFalse();
        assertThat(running.isAlive()).isFalse();
        running.end(LIMIT);

        RunningProcess.forget(directory, "sleeper");
        assertThat(RunningProcess.read(directory, "sleeper")).isEmpty();
    }

    @Test
    void anotherProcessThatGotTheNumberLaterIsLeftAlone() throws Exception {
        RunningProcess now = start();
        RunningProcess before = new RunningProcess(now.name(), now.pid(), now.startMillis() - 10_000);
        assertThat(before.isAlive()).isFalse();
        before.end(LIMIT);
        before.kill();
        assertThat(child.isAlive()).isTrue();
    }

    @Test
    void whoDoesNotEndWhenAskedIsEnded() throws Exception {
        child = new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done").start();
        child.getInputStream().read(); // the trap is set
        RunningProcess running = RunningProcess.of("stubborn", child.toHandle());
        running.end(Duration.ofMillis(300));
        assertThat(child.waitFor()).isNotZero();
        assertThat(running.isAlive()).isFalse();
    }

    private RunningProcess start() throws IOException {
        child = new ProcessBuilder("sleep", "60").start();
        return RunningProcess.of("sleeper", child.toHandle());
    }
}
