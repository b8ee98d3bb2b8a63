package io.liveprofile.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of this machine that is gone, with all that is in it, once closed. */
public final class TemporaryDirectory implements AutoCloseable {
    private static final String PREFIX = "release-";

    private final Path path;

    private TemporaryDirectory(Path path) {
        this.path = path;
    }

    /** Where the system keeps temporary files. */
    public static TemporaryDirectory create() throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory(PREFIX));
    }

    /** Below {@code parent}, which is made where it is not there. */
    static TemporaryDirectory below(Path parent) throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory(Files.createDirectories(parent), PREFIX));
    }

    public Path path() {
        return path;
    }

    /** Never throws, so that it hides no other failure: what cannot be deleted is left behind, under a name nobody reads. */
    @Override
    public void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // Left behind.
        }
    }
}
