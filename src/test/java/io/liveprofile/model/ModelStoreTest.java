package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.inference.FileSystemFiles;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.inference.TestingObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The same on every kind of store. */
@ParameterizedClass
@EnumSource
class ModelStoreTest {
    private static final FeatureSchema SCHEMA = SyntheticShoppers.schema();

    enum Kind {
        DIRECTORY,
        FILE_URI,
        OBJECT_STORE
    }

    @Parameter
    Kind kind;

    @TempDir
    Path directory;

    private ModelStore store;

    @BeforeEach
    void open() {
        Path models = directory.resolve("models");
        store = switch (kind) {
            case DIRECTORY -> new ModelStore(models);
            case FILE_URI -> ModelStores.open("file:" + models);
            case OBJECT_STORE -> new ModelStore(new FileSystemFiles(
                    new TestingObjectStore(), new org.apache.flink.core.fs.Path("file:" + models)));
        };
    }

    @Test
    void aStoreThatDoesNotExistHasNoRelease() {
        assertThat(store.latest()).isEmpty();
        assertThat(store.releaseIds()).isEmpty();
    }

    @Test
    void keepsWhatTheDraftSaidAndGivesGrowingIds() {
        Manifest first = store.publish(draft(null), files("one"));
        Manifest second = store.publish(draft(first.id()), files("two"));

        assertThat(store.releaseIds()).containsExactly("r000001", "r000002");
        assertThat(store.latest()).contains(second);
        Manifest manifest = store.manifest("r000001");
        assertThat(manifest).isEqualTo(first);
        assertThat(manifest.parent()).isNull();
        assertThat(manifest.schemaHash()).isEqualTo(SCHEMA.hash());
        assertThat(manifest.featureNames()).isEqualTo(SCHEMA.names());
        assertThat(manifest.heads()).containsExactly("purchase_24h", "fraud");
        assertThat(manifest.metrics()).containsOnly(Map.entry("purchase_24h.roc_auc", 0.75));
        assertThat(manifest.createdAt()).isEqualTo(1_000);
        assertThat(manifest.activationEventTime()).isEqualTo(2_000);
        assertThat(manifest.files()).containsOnlyKeys("saved_model/saved_model.pb", "saved_model/variables/variables.index");
        assertThat(second.parent()).isEqualTo("r000001");
        Path read = store.read(first, savedModel -> {
            assertThat(savedModel.resolve("saved_model.pb")).hasContent("one");
            assertThat(savedModel.resolve("variables/variables.index")).hasContent("index");
            return savedModel;
        });
        assertThat(Files.exists(read)).as("still there").isEqualTo(kind == Kind.DIRECTORY);
    }

