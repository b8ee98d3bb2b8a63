package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.liveprofile.local.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that was started here, told from another that got its number later by when it began.
 *
 * @param name of its part in the cluster, such as {@code taskmanager-1}
 * @param startMillis when it began, ms UTC, as the system says
 */
record RunningProcess(String name, long pid, long startMillis) {
    /** The system counts from its boot, whose time may be read a second apart. */
    private static final long START_TOLERANCE_MILLIS = 2_000;

    private static final String SUFFIX = ".json";

    /** @throws IllegalStateException when it has ended already */
    static RunningProcess of(String name, ProcessHandle process) {
        Instant start = process.info().startInstant()
                .orElseThrow(() -> new IllegalStateException(name + " has ended already"));
        return new RunningProcess(name, process.pid(), start.toEpochMilli());
    }

    boolean isAlive() {
        return handle().isPresent();
    }

    /**
     * Whether it had begun by then for certain, so that none before it was meant.
     *
     * @param millis ms UTC
     */
    boolean hadBegun(long millis) {
        return millis > startMillis + START_TOLERANCE_MILLIS;
    }

    /** Asks it to end, and ends it when it has not within the limit; returns when it is gone. */
    void end(Duration limit) throws InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isEmpty()) {
            return;
        }
        handle.get().destroy();
        if (!isGone(handle.get(), limit)) {
            kill();
        }
    }

    /** Ends it at once, as a failing machine would; returns when it is gone. */
    void kill() throws InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isPresent()) {
            handle.get().destroyForcibly();
            isGone(handle.get(), Duration.ofMinutes(1));
        }
    }

    void write(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written", e);
        }
        RunDirectory.write(directory.resolve(name + SUFFIX),
                JsonNodeFactory.instance.objectNode().put("pid", pid).put("startMillis", startMillis));
    }

    /** What was written of that name, whether it still runs or not. */
    static Optional<RunningProcess> read(Path directory, String name) {
        Path file = directory.resolve(name + SUFFIX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode json = RunDirectory.read(file);
        return Optional.of(new RunningProcess(name, json.path("pid").asLong(-1), json.path("startMillis").asLong(-1)));
    }

    static void forget(Path directory, String name) {
        try {
            Files.deleteIfExists(directory.resolve(name + SUFFIX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info().startInstant()
                        .filter(start -> Math.abs(start.toEpochMilli() - startMillis) <= START_TOLERANCE_MILLIS)
                        .isPresent());
    }

    private static boolean isGone(ProcessHandle handle, Duration limit) throws InterruptedException {
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
