package io.liveprofile.cluster;

import com.sun.net.httpserver.HttpServer;
import io.liveprofile.local.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A cluster in a directory whose processes are all this one, with a JobManager that answers what it is told to; commands are given to it
 * as by make. Whatever is submitted to it is not, as there is no Flink.
 */
final class TestingJobManager implements AutoCloseable {
    static final String IN_PROGRESS = "{'status': {'id': 'IN_PROGRESS'}}";
    static final String COMPLETED = "{'status': {'id': 'COMPLETED'}, 'operation': {'location': 'file:/state'}}";

    final ClusterDirectory directory;
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    private final Path packaged;
    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    /** @param root an empty directory */
    TestingJobManager(Path root) throws IOException {
        packaged = root.resolve("packaged");
        Files.createDirectories(packaged.resolve("cluster/flink/lib"));
        Files.createDirectories(packaged.resolve("cluster/lib"));
        Files.createFile(packaged.resolve("liveprofile-job.jar"));
        directory = new ClusterDirectory(root.resolve("cluster"));
        server = HttpServer.create(new InetSocketAddress(Ports.LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String request = exchange.getRequestMethod() + " " + path;
            asked.add(request + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (unanswered.remove(request)) {
                return;
            }
            String answer = answers.get(path);
            byte[] json = (answer == null ? "{'errors': ['not found']}" : answer).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, json.length);
            exchange.getResponseBody().write(json);
            exchange.close();
        });
        answers("/overview", "{'taskmanagers': 2, 'slots-total': 8, 'slots-available': 8}");
        runs();
        server.start();
        process(Cluster.BROKER);
        process(Cluster.JOB_MANAGER);
        write(Addresses.NONE);
    }

    /** Ports of the cluster are these, and that of a ZooKeeper. */
    void write(int zooKeeper) {
        int rest = server.getAddress().getPort();
        new Addresses(Ports.freeBeside(rest), rest, 0, zooKeeper).write(directory.addresses());
    }

    void answers(String path, String json) {
        answers.put(path, json);
    }

    /** The next such request, as in {@code GET /overview}, is taken and never answered. */
    void leavesUnanswered(String request) {
        unanswered.add(request);
    }

    /** What it says of a savepoint of the job, made as it goes on or to stop it, whose timeout is 4 min. */
    void saves(String id, String answer) {
        answers("/jobs/" + id + "/checkpoints/config", "{'timeout': 240000}");
        for (String operation : List.of("savepoints", "stop")) {
            answers("/jobs/" + id + "/" + operation, "{'request-id': 'asked'}");
        }
        answers("/jobs/" + id + "/savepoints/asked", answer);
    }

    /** All that it was told to do, with what it was told of it. */
    List<String> told() {
        return asked.stream().filter(each -> !each.startsWith("GET ")).toList();
    }

    /** What the JobManager knows of: these, as {@link #job} says them. */
    void runs(String... jobs) {
        answers("/jobs/overview", "{'jobs': [" + String.join(", ", jobs) + "]}");
    }

    static String job(Job job, String id, String state, int tasks, int running) {
        return "{'jid': '%s', 'name': '%s', 'state': '%s', 'tasks': {'total': %d, 'running': %d}}"
                .formatted(id, job.flinkName(), state, tasks, running);
    }

    /** Has the cluster take this process, which lives, for that one of its own. */
    void process(String name) {
        RunningProcess.of(name, ProcessHandle.current()).write(directory.processes());
    }

    /** A complete savepoint of the job. */
    Path savepoint(Job job, String name) throws IOException {
        Path savepoint = Files.createDirectories(directory.savepoints().resolve(job.option()).resolve(name));
        Files.createFile(savepoint.resolve("_metadata"));
        return savepoint;
    }

    /** The exit code; what was printed before is forgotten. */
    int run(String command, String... options) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.path().toString(), "--packaged", packaged.toString()));
        arguments.addAll(List.of(options));
        return ClusterMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(new String[0]));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