    @Test
    void nothingStaysOfACopyWhoseReaderFails() {
        Manifest manifest = store.publish(draft(null), files("one"));
        List<Path> given = new ArrayList<>();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.read(manifest, savedModel -> {
                    given.add(savedModel);
                    throw new IllegalStateException("no memory");
                }))
                .withMessage("no memory");
        assertThat(Files.exists(given.get(0).getParent())).isEqualTo(kind == Kind.DIRECTORY);
    }

    @Test
    void aWriterThatFailsLeavesNoReleaseAndNoLeftovers() {
        List<Path> staged = new ArrayList<>();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.publish(draft(null), path -> {
                    staged.add(path);
                    files("half").accept(path);
                    throw new IllegalStateException("out of memory");
                }))
                .withMessage("out of memory");
        assertThat(store.latest()).isEmpty();
        assertThat(staged.get(0).getParent()).doesNotExist();
    }

    @Test
    void anEmptySavedModelIsNoRelease() {
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> store.publish(draft(null), path -> {}))
                .withMessage("Nothing to release: no saved_model/saved_model.pb was written");
    }

    @Test
    void whatACrashLeavesInStagingOrUnderAForeignNameIsNotARelease() throws IOException {
        Files.createDirectories(directory.resolve("models/releases/tmp"));
        files("torn").accept(Files.createDirectories(directory.resolve("models/staging/release-1")).resolve("saved_model"));
        assertThat(store.latest()).isEmpty();
        assertThat(store.publish(draft(null), files("whole")).id()).isEqualTo("r000001");
    }

    @Test
    void concurrentWritersGetOneIdEach() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Manifest>> work = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String content = "model " + i;
                work.add(() -> store.publish(draft(null), files(content)));
            }
            List<String> ids = new ArrayList<>();
            List<Future<Manifest>> published = writers.invokeAll(work);
            for (var done : published) {
                ids.add(done.get().id());
            }
            Collections.sort(ids);
            assertThat(ids).isEqualTo(store.releaseIds()).hasSize(24).doesNotHaveDuplicates();
            for (var done : published) {
                assertThat(store.manifest(done.get().id())).isEqualTo(done.get());
                store.verify(done.get());
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void refusesWhatWasChangedRemovedOrAdded() throws IOException {
        Manifest manifest = store.publish(draft(null), files("original"));
        Path release = directory.resolve("models/releases/r000001");

        Path model = release.resolve("saved_model/saved_model.pb");
        Files.writeString(model, "originaI");
        assertBroken(manifest, "saved_model/saved_model.pb was changed after the release: its sha256 differs");
        Files.delete(model);
        assertBroken(manifest, "saved_model/saved_model.pb is missing");
        Files.writeString(model, "original");
        Path added = release.resolve("saved_model/extra");
        Files.writeString(added, "x");
        if (kind == Kind.DIRECTORY) { // elsewhere what the manifest does not name is not copied
            assertBroken(manifest, "saved_model/extra is not part of the release");
        }
        Files.delete(added);
        store.verify(manifest);
    }

    @Test
    void refusesAManifestThatWasChangedIsTornMissingOrAnother() throws IOException {
        store.publish(draft(null), files("one"));
        store.publish(draft("r000001"), files("two"));
        Path manifest = directory.resolve("models/releases/r000002/manifest.json");
        String written = Files.readString(manifest);

        Files.writeString(manifest, written.replace("0.75", "0.99"));
        assertNoLatest("manifest.json was changed after the release: its sha256 does not fit its content");
        Files.writeString(manifest, written.substring(0, 100));
        assertNoLatest("manifest.json cannot be read");
        Files.writeString(manifest, "{}");
        assertNoLatest("manifest.json has no id");
        Files.writeString(manifest, Files.readString(directory.resolve("models/releases/r000001/manifest.json")));
        assertNoLatest("manifest.json is that of r000001");
        Files.delete(manifest);
        if (kind == Kind.DIRECTORY) {
            assertNoLatest("manifest.json is missing");
        } else {
            assertThat(store.latest()).as("one without a manifest is none").contains(store.manifest("r000001"));
            assertThat(store.releaseIds()).containsExactly("r000001");
        }
    }

    /** A seal only shows what changed by itself; whoever can write to the store can seal anything. */
    @Test
    void refusesAManifestThatNamesAFileElsewhere() throws IOException {
        Path manifest = Files.createDirectories(directory.resolve("models/releases/r000001")).resolve("manifest.json");
        for (String name : List.of("../r000002/saved_model.pb", "saved_model/../../x", "saved_model/a/..", "/etc/passwd",
                "saved_model/./x", "saved_model//x", "saved_model", "")) {
            Files.writeString(manifest, Manifest.of("r000001", draft(null), new TreeMap<>(Map.of(name, "00"))).toJson());
            assertThatExceptionOfType(ReleaseException.class)
                    .isThrownBy(() -> store.latest())
                    .withMessageEndingWith("manifest.json names '" + name + "', which is no file of a release");
        }
        for (String name : List.of("saved_model/..x", "saved_model/assets/a b.txt")) {
            Files.writeString(manifest, Manifest.of("r000001", draft(null), new TreeMap<>(Map.of(name, "00"))).toJson());
            assertThat(store.latest()).isPresent();
        }
    }

    @Test
    void namesAReleaseThatIsNotThere() {
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> store.manifest("r000007"))
                .withMessageEndingWith("cannot be used: there is no such release");
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> store.manifest("../r000001"))
                .withMessage("'../r000001' is not a release id, which is r and six digits");
    }

    @Test
    void refusesOtherFeaturesAndNamesBothHashesAndTheDifference() {
        store.publish(draft(null), files("one"));
        List<Feature> features = new ArrayList<>(SCHEMA.features());
        FeatureSchema renamed = replaced(features, 3, new Feature("views_7d", Transform.LOG1P));
        assertRefused(renamed, "only in the model: f3:IDENTITY; only in the job: views_7d:LOG1P");
        assertRefused(new FeatureSchema(features.subList(0, 4)),
                "only in the model: f4:IDENTITY, f5:IDENTITY, f6:IDENTITY, f7:IDENTITY, f8:IDENTITY and 3 more");
        Collections.swap(features, 1, 2);
        assertRefused(new FeatureSchema(features),
                "another order, first at position 1: f1:IDENTITY in the model, f2:IDENTITY in the job");
    }

    private static FeatureSchema replaced(List<Feature> features, int position, Feature with) {
        List<Feature> changed = new ArrayList<>(features);
        changed.set(position, with);
        return new FeatureSchema(changed);
    }

    private void assertRefused(FeatureSchema schema, String difference) {
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> ModelBundle.load(store, "r000001", schema, SessionThreads.SINGLE))
                .withMessage("Release r000001 was trained on feature schema " + SCHEMA.hash() + ", this job computes "
                        + schema.hash() + ": " + difference);
    }

    private void assertBroken(Manifest manifest, String what) {
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> store.verify(manifest))
                .withMessage("Release r000001 in " + location() + " cannot be used: " + what);
    }

    private void assertNoLatest(String what) {
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> store.latest())
                .withMessage("Release r000002 in " + location() + " cannot be used: " + what);
    }

    private String location() {
        return (kind == Kind.DIRECTORY ? "" : "file:") + directory.resolve("models");
    }

    private static Manifest.Draft draft(String parent) {
        return new Manifest.Draft(parent, SCHEMA, List.of("purchase_24h", "fraud"),
                Map.of("purchase_24h.roc_auc", 0.75, "fraud.roc_auc", Double.NaN), 1_000, 2_000);
    }

    private static Consumer<Path> files(String content) {
        return path -> {
            try {
                Files.createDirectories(path.resolve("variables"));
                Files.writeString(path.resolve("saved_model.pb"), content);
                Files.writeString(path.resolve("variables/variables.index"), "index");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
