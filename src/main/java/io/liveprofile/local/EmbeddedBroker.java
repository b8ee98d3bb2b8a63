package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real Kafka broker in this JVM: one KRaft node, broker and controller, on loopback only. What was acknowledged before
 * {@link #close} is there again when a broker is started on the same directory, whatever its port.
 *
 * <p>Sized for a laptop: few threads, small cleaner buffers, every internal topic with one partition.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;
    private static final String CONTROLLER = "CONTROLLER";

    private final Path directory;
    private final int port;
    private final KafkaRaftServer server;

    private EmbeddedBroker(Path directory, int port, KafkaRaftServer server) {
        this.directory = directory;
        this.port = port;
        this.server = server;
    }

    /**
     * Returns a broker that already answers. After a hard kill that takes about 10 s.
     *
     * @param directory its data; created and formatted when it is not there
     * @param port 0 = any free one
     * @throws ConfigException when the port is busy or another broker uses the directory
     * @throws RunFailedException when Kafka fails while it starts
     */
    public static EmbeddedBroker start(Path directory, int port) {
        Ports.requireFree(port, "KAFKA_PORT");
        int listenAt = port == 0 ? Ports.free() : port;
        Properties settings = settings(directory.toAbsolutePath(), listenAt, Ports.freeBeside(listenAt));
        format(directory.toAbsolutePath());
        KafkaRaftServer server;
        try {
            server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        } catch (RuntimeException e) {
            throw new ConfigException("broker directory " + directory + " cannot be used: " + e.getMessage(), e);
        }
        EmbeddedBroker broker = new EmbeddedBroker(directory, listenAt, server);
        try {
            server.startup();
        } catch (Exception e) {
            broker.close();
            throw new RunFailedException("the broker did not start: " + RunFailedException.rootMessage(e), e);
        }
        return broker;
    }

    /** HOST:PORT for clients. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    public Path directory() {
        return directory;
    }

    /** Returns when every file is flushed and closed. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve("meta.properties"))) {
                return;
            }
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(CONTROLLER)
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("Broker directory " + directory + " cannot be written", e);
        } catch (Exception e) {
            throw new IllegalStateException("Broker directory " + directory + " cannot be formatted", e);
        }
    }

    private static Properties settings(Path directory, int port, int controllerPort) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE));
        p.put("controller.quorum.voters", NODE + "@" + Ports.LOOPBACK + ":" + controllerPort);
        p.put("controller.listener.names", CONTROLLER);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        p.put("listeners", "PLAINTEXT://" + Ports.LOOPBACK + ":" + port + "," + CONTROLLER + "://" + Ports.LOOPBACK + ":"
                + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://" + Ports.LOOPBACK + ":" + port);
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("log.dirs", directory.toString());
        p.put("auto.create.topics.enable", "false");

        p.put("num.network.threads", "2");
        p.put("num.io.threads", "2");
        p.put("background.threads", "2");
        p.put("num.recovery.threads.per.data.dir", "1");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        p.put("log.segment.bytes", Integer.toString(64 << 20));
        p.put("log.index.size.max.bytes", Integer.toString(2 << 20));

        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.num.partitions", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.num.partitions", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // After a hard kill the controller takes the broker that comes back for a second one until this time is over,
        // and refuses it; a broker must wait longer than that.
        p.put("broker.session.timeout.ms", "9000");
        p.put("initial.broker.registration.timeout.ms", "120000");
        return p;
    }
}
