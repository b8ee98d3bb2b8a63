package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which broker a command asks: that of a run, going on or over, or that of a cluster. */
final class BrokerOption {
    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "target/run",
            description = "Directory of the run (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--cluster", paramLabel = "DIR",
            description = "Ask the broker of the cluster in this directory instead.")
    private Path cluster;

    /** With a broker that does not answer. */
    static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Asked of a broker. */
    interface Question<T> {
        T ask(String bootstrapServers) throws IOException;
    }

    /** What chooses this broker on a command line of make, after a blank; empty where nothing need be said. */
    String option() {
        return cluster == null ? "" : " ON=cluster";
    }

    /** Where the command logs. */
    Path log(String name) {
        return (cluster == null ? directory : cluster).resolve(name);
    }

    /** Of a run that is over the broker is started for the question. */
    <T> T ask(Question<T> question) throws Exception {
        if (cluster != null) {
            return ask(question, brokerOf(cluster));
        }
        if (!Files.isDirectory(directory.resolve("kafka"))) {
            throw new ConfigException("there is no run in " + directory + ": start one with 'make run'");
        }
        RunDirectory held = RunDirectory.tryHold(directory);
        if (held == null) {
            return ask(question, runningBroker());
        }
        try (held;
                EmbeddedBroker broker = EmbeddedBroker.start(held.kafka(), 0)) {
            return question.ask(broker.bootstrapServers());
        }
    }

    private static <T> T ask(Question<T> question, String bootstrapServers) {
        try {
            return question.ask(bootstrapServers);
        } catch (IOException e) {
            throw new RunFailedException(e.getMessage(), e);
        }
    }

    private String runningBroker() {
        Path addresses = RunDirectory.addresses(directory);
        if (!Files.exists(addresses)) {
            throw new ConfigException("a run in " + directory + " is just starting or ending: try again in a few seconds");
        }
        return RunDirectory.read(addresses).path("kafka").asText();
    }

    private static String brokerOf(Path cluster) {
        Path addresses = cluster.resolve("addresses.json");
        if (!Files.exists(addresses)) {
            throw new ConfigException("no cluster runs in " + cluster + ": start one with 'make cluster-up'");
        }
        String broker = RunDirectory.read(addresses).path("kafka").asText();
        if (!Ports.isListening(Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1)))) {
            throw new ConfigException("the broker of the cluster in " + cluster + ", " + broker + ", does not run:"
                    + " 'make cluster-up KEEP=1' starts it");
        }
        return broker;
    }
}
