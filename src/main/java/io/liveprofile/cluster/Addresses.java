package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.config.ConfigException;
import io.liveprofile.local.Ports;
import io.liveprofile.local.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Loopback ports of a cluster; one that is asked for may be 0, any free one.
 *
 * @param kafka of the broker
 * @param rest of Flink's REST API and web UI
 * @param jobManager on which TaskManagers reach the JobManager
 * @param zooKeeper of the ZooKeeper that keeps the jobs of a JobManager that fails; {@link #NONE} where there is none
 */
record Addresses(int kafka, int rest, int jobManager, int zooKeeper) {
    static final int NONE = -1;

    static final String KAFKA_OPTION = "KAFKA_PORT";
    static final String REST_OPTION = "REST_PORT";
    static final String JOB_MANAGER_OPTION = "JOBMANAGER_PORT";

    /** @throws ConfigException when two of them are the same */
    Addresses {
        Map<Integer, String> taken = new LinkedHashMap<>();
        requireOther(taken, kafka, KAFKA_OPTION);
        requireOther(taken, rest, REST_OPTION);
        requireOther(taken, jobManager, JOB_MANAGER_OPTION);
    }

    boolean hasZooKeeper() {
        return zooKeeper != NONE;
    }

    String bootstrapServers() {
        return Ports.LOOPBACK + ":" + kafka;
    }

    String webAddress() {
        return "http://" + Ports.LOOPBACK + ":" + rest;
    }

    /**
     * Returns when each of them on which a process that is to be started listens can be listened on.
     *
     * @param starts by the name of a process
     * @param when said behind the option that chooses another port, as those of a cluster that runs stay; may be empty
     * @throws ConfigException naming the port and the option
     */
    void requireFree(Predicate<String> starts, String when) {
        if (starts.test(Cluster.BROKER)) {
            Ports.requireFree(kafka, KAFKA_OPTION + when);
        }
        if (starts.test(Cluster.JOB_MANAGER)) {
            Ports.requireFree(rest, REST_OPTION + when);
            Ports.requireFree(jobManager, JOB_MANAGER_OPTION + when);
        }
    }

    /** The same with a free port for each 0. */
    Addresses chosen() {
        int chosenKafka = kafka == 0 ? freeBeside(rest, jobManager) : kafka;
        int chosenRest = rest == 0 ? freeBeside(chosenKafka, jobManager) : rest;
        int chosenJobManager = jobManager == 0 ? freeBeside(chosenKafka, chosenRest) : jobManager;
        int chosenZooKeeper = zooKeeper == 0 ? freeBeside(chosenKafka, chosenRest, chosenJobManager) : zooKeeper;
        return new Addresses(chosenKafka, chosenRest, chosenJobManager, chosenZooKeeper);
    }

    void write(Path file) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("kafka", bootstrapServers())
                .put("flink", webAddress())
                .put("jobmanager", Ports.LOOPBACK + ":" + jobManager);
        if (hasZooKeeper()) {
            json.put("zookeeper", Ports.LOOPBACK + ":" + zooKeeper);
        }
        RunDirectory.write(file, json);
    }

    /** @throws ConfigException when there is no cluster */
    static Addresses read(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("there is no cluster in " + file.getParent() + ": start one with 'make cluster-up'");
        }
        JsonNode json = RunDirectory.read(file);
        return new Addresses(port(json, "kafka"), port(json, "flink"), port(json, "jobmanager"),
                json.has("zookeeper") ? port(json, "zookeeper") : NONE);
    }

    private static int port(JsonNode json, String name) {
        String address = json.path(name).asText();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static int freeBeside(int... others) {
        int port = Ports.free();
        return IntStream.of(others).anyMatch(other -> other == port) ? freeBeside(others) : port;
    }

    private static void requireOther(Map<Integer, String> taken, int port, String option) {
        String other = port == 0 ? null : taken.putIfAbsent(port, option);
        if (other != null) {
            throw new ConfigException(other + " and " + option + " are both " + port);
        }
    }
}
