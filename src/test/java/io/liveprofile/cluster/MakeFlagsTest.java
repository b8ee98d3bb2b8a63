package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Makefile would run: a flag is on by 1, and off by 0 as by nothing. */
class MakeFlagsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0"})
    void aFlagIsOffByZero(String off) throws Exception {
        assertThat(wouldRun("cluster-up", "KEEP=" + off, "HA=" + off)).contains("ClusterMain up").doesNotContain("--keep", "--ha");
        assertThat(wouldRun("run", "KEEP=" + off)).contains("Liveprofile run").doesNotContain("--keep");
    }

    @Test
    void aFlagIsOnByOne() throws Exception {
        assertThat(wouldRun("cluster-up", "KEEP=1", "HA=1")).contains("ClusterMain up", "--keep", "--ha");
        assertThat(wouldRun("run", "KEEP=1")).contains("Liveprofile run", "--keep");
    }

    @Test
    void aClusterIsToldHowToLogOnlyByWhoSaysSo() throws Exception {
        assertThat(wouldRun("cluster-up")).doesNotContain("--logs");
        assertThat(wouldRun("cluster-up", "LOGS=text")).contains("--logs \"text\"");
    }

    @Test
    void anUpgradeIsToldOfAStateThatItRefuses() throws Exception {
        assertThat(wouldRun("upgrade", "FROM=latest")).contains("--from \"latest\"");
    }

    /** As the refusal of a store without a release for the job's features says it. */
    @Test
    void aModelIsToldOfWhichStoreAndFeatures() throws Exception {
        assertThat(wouldRun("model", "SET=model.store=a/store features.file=other.yaml"))
                .contains("Liveprofile model --set \"model.store=a/store\" --set \"features.file=other.yaml\"");
    }

    private static String wouldRun(String... goal) throws Exception {
        List<String> command = new ArrayList<>(List.of("make", "--dry-run"));
        command.addAll(List.of(goal));
        Process make = new ProcessBuilder(command).redirectErrorStream(true).start();
        make.getOutputStream().close();
        String printed = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor()).as(printed).isZero();
        return printed;
    }
}
