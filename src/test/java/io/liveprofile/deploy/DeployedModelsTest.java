package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that give the model store of a deployment releases, run with directories in the place of volumes. */
class DeployedModelsTest {
    private static final Path INSTALL = Path.of("deploy/compose/install-models.sh").toAbsolutePath();
    private static final Path RELEASE = Path.of("deploy/release-model.sh").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void anEmptyStoreIsGivenTheReleasesOfTheOther() throws Exception {
        ModelStore other = new ModelStore(directory.resolve("other"));
        publish(other);
        publish(other);
        Files.createDirectories(directory.resolve("store/releases"));
        assertThat(install()).contains("has the releases of");
        ModelStore store = new ModelStore(directory.resolve("store"));
        assertThat(store.releaseIds()).containsExactly("r000001", "r000002");
        store.verify(store.manifest("r000002"));
        assertThat(publish(store).id()).as("whoever has the store goes on with it").isEqualTo("r000003");
        assertThat(directory.resolve("store")).isDirectoryNotContaining(left -> left.endsWith("installing"));
    }

    @Test
    void aStoreThatHasAReleaseIsLeftAsItIs() throws Exception {
        ModelStore other = new ModelStore(directory.resolve("other"));
        publish(other);
        publish(other);
        ModelStore store = new ModelStore(directory.resolve("store"));
        String seal = publish(store).sha256();
        assertThat(install()).contains("keeps them");
        assertThat(store.releaseIds()).containsExactly("r000001");
        assertThat(store.manifest("r000001").sha256()).isEqualTo(seal);
    }

    @Test
    void withoutAReleaseToGiveTheStoreStaysEmpty() throws Exception {
        Path store = Files.createDirectory(directory.resolve("store"));
        assertThat(install()).contains("profiles carry no predictions");
        assertThat(store).isEmptyDirectory();
    }

    @Test
    void aDeploymentIsGivenAReleaseUnderTheNextNumber() throws Exception {
        ModelStore store = new ModelStore(directory.resolve("store"));
        assertThat(release(0, "", "r000001")).contains("r000001 is in ");
        assertThat(release(0, "r000001", "r000002")).contains("r000002 is in ");
        assertThat(release(0, "r000002", "r000003")).contains("r000003 is in ");
        assertThat(store.releaseIds()).containsExactly("r000001", "r000002", "r000003");
        store.releaseIds().forEach(id -> store.verify(store.manifest(id)));
        assertThat(directory.resolve("store")).isDirectoryNotContaining(left -> left.endsWith("part"));
    }

    /** Which is all that the script leaves for make. */
    @Test
    void aNameIsEnoughToCountOnFrom() throws Exception {
        Files.createDirectories(directory.resolve("store/releases/r000049"));
        assertThat(publish(new ModelStore(directory.resolve("store"))).id()).isEqualTo("r000050");
    }

    @Test
    void whereTheNumberIsTakenMeanwhileTheReleaseThatHasItStays() throws Exception {
        ModelStore store = new ModelStore(directory.resolve("store"));
        publish(store);
        ModelStore quicker = new ModelStore(directory.resolve("quicker"));
        publish(quicker);
        String seal = publish(quicker).sha256();
        release(1, "r000001", "r000002", "cp -r quicker/releases/r000002 store/releases");
        assertThat(store.manifest("r000002").sha256()).isEqualTo(seal);
        store.verify(store.manifest("r000002"));
    }

    @Test
    void whereTheDeploymentCannotBeReachedNothingIsTrained() throws Exception {
        standIn("make", List.of("touch made"));
        run(1, List.of("bash", RELEASE.toString(), "false"));
        assertThat(directory.resolve("made")).doesNotExist();
    }

    private String install() throws IOException, InterruptedException {
        String owner = Files.getAttribute(directory, "unix:uid") + ":" + Files.getAttribute(directory, "unix:gid");
        return run(0, List.of("bash", INSTALL.toString(), directory.resolve("other").toString(), directory.resolve("store").toString(),
                owner));
    }

    /**
     * @param there what make finds in the store that it is given
     * @param id of the release that it makes
     * @param meanwhile what else happens
     */
    private String release(int code, String there, String id, String... meanwhile) throws IOException, InterruptedException {
        ModelStore made = new ModelStore(directory.resolve("made"));
        while (!made.releaseIds().contains(id)) {
            publish(made);
        }
        List<String> lines = new ArrayList<>(List.of(
                "test \"$*\" = 'model SET=model.store=target/deployed-models' || exit 8",
                "test \"$(ls target/deployed-models/releases)\" = '" + there + "' || exit 9",
                "cp -r made/releases/" + id + " target/deployed-models/releases"));
        lines.addAll(List.of(meanwhile));
        standIn("make", lines);
        return run(code, List.of("bash", RELEASE.toString(), "env"));
    }

    private String run(int code, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder script = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        script.environment().putAll(Map.of(
                "STORE", directory.resolve("store").toString(),
                "PATH", directory.resolve("bin") + ":" + System.getenv("PATH")));
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }

    private void standIn(String command, List<String> lines) throws IOException {
        Path file = Files.createDirectories(directory.resolve("bin")).resolve(command);
        Files.writeString(file, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Manifest publish(ModelStore store) {
        FeatureSchema schema = new FeatureSchema(List.of(new Feature("views_1d", Transform.IDENTITY)));
        return store.publish(new Manifest.Draft(null, schema, List.of("fraud"), Map.of(), System.nanoTime(), 0), saved -> {
            try {
                Files.createDirectories(saved);
                Files.writeString(saved.resolve("saved_model.pb"), "a graph");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
