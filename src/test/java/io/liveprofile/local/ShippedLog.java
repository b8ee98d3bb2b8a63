package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;

/** The log of this JVM as the shipped configuration has it, as JSON, from now until it is closed. One at a time. */
final class ShippedLog implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final URI before = context.getConfigLocation();

    private ShippedLog(Path file) {
        this.file = file;
    }

    /** @param file does not exist yet */
    static ShippedLog open(Path file) throws Exception {
        System.setProperty("liveprofile.log", file.toString());
        System.setProperty("liveprofile.logs", LogFormat.JSON.value());
        ShippedLog log = new ShippedLog(file);
        log.context.setConfigLocation(ShippedLog.class.getResource("/log4j2.properties").toURI());
        return log;
    }

    /** Each is an object; who logged it, and each logger once. */
    Set<String> loggers() throws IOException {
        Set<String> loggers = new TreeSet<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode event = JSON.readTree(line);
            loggers.add(event.get("log.logger").asText());
        }
        return loggers;
    }

    /** No line has any of the texts in it, stack traces included; one has {@code found}, so that they were looked for in what was logged. */
    void assertThatNoLineHas(List<String> texts, String found) throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).anyMatch(line -> line.contains(found));
        for (String text : texts) {
            assertThat(lines).noneMatch(line -> line.contains(text));
        }
    }

    @Override
    public void close() {
        System.clearProperty("liveprofile.log");
        System.clearProperty("liveprofile.logs");
        context.setConfigLocation(before);
    }
}
