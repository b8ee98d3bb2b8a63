package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that die, sleep or meet, on a store that has neither rename nor locks. */
class FileSystemFilesTest {
    /** Claim, saved_model.pb, variables.index, manifest.json. */
    private static final int PUTS = 4;

    @TempDir
    Path directory;

    @Test
    void aWriterThatDiesHalfWayReleasesNothingAndStopsNobody() {
        for (int puts = 0; puts < PUTS; puts++) {
            directory = directory.resolve("after-" + puts);
            ModelStore dying = store(new TestingObjectStore().dyingAfter(puts));
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> publish(dying, "half"))
                    .withMessageEndingWith("the process is dead");
            ModelStore store = store(new TestingObjectStore());
            assertThat(store.releaseIds()).isEmpty();
            assertThat(store.latest()).isEmpty();

            Manifest manifest = publish(store, "whole");
            assertThat(manifest.id()).as("what was claimed is not given again").isEqualTo(puts == 0 ? "r000001" : "r000002");
            assertThat(store.latest()).contains(manifest);
            assertThat(store.releaseIds()).containsExactly(manifest.id());
            assertContent(store, manifest, "whole");
        }
    }

    @Test
    void aWriterWhoseUploadFailsDeletesWhatItWrote() throws IOException {
        for (int put : new int[] {2, 3}) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> publish(store(new TestingObjectStore().failingAt(put)), "half"))
                    .withMessage("Writing a release to file:" + directory + " failed: 503 Slow Down");
            assertThat(new TestingObjectStore().exists(new org.apache.flink.core.fs.Path(root(), "releases"))).isFalse();
        }
    }

    @Test
    void aReleaseIsNotThereBeforeItsManifest() {
        List<List<String>> seen = new ArrayList<>();
        for (int put = 1; put <= PUTS; put++) {
            publish(store(new TestingObjectStore().following(put, () -> seen.add(store(new TestingObjectStore()).releaseIds()))), "m");
        }
        assertThat(seen).containsExactly(
                List.of(), List.of("r000001"), List.of("r000001", "r000002"),
                List.of("r000001", "r000002", "r000003", "r000004"));
    }

    @Test
    void writersThatClaimAtOnceBothTakeAnotherId() {
        List<Manifest> other = new ArrayList<>();
        ModelStore first = store(new TestingObjectStore().following(1, () -> other.add(publish(store(new TestingObjectStore()), "b"))));
        Manifest manifest = publish(first, "a");

        assertThat(other.get(0).id()).isEqualTo("r000002");
        assertThat(manifest.id()).isEqualTo("r000003");
        assertThat(first.releaseIds()).containsExactly("r000002", "r000003");
        assertContent(first, other.get(0), "b");
        assertContent(first, manifest, "a");
    }

    @Test
    void aWriterThatWakesUpLateTouchesNothingOfItsSuccessor() {
        List<Manifest> successor = new ArrayList<>();
        ModelStore sleeper = store(new TestingObjectStore().following(3, () -> {
            successor.add(publish(store(new TestingObjectStore()), "new"));
            assertThat(store(new TestingObjectStore()).latest()).contains(successor.get(0));
        }));
        Manifest late = publish(sleeper, "old");

        assertThat(late.id()).isEqualTo("r000001");
        assertThat(sleeper.latest()).contains(successor.get(0));
        assertThat(successor.get(0).id()).isEqualTo("r000002");
        assertContent(sleeper, late, "old");
        assertContent(sleeper, successor.get(0), "new");
    }

    /** As when a task is cancelled; on a disk the manifest is written under another name and renamed. */
    @Test
    void aManifestThatIsInterruptedIsNotThere() throws IOException {
        FileSystemFiles files = new FileSystemFiles(FileSystem.getLocalFileSystem(), root());
        try (TemporaryDirectory staged = files.stage()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(ClosedByInterruptException.class)
                    .isThrownBy(() -> files.publish(staged.path(), "r000001", "{}"));
        } finally {
            Thread.interrupted();
        }
        assertThat(files.names()).containsExactly("r000001");
        assertThat(files.isReleased("r000001")).isFalse();
    }

    @Test
    void aStoreThatCannotBeReadSaysWhy() {
        Manifest manifest = publish(store(new TestingObjectStore()), "whole");
        ModelStore dead = store(new TestingObjectStore().dyingAfter(0));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(dead::latest)
                .withMessage("Reading the model store file:" + directory + " failed: the process is dead");
        assertThatExceptionOfType(UncheckedIOException.class).as("nothing is known to be wrong with it")
                .isThrownBy(() -> dead.manifest("r000001"))
                .withMessage("Release r000001 in file:" + directory + " cannot be read now: manifest.json: the process is dead");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> dead.verify(manifest))
                .withMessage("Release r000001 in file:" + directory + " cannot be read now: its files: the process is dead");
    }

    private ModelStore store(TestingObjectStore objects) {
        return new ModelStore(new FileSystemFiles(objects, root()));
    }

    private org.apache.flink.core.fs.Path root() {
        return new org.apache.flink.core.fs.Path("file:" + directory);
    }

    private static void assertContent(ModelStore store, Manifest manifest, String content) {
        assertThat(store.manifest(manifest.id())).isEqualTo(manifest);
        store.read(manifest, savedModel -> assertThat(savedModel.resolve("saved_model.pb")).hasContent(content));
    }

    private static Manifest publish(ModelStore store, String content) {
        return store.publish(
                new Manifest.Draft(null, TestingReleases.schema(3), List.of("fraud"), Map.of(), 1_000, 2_000), files(content));
    }

    private static Consumer<Path> files(String content) {
        return savedModel -> {
            try {
                Files.createDirectories(savedModel.resolve("variables"));
                Files.writeString(savedModel.resolve("saved_model.pb"), content);
                Files.writeString(savedModel.resolve("variables/variables.index"), "index");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
