package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.local.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade stops the job and submits it with what it was submitted with, here to a Flink that is not there. */
class UpgradeCommandTest {
    private static final String ID = "a".repeat(32);

    @TempDir
    private Path path;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ClusterDirectory directory;
    private HttpServer jobManager;

    @BeforeEach
    void aJobRuns() throws Exception {
        Files.createDirectories(path.resolve("packaged/cluster/flink/lib"));
        Files.createDirectories(path.resolve("packaged/cluster/lib"));
        Files.createFile(path.resolve("packaged/liveprofile-job.jar"));
        directory = new ClusterDirectory(path.resolve("cluster"));
        jobManager = HttpServer.create(new InetSocketAddress(Ports.LOOPBACK, 0), 0);
        answers(Map.of(
                "/jobs/overview", "{'jobs': [{'jid': '" + ID + "', 'name': '" + ProfileJob.NAME + "', 'state': 'RUNNING'}]}",
                "/jobs/" + ID + "/stop", "{'request-id': 'asked'}",
                "/jobs/" + ID + "/savepoints/asked", "{'status': {'id': 'COMPLETED'}, 'operation': {'location': 'file:/state'}}"));
        jobManager.start();
        RunningProcess.of(Cluster.JOB_MANAGER, ProcessHandle.current()).write(directory.processes());
        new Addresses(Ports.freeBeside(jobManager.getAddress().getPort()), jobManager.getAddress().getPort(), 0, Addresses.NONE)
                .write(directory.addresses());
    }

    @AfterEach
    void end() {
        jobManager.stop(0);
    }

    @Test
    void whatItIsNotToldIsAsTheJobWasSubmitted() {
        String key = "privacy.key-file=" + path.resolve("key.json");
        new Submission(List.of(key, "late.allowed=2d"), OptionalInt.of(4)).write(directory.submissions(), Job.PROFILE);

        assertThat(upgrade("--set", "late.allowed=1d")).isEqualTo(1);
        assertThat(out.toString()).startsWith("profile   keeps SET=\"" + key + "\" PARALLELISM=4\n");
        assertThat(err.toString()).contains("the profile job was not submitted",
                "'make submit JOB=profile FROM=/state SET=\"" + key + " late.allowed=2d\" PARALLELISM=4'");
        assertThat(Submission.read(directory.submissions(), Job.PROFILE))
                .isEqualTo(new Submission(List.of(key, "late.allowed=1d"), OptionalInt.of(4)));
    }

    private void answers(Map<String, String> bodies) {
        bodies.forEach((of, body) -> jobManager.createContext(of, exchange -> {
            byte[] json = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
            exchange.close();
        }));
    }

    private int upgrade(String... options) {
        List<String> arguments = new ArrayList<>(List.of("upgrade", "--dir", directory.path().toString(),
                "--packaged", path.resolve("packaged").toString()));
        arguments.addAll(List.of(options));
        return ClusterMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(new String[0]));
    }
}
