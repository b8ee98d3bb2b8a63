package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.liveprofile.config.ConfigException;
import io.liveprofile.local.Ports;
import io.liveprofile.local.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loopback ports of a cluster.
 *
 * @param kafka of the broker
 * @param rest of Flink's REST API and web UI
 * @param jobManager on which TaskManagers reach the JobManager
 */
record Addresses(int kafka, int rest, int jobManager) {
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

    String bootstrapServers() {
        return Ports.LOOPBACK + ":" + kafka;
    }

    String webAddress() {
        return "http://" + Ports.LOOPBACK + ":" + rest;
    }

    /**
     * Returns when all of them can be listened on.
     *
     * @throws ConfigException naming the port and the option that chooses another
     */
    void requireFree() {
        Ports.requireFree(kafka, KAFKA_OPTION);
        Ports.requireFree(rest, REST_OPTION);
        Ports.requireFree(jobManager, JOB_MANAGER_OPTION);
    }

    /** The same with a free port for each 0. */
    Addresses chosen() {
        int chosenKafka = kafka == 0 ? freeBeside(rest, jobManager) : kafka;
        int chosenRest = rest == 0 ? freeBeside(chosenKafka, jobManager) : rest;
        int chosenJobManager = jobManager == 0 ? freeBeside(chosenKafka, chosenRest) : jobManager;
        return new Addresses(chosenKafka, chosenRest, chosenJobManager);
    }

    void write(Path file) {
        RunDirectory.write(file, JsonNodeFactory.instance.objectNode()
                .put("kafka", bootstrapServers())
                .put("flink", webAddress())
                .put("jobmanager", Ports.LOOPBACK + ":" + jobManager));
    }

    /** @throws ConfigException when there is no cluster */
    static Addresses read(Path file) {
        if (!Files.exists(file)) {
            throw new ConfigException("there is no cluster in " + file.getParent() + ": start one with 'make cluster-up'");
        }
        JsonNode json = RunDirectory.read(file);
        return new Addresses(port(json, "kafka"), port(json, "flink"), port(json, "jobmanager"));
    }

    private static int port(JsonNode json, String name) {
        String address = json.path(name).asText();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static int freeBeside(int one, int other) {
        int port = Ports.free();
        return port == one || port == other ? freeBeside(one, other) : port;
    }

    private static void requireOther(Map<Integer, String> taken, int port, String option) {
        String other = port == 0 ? null : taken.putIfAbsent(port, option);
        if (other != null) {
            throw new ConfigException(other + " and " + option + " are both " + port);
        }
    }
}
