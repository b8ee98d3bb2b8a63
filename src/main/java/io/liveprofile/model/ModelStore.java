package io.liveprofile.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Immutable releases in a directory of a local or shared POSIX file system:
 *
 * <pre>
 * releases/r000001/manifest.json
 * releases/r000001/saved_model/…
 * staging/…                        releases being written; what a crash leaves there is never read
 * </pre>
 *
 * <p>A release appears whole or not at all: it is written and synced in {@code staging} and then renamed. Two writers get
 * two ids, as renaming onto a release fails. Thread-safe.
 */
public final class ModelStore {
    static final String SAVED_MODEL = "saved_model";
    private static final String ID = "r\\d{6,9}";

    private final Path directory;
    private final Path releases;

    public ModelStore(Path directory) {
        this.directory = directory;
        this.releases = directory.resolve("releases");
    }

    /**
     * Writes a release.
     *
     * @param writer writes the SavedModel into the directory it is given, which does not exist yet
     * @return the manifest with the id given
     */
    public Manifest publish(Manifest.Draft draft, Consumer<Path> writer) {
        Path staged = null;
        try {
            Files.createDirectories(releases);
            staged = Files.createTempDirectory(Files.createDirectories(directory.resolve("staging")), "release-");
            writer.accept(staged.resolve(SAVED_MODEL));
            SortedMap<String, String> files = Sha256.ofFiles(staged, Manifest.FILE);
            if (!files.containsKey(SAVED_MODEL + "/saved_model.pb")) {
                throw new ReleaseException("Nothing to release: no " + SAVED_MODEL + "/saved_model.pb was written");
            }
            while (true) {
                Manifest manifest = Manifest.of(nextId(), draft, files);
                Files.writeString(staged.resolve(Manifest.FILE), manifest.toJson(), StandardCharsets.UTF_8);
                sync(staged);
                if (renamed(staged, releases.resolve(manifest.id()))) {
                    syncDirectory(releases);
                    return manifest;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Writing a release to " + directory + " failed: " + e.getMessage(), e);
        } finally {
            deleteQuietly(staged);
        }
    }

    /** Ids of all releases, oldest first; empty when the store does not exist yet. */
    public List<String> releaseIds() {
        if (!Files.isDirectory(releases)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(releases)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(ID))
                    .sorted(Comparator.comparingInt(ModelStore::number))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + releases + " failed: " + e.getMessage(), e);
        }
    }

    /**
     * The newest release, or nothing when there is none.
     *
     * @throws ReleaseException when the newest release has no usable manifest; an older one never takes its place
     *     silently
     */
    public Optional<Manifest> latest() {
        List<String> ids = releaseIds();
        return ids.isEmpty() ? Optional.empty() : Optional.of(manifest(ids.get(ids.size() - 1)));
    }

    /**
     * The manifest of a release, its seal checked.
     *
     * @throws ReleaseException when the release or its manifest is missing or broken
     */
    public Manifest manifest(String id) {
        Path release = release(id);
        try {
            Manifest manifest = Manifest.parse(Files.readString(release.resolve(Manifest.FILE)));
            if (!manifest.id().equals(id)) {
                throw new ReleaseException(Manifest.FILE + " is that of " + manifest.id());
            }
            return manifest;
        } catch (NoSuchFileException e) {
            throw broken(id, Files.isDirectory(release) ? Manifest.FILE + " is missing" : "there is no such release", e);
        } catch (IOException e) {
            throw broken(id, Manifest.FILE + " cannot be read", e);
        } catch (ReleaseException e) {
            throw broken(id, e.getMessage(), e);
        }
    }

    /**
     * The SavedModel of a release, after every file was compared with its digest in the manifest.
     *
     * @throws ReleaseException when the release is missing or broken, or a file is missing, changed or was added
     */
    public Path verifiedSavedModel(Manifest manifest) {
        SortedMap<String, String> found;
        try {
            found = Sha256.ofFiles(release(manifest.id()), Manifest.FILE);
        } catch (IOException | UncheckedIOException e) {
            throw broken(manifest.id(), "its files cannot be read", e);
        }
        TreeSet<String> names = new TreeSet<>(manifest.files().keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            if (!found.containsKey(name)) {
                throw broken(manifest.id(), name + " is missing", null);
            }
            if (!manifest.files().containsKey(name)) {
                throw broken(manifest.id(), name + " is not part of the release", null);
            }
            if (!manifest.files().get(name).equals(found.get(name))) {
                throw broken(manifest.id(), name + " was changed after the release: its sha256 differs", null);
            }
        }
        return release(manifest.id()).resolve(SAVED_MODEL);
    }

    private Path release(String id) {
        if (!id.matches(ID)) { // also keeps an id from leaving the store's directory
            throw new ReleaseException("'" + id + "' is not a release id, which is r and six digits");
        }
        return releases.resolve(id);
    }

    private String nextId() {
        List<String> ids = releaseIds();
        return "r%06d".formatted(ids.isEmpty() ? 1 : number(ids.get(ids.size() - 1)) + 1);
    }

    private ReleaseException broken(String id, String what, Throwable cause) {
        return new ReleaseException("Release " + id + " in " + directory + " cannot be used: " + what, cause);
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
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

    private static void deleteQuietly(Path directory) {
        if (directory == null || !Files.exists(directory)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // Left behind in staging, which nobody reads.
        }
    }
}
