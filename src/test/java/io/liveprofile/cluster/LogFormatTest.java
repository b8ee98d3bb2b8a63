package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveprofile.config.ConfigException;
import io.liveprofile.local.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that logs a line, and one with a stack trace, by each of the three configurations: of a run, a cluster and containers. */
class LogFormatTest {
    /** By its name, as the class path of the tests has others. */
    private static final String RUN = "-Dlog4j.configurationFile=classpath:log4j2.properties";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void ofARun(LogFormat format) throws Exception {
        Path log = directory.resolve("run.log");
        assertThat(logs(List.of(RUN, "-Dliveprofile.log=" + log, "-Dliveprofile.logs=" + format.value()), Map.of())).isEmpty();
        assertThatItIs(format, Files.readAllLines(log));
    }

    @Test
    void ofARunIsTextIfNothingIsSaid() throws Exception {
        Path log = directory.resolve("run.log");
        logs(List.of(RUN, "-Dliveprofile.log=" + log), Map.of());
        assertThatItIs(LogFormat.TEXT, Files.readAllLines(log));
    }

    @ParameterizedTest
    @EnumSource
    void ofACluster(LogFormat format) throws Exception {
        ClusterDirectory cluster = new ClusterDirectory(directory);
        FlinkConf.writeLogging(cluster, format);
        assertThat(logs(FlinkConf.logOptions(cluster, "taskmanager-1"), Map.of())).isEmpty();
        assertThatItIs(format, Files.readAllLines(cluster.logs().resolve("taskmanager-1.log")));
    }

    @ParameterizedTest
    @EnumSource
    void ofContainers(LogFormat format) throws Exception {
        Path file = directory.resolve("flink.log");
        List<String> console = logs(List.of("-Dlog.file=" + file,
                "-Dlog4j.configurationFile=flink-conf/log4j-console.properties"), Map.of("LOGS", format.value()));
        assertThatItIs(format, console);
        assertThatItIs(LogFormat.TEXT, Files.readAllLines(file));
    }

    @Test
    void anotherFormatIsRefused() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> LogFormat.of("xml"))
                .withMessage("LOGS = 'xml': must be text or json");
    }

    private static List<String> logs(List<String> options, Map<String, String> environment) throws Exception {
        return new JavaProcess(options, System.getProperty("java.class.path"), TestingLog.class.getName(), List.of(), environment)
                .run("the log");
    }

    private static void assertThatItIs(LogFormat format, List<String> lines) throws Exception {
        if (format == LogFormat.TEXT) {
            assertThat(lines).hasSizeGreaterThan(4).first().asString().matches("[-0-9]{10} [:,0-9]{12} INFO .* begins");
            return;
        }
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines) {
            events.add(JSON.readTree(line));
        }
        assertThat(events).hasSize(2);
        JsonNode last = events.get(1);
        assertThat(last.get("message").asText()).isEqualTo(TestingLog.MESSAGE.replace("{}", "7"));
        assertThat(last.get("log.level").asText()).isEqualTo("WARN");
        assertThat(last.get("log.logger").asText()).isEqualTo(TestingLog.class.getName());
        assertThat(last.get("error.message").asText()).isEqualTo("is broken");
        assertThat(last.get("error.stack_trace").asText()).contains("at " + TestingLog.class.getName() + ".main");
        assertThat(last.get("@timestamp").asText()).endsWith("Z");
    }
}
