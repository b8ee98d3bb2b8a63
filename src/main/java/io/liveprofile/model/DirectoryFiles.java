package io.liveprofile.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A model store in a directory of a local or shared POSIX file system. A release is written and synced in
 * {@code staging/…}, which is never read, and then renamed: it appears whole, also after a power cut, and whoever renames
 * first has the id. Readers read it where it lies.
 */
final class DirectoryFiles implements StoreFiles {
    private final Path directory;
    private final Path releases;

    DirectoryFiles(Path directory) {
        this.directory = directory;
        this.releases = directory.resolve("releases");
    }

    @Override
    public List<String> names() throws IOException {
        if (!Files.isDirectory(releases)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(releases)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** A directory without a manifest is a release that somebody broke, not one that is being written. */
    @Override
    public boolean isReleased(String id) {
        return Files.isDirectory(releases.resolve(id));
    }

    @Override
    public Optional<String> manifest(String id) throws IOException {
        try {
            return Optional.of(Files.readString(releases.resolve(id).resolve(Manifest.FILE)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public <T> T read(String id, Set<String> files, Function<Path, T> reader) {
        return reader.apply(releases.resolve(id));
    }

    @Override
    public TemporaryDirectory stage() throws IOException {
        return TemporaryDirectory.below(directory.resolve("staging"));
    }

    @Override
    public boolean publish(Path staged, String id, String manifest) throws IOException {
        Files.createDirectories(releases);
        Files.writeString(staged.resolve(Manifest.FILE), manifest);
        sync(staged);
        if (!renamed(staged, releases.resolve(id))) {
            return false;
        }
        syncDirectory(releases);
        return true;
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** False when another writer took the id first. */
    private static boolean renamed(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileSystemException e) {
            if (Files.exists(to)) {
                return false;
            }
            throw e;
        }
    }

    /** Data and names on disk before the rename, so that a power cut cannot leave a release of empty files. */
    private static void sync(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.toList();
        }
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                syncDirectory(path);
            } else {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
