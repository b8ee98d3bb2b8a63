package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.job.backfill.HistoryLane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillConfigTest {
    @TempDir
    Path directory;

    private Path history;
    private Path mapping;

    @BeforeEach
    void setUp() throws IOException {
        history = Files.writeString(directory.resolve("history.csv"), "1,ann\n");
        mapping = Files.writeString(directory.resolve("shop.yaml"), """
                name: shop
                format: csv
                header: false
                columns: [t, user]
                events:
                  - {userId: user, eventTime: {column: t, unit: ms}, type: VIEW}
                """);
    }

    @Test
    void withoutAPathThereIsNone() {
        assertThat(BackfillConfig.of(new Configuration())).isNull();
        assertRefused("", mapping.toString(), "",
                "backfill.mapping = '" + mapping + "': is only for a history: backfill.path is not given");
        assertRefused("", "", "2026-01-01T00:00:00Z",
                "backfill.until = '2026-01-01T00:00:00Z': is only for a history: backfill.path is not given");
    }

    @Test
    void aPathNeedsTheOthers() {
        BackfillConfig backfill = BackfillConfig.of(options(history.toString(), mapping.toString(), "2026-01-01T00:00:00Z"));
        assertThat(backfill.until()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(backfill.lanes()).extracting(HistoryLane::path).containsExactly("file:" + history);
        assertRefused(history.toString(), "", "2026-01-01T00:00:00Z",
                "backfill.mapping = '': must be a mapping file, which backfill.path needs");
        assertRefused(history.toString(), "nowhere.yaml", "2026-01-01T00:00:00Z",
                "backfill.mapping = 'nowhere.yaml': must be a mapping file, which backfill.path needs");
        assertRefused(history.toString(), mapping.toString(), "",
                "backfill.until = '': must be an instant such as 2026-01-01T00:00:00Z, which backfill.path needs");
        assertRefused(history.toString(), mapping.toString(), "2026-01-01",
                "backfill.until = '2026-01-01': must be an instant such as 2026-01-01T00:00:00Z, which backfill.path needs");
        for (String until : new String[] {"2999-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z"}) {
            assertRefused(history.toString(), mapping.toString(), until,
                    "backfill.until = '" + until + "': must be from 1970-01-01T00:00:00Z to now");
        }
    }

    @Test
    void aMappingOrAPathThatCannotBeUsedIsNamed() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "name: shop\nformat: xml\n");
        assertThatThrownBy(() -> BackfillConfig.of(options(history.toString(), wrong.toString(), "2026-01-01T00:00:00Z")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(wrong + ":2: format = 'xml': ");
        BackfillConfig missing = BackfillConfig.of(options("nowhere", mapping.toString(), "2026-01-01T00:00:00Z"));
        assertThatThrownBy(missing::lanes)
                .isInstanceOf(ConfigException.class)
                .hasMessage("backfill.path = 'nowhere': there is no file or directory nowhere");
    }

    @Test
    void theLiveStreamNeedsCheckpointsThatAreAlignedToBegin() {
        BackfillConfig backfill = BackfillConfig.of(options(history.toString(), mapping.toString(), "2026-01-01T00:00:00Z"));
        Configuration settings = new Configuration();
        assertThatThrownBy(() -> backfill.lanes(StreamExecutionEnvironment.getExecutionEnvironment(settings)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("execution.checkpointing.interval = '': must be a duration above 0 with backfill.path: the live"
                        + " stream begins with a checkpoint");
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        assertThatCode(() -> backfill.lanes(StreamExecutionEnvironment.getExecutionEnvironment(settings)))
                .doesNotThrowAnyException();
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        assertThatThrownBy(() -> backfill.lanes(StreamExecutionEnvironment.getExecutionEnvironment(settings)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("execution.checkpointing.unaligned.enabled = 'true': must be false with backfill.path: what is"
                        + " still on its way is not in a user's profile");
    }

    @Test
    void aJobThatGoesOnFromItsStateLooksForNoFile() {
        BackfillConfig backfill = BackfillConfig.of(options("nowhere", mapping.toString(), "2026-01-01T00:00:00Z"));
        Configuration settings = new Configuration();
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, "file:/savepoint");
        assertThat(backfill.lanes(StreamExecutionEnvironment.getExecutionEnvironment(settings))).isEmpty();
    }

    private static void assertRefused(String path, String mapping, String until, String message) {
        assertThatThrownBy(() -> BackfillConfig.of(options(path, mapping, until)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    private static Configuration options(String path, String mapping, String until) {
        Configuration options = new Configuration();
        options.set(Options.BACKFILL_PATH, path);
        options.set(Options.BACKFILL_MAPPING, mapping);
        options.set(Options.BACKFILL_UNTIL, until);
        return options;
    }
}
