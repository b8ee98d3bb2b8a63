package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.local.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be done as asked is said in one line, with exit code 2, before any process is started. */
class ClusterCommandsTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void packaged() throws Exception {
        Files.createDirectories(directory.resolve("packaged/cluster/flink/lib"));
        Files.createDirectories(directory.resolve("packaged/cluster/lib"));
        Files.createFile(directory.resolve("packaged/liveprofile-job.jar"));
    }

    @Test
    void aBusyPortIsNamedWithItsOption() throws Exception {
        try (ServerSocket busy = listening()) {
            int port = busy.getLocalPort();
            for (String option : List.of("kafka", "rest", "jobmanager")) {
                List<String> ports = new ArrayList<>();
                for (String each : List.of("kafka", "rest", "jobmanager")) {
                    ports.addAll(List.of("--" + each + "-port", each.equals(option) ? Integer.toString(port) : "0"));
                }
                assertThat(run("up", ports)).isEqualTo(2);
                assertThat(err.toString()).isEqualToIgnoringNewLines("error: port " + port
                        + " is busy: end what listens there, or choose another with "
                        + option.toUpperCase(Locale.ROOT) + "_PORT");
            }
        }
        assertThat(directory.resolve("cluster/processes")).doesNotExist();
    }

    @Test
    void aPortThatWasTakenWhileItsProcessWasGoneIsNamedWithItsOption() throws Exception {
        try (ServerSocket broker = listening(); ServerSocket busy = listening()) {
            runs(Cluster.BROKER);
            new Addresses(broker.getLocalPort(), busy.getLocalPort(), Ports.free(), Addresses.NONE)
                    .write(directory.resolve("cluster/addresses.json"));
            assertThat(run("up", List.of())).isEqualTo(2);
            assertThat(err.toString()).isEqualToIgnoringNewLines("error: port " + busy.getLocalPort()
                    + " is busy: end what listens there, or choose another with REST_PORT, after 'make cluster-down'");
        }
    }

    @Test
    void aZooKeeperIsNotHadWhileAClusterRunsWithout() {
        runs(Cluster.BROKER);
        new Addresses(7001, 7002, 7003, Addresses.NONE).write(directory.resolve("cluster/addresses.json"));
        assertThat(run("up", List.of("--ha"))).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: HA: the cluster that runs has no ZooKeeper: 'make cluster-down'").hasLineCount(1);
    }

    @Test
    void whatHasEndedIsForgottenBeforeAnythingIsStarted() {
        Path processes = directory.resolve("cluster/processes");
        for (String name : List.of(Cluster.ZOOKEEPER, Cluster.JOB_MANAGER)) {
            new RunningProcess(name, ProcessHandle.current().pid(), 0).write(processes);
        }
        assertThat(run("up", List.of("--rest-port", "70000"))).isEqualTo(2);
        assertThat(processes).isEmptyDirectory();
    }

    @Test
    void portsThatCannotBeAreRefused() {
        assertThat(run("up", List.of("--kafka-port", "7000", "--rest-port", "7000"))).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("error: KAFKA_PORT and REST_PORT are both 7000");
        assertThat(run("up", List.of("--rest-port", "70000"))).isEqualTo(2);
        assertThat(err.toString()).contains("REST_PORT: port 70000 does not exist");
    }

    @Test
    void withoutAPackageItSaysHowToMakeOne() throws Exception {
        Files.delete(directory.resolve("packaged/liveprofile-job.jar"));
        assertThat(run("up", List.of())).isEqualTo(2);
        assertThat(err.toString()).contains("liveprofile-job.jar: make it with 'make package'").hasLineCount(1);
        assertThat(run("status", List.of())).isEqualTo(2);
        assertThat(err.toString()).as("what starts nothing needs none").contains("no cluster runs in");
    }

    @Test
    void withoutAClusterItSaysHowToStartOne() {
        for (String command : List.of("submit", "savepoint", "upgrade", "cancel", "status", "traffic")) {
            assertThat(run(command, List.of())).as(command).isEqualTo(2);
            assertThat(err.toString()).contains("no cluster runs in").endsWith("start one with 'make cluster-up'\n").hasLineCount(1);
        }
        assertThat(run("down", List.of())).isZero();
        assertThat(out.toString()).isEqualTo("Nothing runs.\n");
    }

    @Test
    void aJobThatDoesNotExistIsRefused() {
        for (String command : List.of("submit", "savepoint", "upgrade", "cancel")) {
            assertThat(run(command, List.of("--job", "profiles"))).as(command).isEqualTo(2);
            assertThat(err.toString()).isEqualToIgnoringNewLines("error: JOB: 'profiles' is neither profile nor training");
        }
        assertThat(run("submit", List.of("--from", "somewhere"))).isEqualTo(2);
        assertThat(err.toString()).contains("FROM needs JOB=profile or JOB=training");
    }

    @Test
    void anUpgradeFromAnotherStateIsRefused() {
        assertThat(run("upgrade", List.of("--from", "latest"))).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: FROM: an upgrade goes on from the savepoint that it stops the job with")
                .hasLineCount(1);
    }

    /** Has the cluster take this process, which lives, for one of its own. */
    private void runs(String process) {
        RunningProcess.of(process, ProcessHandle.current()).write(directory.resolve("cluster/processes"));
    }

    private static ServerSocket listening() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getByName(Ports.LOOPBACK));
    }

    private int run(String command, List<String> options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of(command,
                "--dir", directory.resolve("cluster").toString(),
                "--packaged", directory.resolve("packaged").toString()));
        arguments.addAll(options);
        return ClusterMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(new String[0]));
    }
}
