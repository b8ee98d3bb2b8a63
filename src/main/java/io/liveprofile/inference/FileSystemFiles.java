package io.liveprofile.inference;

import io.liveprofile.model.Manifest;
import io.liveprofile.model.StoreFiles;
import io.liveprofile.model.TemporaryDirectory;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;

/**
 * A model store on any file system of Flink's, object stores among them, where nothing can be renamed at once and
 * {@link WriteMode#NO_OVERWRITE} is a look before the write and no lock:
 *
 * <pre>
 * releases/r000001/saved_model/…
 * releases/r000001/manifest.json   written last: without it there is no release
 * claims/r000001/UUID              one for each writer that ever tried the id; never deleted
 * </pre>
 *
 * <p><b>A release is whole when it has its manifest.</b> Every file is closed before the manifest is written, and that
 * appears at once: it is committed as Flink commits the metadata of its checkpoints, by a rename (a disk, HDFS) or the end of
 * an upload (S3, GCS, Azure); a file system without a {@link RecoverableWriter} has to make a file visible when it is closed, as
 * a PUT does.
 *
 * <p><b>An id has one writer.</b> A writer first leaves a claim under a name of its own and then lists the claims of the id. It
 * goes on only when it sees none but its own; so of two writers the one that claimed later sees the other's and leaves
 * the id alone, however long the other sleeps, and when both claim at once both take another. That needs listings that show
 * what was written before (S3 since 2020, GCS, Azure, HDFS, a disk) and nothing else, no lock and no conditional write. There
 * should be one writer, the trainer; another is one that a failover took for dead, and may wake up at any time. It
 * writes to nothing but its own id: at worst an older release appears late, whole, and the newest stays the newest.
 *
 * <p>What a writer that dies leaves behind is never read, and an id that was claimed in vain is passed over. Readers copy the
 * files that the manifest names to a temporary directory, so others beside them do no harm; copies are deleted after they were
 * read. Unlike in a plain directory nothing is synced to disk: what a power cut takes from {@code file:} shows in the digests.
 */
public final class FileSystemFiles implements StoreFiles {
    private final FileSystem files;
    private final Path root;
    private final Path releases;

    /** @param root of the store; need not exist */
    public FileSystemFiles(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
        this.releases = new Path(root, "releases");
    }

    @Override
    public List<String> names() throws IOException {
        return names(releases);
    }

    @Override
    public boolean isReleased(String id) throws IOException {
        return files.exists(manifestOf(id));
    }

    @Override
    public Optional<String> manifest(String id) throws IOException {
        if (!isReleased(id)) {
            return Optional.empty();
        }
        try (FSDataInputStream in = files.open(manifestOf(id))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public <T> T read(String id, Set<String> names, Function<java.nio.file.Path, T> reader) throws IOException {
        try (TemporaryDirectory copy = TemporaryDirectory.create()) {
            for (String name : names) {
                java.nio.file.Path target = copy.path().resolve(name);
                Files.createDirectories(target.getParent());
                try (InputStream in = files.open(new Path(release(id), name))) {
                    Files.copy(in, target);
                } catch (FileNotFoundException e) {
                    // The reader misses it and says so.
                }
            }
            return reader.apply(copy.path());
        }
    }

    @Override
    public TemporaryDirectory stage() throws IOException {
        return TemporaryDirectory.create();
    }

    @Override
    public boolean publish(java.nio.file.Path staged, String id, String manifest) throws IOException {
        if (!claimed(id)) {
            return false;
        }
        try {
            copy(staged, release(id));
        } catch (IOException | RuntimeException e) {
            deleteQuietly(release(id));
            throw e;
        }
        // When this fails it may still have been written, with all that it names; so nothing is deleted.
        commit(manifestOf(id), manifest.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private boolean claimed(String id) throws IOException {
        Path claims = new Path(root, "claims/" + id);
        try (OutputStream out = files.create(new Path(claims, UUID.randomUUID().toString()), WriteMode.NO_OVERWRITE)) {
            out.write(id.getBytes(StandardCharsets.UTF_8)); // some stores take an empty file for a directory
        }
        return names(claims).size() == 1;
    }

    private void copy(java.nio.file.Path from, Path to) throws IOException {
        List<java.nio.file.Path> staged;
        try (Stream<java.nio.file.Path> walk = Files.walk(from)) {
            staged = walk.filter(Files::isRegularFile).toList();
        }
        for (java.nio.file.Path file : staged) {
            try (OutputStream out = files.create(new Path(to, from.relativize(file).toString()), WriteMode.NO_OVERWRITE)) {
                Files.copy(file, out);
            }
        }
    }

    /** Never to be seen in part. */
    private void commit(Path file, byte[] content) throws IOException {
        RecoverableWriter writer;
        try {
            writer = files.createRecoverableWriter();
        } catch (UnsupportedOperationException e) {
            try (OutputStream out = files.create(file, WriteMode.NO_OVERWRITE)) {
                out.write(content);
            }
            return;
        }
        RecoverableFsDataOutputStream out = writer.open(file);
        try {
            out.write(content);
            out.closeForCommit().commit();
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(out);
            throw e;
        }
    }

    private List<String> names(Path directory) throws IOException {
        if (!files.exists(directory)) {
            return List.of();
        }
        FileStatus[] found = files.listStatus(directory);
        return found == null ? List.of() : Stream.of(found).map(status -> status.getPath().getName()).toList();
    }

    private void deleteQuietly(Path directory) {
        try {
            files.delete(directory, true);
        } catch (IOException | RuntimeException e) {
            // Left behind, without a manifest.
        }
    }

    private Path release(String id) {
        return new Path(releases, id);
    }

    private Path manifestOf(String id) {
        return new Path(release(id), Manifest.FILE);
    }
}
