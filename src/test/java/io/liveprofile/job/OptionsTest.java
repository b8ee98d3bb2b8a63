package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.config.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- options: made from Options.java -->\n";
    private static final String END = "<!-- end of options -->";

    @Test
    void theShippedFilesAreValid() {
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of("flink-conf/liveprofile.yaml")));
        assertThat(ProfileJobConfig.of(options).featurePlan().schema().size()).isGreaterThan(50);
    }

    @Test
    void nestedAndDottedKeysAreTheSame() {
        Configuration nested = read("score:\n  max-wait: 7 ms\n");
        assertThat(nested.get(Options.SCORE_MAX_WAIT)).isEqualTo(Duration.ofMillis(7));
        assertThat(read("score.max-wait: 7 ms\n").get(Options.SCORE_MAX_WAIT)).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void aWrongKeyOrValueIsNamedWithItsPlace() {
        assertThatThrownBy(() -> read("score:\n  max-wait: 7 ms\n  max-row: 5\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("liveprofile.yaml:3: score.max-row: unknown option; allowed: [kafka.bootstrap-servers,");
        assertThatThrownBy(() -> read("score.max-wait: soon\n"))
                .hasMessage("liveprofile.yaml:1: score.max-wait = 'soon': must be a duration such as 500 ms, 10 s, 5 min,"
                        + " 1 h or 30 d");
        assertThatThrownBy(() -> read("dedupe.window: 60\n"))
                .hasMessageStartingWith("liveprofile.yaml:1: dedupe.window = '60': must be a duration such as");
        assertThatThrownBy(() -> read("delivery: twice\n"))
                .hasMessage("liveprofile.yaml:1: delivery = 'twice': must be one of [at-least-once, exactly-once]");
        assertThatThrownBy(() -> read("score.max-rows: 1.5\n"))
                .hasMessage("liveprofile.yaml:1: score.max-rows = '1.5': must be a whole number");
    }

    @Test
    void theCommandLineOverridesTheFileAndIsNamedInErrors() {
        Configuration options = read("anomaly.rate.hard-max: 50\nscore.max-wait: 7 ms\n");
        OptionsFile.assign(options, "--set", List.of("anomaly.rate.hard-max=70", "model.store=", "anomaly.rate.hard-max=80"));
        assertThat(options.get(Options.RATE_HARD_MAX)).isEqualTo(80);
        assertThat(options.get(Options.SCORE_MAX_WAIT)).isEqualTo(Duration.ofMillis(7));
        assertThat(options.get(Options.MODEL_STORE)).isEmpty();
        assertThatThrownBy(() -> OptionsFile.assign(options, "--set", List.of("score.max-row=5")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--set: score.max-row: unknown option; allowed: [kafka.bootstrap-servers,");
        assertThatThrownBy(() -> OptionsFile.assign(options, "--set", List.of("score.max-rows=many")))
                .hasMessage("--set: score.max-rows = 'many': must be a whole number");
        assertThatThrownBy(() -> OptionsFile.assign(options, "--set", List.of("score.max-rows")))
                .hasMessage("--set: 'score.max-rows': must be KEY=VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "host:99999", "host:0", "host:", ":9092", "host:9092,", "host:9092;other:9092",
            "a b:9092", "http://host:9092", "''", "", "[::1:9092"})
    void brokersThatNoClientCouldTakeAreRefused(String servers) {
        String value = servers.equals("''") ? "" : servers;
        assertThatThrownBy(() -> read("delivery: at-least-once\nkafka:\n  bootstrap-servers: " + quoted(servers) + "\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("liveprofile.yaml:3: kafka.bootstrap-servers = '" + value + "': must be brokers as host:port,"
                        + " comma-separated, ports from 1 to 65535, such as 127.0.0.1:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9092", "kafka-1.shop.example:9092, kafka_2:65535", "[::1]:1"})
    void brokersByNameOrAddressAreTaken(String servers) {
        assertThat(read("kafka.bootstrap-servers: " + quoted(servers)).get(Options.KAFKA_SERVERS)).isEqualTo(servers);
    }

    @Test
    void aKeyWithNothingBehindItIsNotTheDefault() {
        assertThat(read("model:\n  store:\nscore:\n").get(Options.MODEL_STORE)).isEmpty();
        assertThatThrownBy(() -> read("score:\n  max-rows:\n"))
                .hasMessage("liveprofile.yaml:2: score.max-rows = '': must be a whole number");
        assertThatThrownBy(() -> read("scores:\n")).hasMessageStartingWith("liveprofile.yaml:1: scores: unknown option");
    }

    @Test
    void aValueOutOfItsRangeIsNamed() {
        assertThatThrownBy(() -> ProfileJobConfig.of(read("score.max-rows: 0\n")))
                .hasMessageStartingWith("score.max-rows = '0': must be from 1 to 65536");
        assertThatThrownBy(() -> ProfileJobConfig.of(read("score.explain-every: -1\n")))
                .hasMessage("score.explain-every = '-1': must be 0 or more");
        assertThatThrownBy(() -> ProfileJobConfig.of(read("dedupe.window: 1 h\n")))
                .hasMessageStartingWith("dedupe.window = '1 h': must be at least late.allowed (1 d)");
        assertThatThrownBy(() -> ProfileJobConfig.of(read("features.file: nowhere.yaml\n")))
                .hasMessage("nowhere.yaml: no such file");
        assertThatThrownBy(() -> ProfileJobConfig.of(read("ingest.earliest: yesterday\n")))
                .hasMessage("ingest.earliest = 'yesterday': must be an instant such as 2000-01-01T00:00:00Z");
    }

    @Test
    void aModelStoreThatFlinkCannotReachIsRefusedByBothJobs() {
        String allowed = "must be a directory or a URI of a file system that Flink has, such as s3://bucket/models";
        Configuration unknown = read("model.store: nowhere://shop/models\n");
        for (Consumer<Configuration> job : List.<Consumer<Configuration>>of(ProfileJobConfig::of, TrainingJobConfig::of)) {
            assertThatThrownBy(() -> job.accept(unknown))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("model.store = 'nowhere://shop/models': " + allowed
                            + ": Could not find a file system implementation for scheme 'nowhere'")
                    .hasMessageNotContaining("\n");
        }
        assertThatThrownBy(() -> ProfileJobConfig.of(read("model.store: 's3:models'\n")))
                .hasMessage("model.store = 's3:models': " + allowed);
    }

    @Test
    void aModelStoreIsADirectoryOrAUriForWorkersToo() {
        assertThat(ProfileJobConfig.modelStore(read("model.store: some/models\n")))
                .isEqualTo(Path.of("some/models").toAbsolutePath().toString());
        assertThat(ProfileJobConfig.modelStore(read("model.store: file:///some/models\n"))).isEqualTo("file:///some/models");
        assertThat(ProfileJobConfig.modelStore(read("model.store: ''\n"))).isEmpty();
    }

    /** {@code -Dreadme.write=true} writes the table instead of checking it. */
    @Test
    void theReadmesTableIsTheOneOfTheOptions() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(end).as("markers in the README").isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("readme.write")) {
            Files.writeString(README, readme.substring(0, begin) + table() + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end)).isEqualTo(table());
        }
    }

    private static String table() {
        return Options.all().stream()
                .map(option -> "| `" + option.key() + "` | " + type(option) + " | `" + shown(option.defaultValue()) + "` | "
                        + new HtmlFormatter().format(option.description()) + " |\n")
                .collect(Collectors.joining("", "| option | type | default | effect |\n| --- | --- | --- | --- |\n", ""));
    }

    private static String type(ConfigOption<?> option) {
        Object value = option.defaultValue();
        return value instanceof Enum<?>
                ? "choice"
                : value instanceof MemorySize ? "size" : value.getClass().getSimpleName().toLowerCase();
    }

    private static String shown(Object value) {
        if (value instanceof Duration duration) {
            return duration.isZero() ? "0 s" : Durations.format(duration);
        }
        if (value instanceof MemorySize size) {
            return size.toHumanReadableString().replaceAll("\\.000([a-z]+) .*", "$1");
        }
        return value instanceof Enum<?> constant ? constant.name().toLowerCase().replace('_', '-') : value.toString();
    }

    /** As YAML, save for nothing at all and what is quoted already. */
    private static String quoted(String text) {
        return text.isEmpty() || text.startsWith("'") ? text : "'" + text + "'";
    }

    private static Configuration read(String yaml) {
        return OptionsFile.read(ConfigNode.parse("liveprofile.yaml", yaml));
    }
}
