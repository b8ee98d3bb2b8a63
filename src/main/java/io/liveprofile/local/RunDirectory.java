package io.liveprofile.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a run keeps everything it writes. At most one process holds it. */
public final class RunDirectory implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private RunDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Holds the directory until closed; null when another process, or this one, holds it. */
    public static RunDirectory tryHold(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return new RunDirectory(path, channel, lock);
                }
            } catch (OverlappingFileLockException e) {
                // Held by this JVM: the same answer.
            }
            channel.close();
            return null;
        } catch (IOException e) {
            throw new ConfigException("run directory " + path + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** @throws ConfigException when a run is using the directory */
    public static RunDirectory hold(Path path) {
        RunDirectory held = tryHold(path);
        if (held == null) {
            throw new ConfigException("another run is using " + path + ": end it first, or choose another with --dir (make: ARGS=--dir=DIR)");
        }
        return held;
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    public Path savepoints() {
        return path.resolve("savepoints");
    }

    public Path temporary() {
        return path.resolve("tmp");
    }

    public Path summary() {
        return path.resolve("summary.json");
    }

    /** What the parts of a run have to say. */
    static Path log(Path directory) {
        return directory.resolve("liveprofile.log");
    }

    /** Where a run that is going on can be reached. */
    public static Path addresses(Path directory) {
        return directory.resolve("run.json");
    }

    /** Removes what the last run left; its data and state too unless they are to be kept. */
    public void prepare(boolean keep) {
        delete(addresses(path));
        delete(summary());
        delete(temporary());
        delete(checkpoints());
        empty(log(path));
        if (!keep) {
            delete(kafka());
            delete(savepoints());
        }
    }

    /** The savepoint the last run ended with; null when it left none. */
    public Path lastSavepoint() {
        if (!Files.isDirectory(savepoints())) {
            return null;
        }
        try (Stream<Path> found = Files.list(savepoints())) {
            return found.filter(p -> Files.exists(p.resolve("_metadata")))
                    .max(Comparator.comparing(RunDirectory::modifiedMillis))
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes every savepoint but that one. */
    public void keepOnly(Path savepoint) {
        try (Stream<Path> found = Files.list(savepoints())) {
            found.filter(p -> !p.getFileName().equals(savepoint.getFileName())).toList().forEach(RunDirectory::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reader sees the whole old or the whole new file. */
    public static void write(Path file, JsonNode json) {
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, JSON.writeValueAsString(json) + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    public static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(addresses(path));
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long modifiedMillis(Path file) {
        return file.toFile().lastModified();
    }

    private static void empty(Path file) {
        try {
            if (Files.exists(file)) {
                Files.write(file, new byte[0]);
            }
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new ConfigException(path + " cannot be removed: " + e.getMessage(), e);
        }
    }
}
