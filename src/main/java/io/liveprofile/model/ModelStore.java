package io.liveprofile.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Immutable releases, each a SavedModel and its manifest. A release appears whole or not at all, two writers get two ids,
 * and the newest release is the one with the highest id. What makes that so is for the {@link StoreFiles} to say.
 * What is wrong with a release is a {@link ReleaseException}; an {@link UncheckedIOException} says that it cannot be read now,
 * and may be later. Thread-safe.
 */
public final class ModelStore {
    static final String SAVED_MODEL = "saved_model";
    private static final String ID = "r\\d{6,9}";

    private final StoreFiles files;

    /** A store in a directory of a local or shared POSIX file system. */
    public ModelStore(Path directory) {
        this(new DirectoryFiles(directory));
    }

    public ModelStore(StoreFiles files) {
        this.files = files;
    }

    /**
     * Writes a release.
     *
     * @param writer writes the SavedModel into the directory it is given, which does not exist yet
     * @return the manifest with the id given
     */
    public Manifest publish(Manifest.Draft draft, Consumer<Path> writer) {
        try (TemporaryDirectory staged = files.stage()) {
            writer.accept(staged.path().resolve(SAVED_MODEL));
            SortedMap<String, String> digests = Sha256.ofFiles(staged.path(), Manifest.FILE);
            if (!digests.containsKey(SAVED_MODEL + "/saved_model.pb")) {
                throw new ReleaseException("Nothing to release: no " + SAVED_MODEL + "/saved_model.pb was written");
            }
            List<String> ids = named();
            int number = ids.isEmpty() ? 0 : number(ids.get(ids.size() - 1));
            while (true) {
                number++;
                Manifest manifest = Manifest.of("r%06d".formatted(number), draft, digests);
                if (files.publish(staged.path(), manifest.id(), manifest.toJson())) {
                    return manifest;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Writing a release to " + files + " failed: " + e.getMessage(), e);
        }
    }

    /** Ids of all releases, oldest first; empty when the store does not exist yet. */
    public List<String> releaseIds() {
        return named().stream().filter(this::isReleased).toList();
    }

    /** Ids of all releases, newest first; each is looked for when it is asked for. */
    public Stream<String> newestFirst() {
        List<String> ids = named();
        return IntStream.rangeClosed(1, ids.size()).mapToObj(i -> ids.get(ids.size() - i)).filter(this::isReleased);
    }

    /**
     * The newest release, or nothing when there is none.
     *
     * @throws ReleaseException when the newest release has no usable manifest; an older one never takes its place
     *     silently
     */
    public Optional<Manifest> latest() {
        return newestFirst().findFirst().map(this::manifest);
    }

    /**
     * The manifest of a release, its seal checked.
     *
     * @throws ReleaseException when the release or its manifest is missing or broken
     * @throws UncheckedIOException when it cannot be read now
     */
    public Manifest manifest(String id) {
        requireId(id);
        try {
            Optional<String> text = files.manifest(id);
            if (text.isEmpty()) {
                throw new ReleaseException(
                        files.isReleased(id) ? Manifest.FILE + " is missing" : "there is no such release");
            }
            Manifest manifest = Manifest.parse(text.get());
            if (!manifest.id().equals(id)) {
                throw new ReleaseException(Manifest.FILE + " is that of " + manifest.id());
            }
            return manifest;
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw broken(id, Manifest.FILE + " cannot be read", e);
        } catch (IOException e) {
            throw unread(id, Manifest.FILE, e);
        } catch (ReleaseException e) {
            throw broken(id, e.getMessage(), e);
        }
    }

    /**
     * Has the SavedModel of a release read, after every file was compared with its digest in the manifest.
     *
     * @param reader is given a directory of this machine, which is not to be used afterwards
     * @return what {@code reader} returned
     * @throws ReleaseException when the release is missing or broken, or a file is missing or changed, or lies there
     *     without being part of it
     * @throws UncheckedIOException when it cannot be read now
     */
    public <T> T read(Manifest manifest, Function<Path, T> reader) {
        requireId(manifest.id());
        try {
            return files.read(manifest.id(), manifest.files().keySet(), directory -> {
                requireUnchanged(manifest, directory);
                return reader.apply(directory.resolve(SAVED_MODEL));
            });
        } catch (IOException e) {
            throw unread(manifest.id(), "its files", e);
        }
    }

    /** Compares every file of a release with its digest; throws as {@link #read} does. */
    public void verify(Manifest manifest) {
        read(manifest, directory -> null);
    }

    private void requireUnchanged(Manifest manifest, Path directory) {
        SortedMap<String, String> found;
        try {
            found = Sha256.ofFiles(directory, Manifest.FILE);
        } catch (IOException e) {
            throw unread(manifest.id(), "its files", e);
        } catch (UncheckedIOException e) { // of the walk
            throw unread(manifest.id(), "its files", e.getCause());
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
    }

    /** Ids that releases have or are being written under, oldest first. */
    private List<String> named() {
        try {
            return files.names().stream()
                    .filter(name -> name.matches(ID))
                    .sorted(Comparator.comparingInt(ModelStore::number))
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean isReleased(String id) {
        try {
            return files.isReleased(id);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("Reading the model store " + files + " failed: " + e.getMessage(), e);
    }

    /** Broken where a file is missing; anything else may pass. */
    private RuntimeException unread(String id, String what, IOException e) {
        return e instanceof NoSuchFileException || e instanceof FileNotFoundException
                ? broken(id, what + " cannot be read: " + e.getMessage(), e)
                : new UncheckedIOException(
                        "Release " + id + " in " + files + " cannot be read now: " + what + ": " + e.getMessage(), e);
    }

    private ReleaseException broken(String id, String what, Throwable cause) {
        return new ReleaseException("Release " + id + " in " + files + " cannot be used: " + what, cause);
    }

    /** Also keeps an id from leaving the store. */
    private static void requireId(String id) {
        if (!id.matches(ID)) {
            throw new ReleaseException("'" + id + "' is not a release id, which is r and six digits");
        }
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }
}
