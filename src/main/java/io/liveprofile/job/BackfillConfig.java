package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigText;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.job.backfill.HistoryDecoding;
import io.liveprofile.job.backfill.HistoryFiles;
import io.liveprofile.job.backfill.HistoryLane;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * History to read before the live stream.
 *
 * @param paths files and directories, comma-separated
 * @param mapping the text of the mapping of their rows
 * @param until event time up to which the history counts, and from which the live stream does
 */
public record BackfillConfig(String paths, ConfigText mapping, Instant until) implements Serializable {

    /**
     * Reads and checks the options; looks for no history file yet.
     *
     * @return null when there is no history to read
     * @throws ConfigException with the first thing that is wrong
     */
    static BackfillConfig of(Configuration options) {
        String paths = options.get(Options.BACKFILL_PATH);
        String mapping = options.get(Options.BACKFILL_MAPPING);
        String until = options.get(Options.BACKFILL_UNTIL);
        if (paths.isBlank()) {
            require(mapping.isBlank(), Options.BACKFILL_MAPPING, mapping, "is only for a history: backfill.path is not given");
            require(until.isBlank(), Options.BACKFILL_UNTIL, until, "is only for a history: backfill.path is not given");
            return null;
        }
        require(Files.isRegularFile(Path.of(mapping)), Options.BACKFILL_MAPPING, mapping,
                "must be a mapping file, which backfill.path needs");
        ConfigText text = ConfigText.read(Path.of(mapping));
        Mapping.parse(text.file(), text.text());
        return new BackfillConfig(paths, text, instant(until));
    }

    /**
     * The history files, each opened once to see whether it can be read.
     *
     * @throws ConfigException when there is none or one cannot be read
     */
    public List<HistoryLane> lanes() {
        try {
            return HistoryFiles.find(paths, Mapping.parse(mapping.file(), mapping.text()));
        } catch (ConfigException e) {
            throw new ConfigException(Options.BACKFILL_PATH.key() + " = '" + paths + "': " + e.getMessage(), e);
        }
    }

    /**
     * The history files that a job in this environment has to read; none where its state, which knows them, is restored.
     *
     * @throws ConfigException also when the environment takes no checkpoints by which the live stream could begin
     */
    List<HistoryLane> lanes(StreamExecutionEnvironment env) {
        require(env.getCheckpointConfig().isCheckpointingEnabled(), CheckpointingOptions.CHECKPOINTING_INTERVAL, "",
                "must be a duration above 0 with backfill.path: the live stream begins with a checkpoint");
        require(!env.getCheckpointConfig().isUnalignedCheckpointsEnabled(), CheckpointingOptions.ENABLE_UNALIGNED, true,
                "must be false with backfill.path: what is still on its way is not in a user's profile");
        return env.getConfiguration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent() ? List.of() : lanes();
    }

    HistoryDecoding decoding(EventLimits limits, String keyset) {
        return new HistoryDecoding(mapping, limits, keyset, until);
    }

    EventSpan live() {
        return EventSpan.from(until);
    }

    /** Every event of the topic from {@code until} on lies behind these: none is further ahead of its broker's time. */
    OffsetsInitializer start(Duration maxAhead) {
        return OffsetsInitializer.timestamp(Math.max(0, until.minus(maxAhead).toEpochMilli()));
    }

    private static Instant instant(String text) {
        Instant until;
        try {
            until = Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ConfigException(Options.BACKFILL_UNTIL.key() + " = '" + text
                    + "': must be an instant such as 2026-01-01T00:00:00Z, which backfill.path needs", e);
        }
        require(!until.isBefore(Instant.EPOCH) && !until.isAfter(Instant.now()), Options.BACKFILL_UNTIL, text,
                "must be from 1970-01-01T00:00:00Z to now");
        return until;
    }

    private static void require(boolean holds, ConfigOption<?> option, Object value, String allowed) {
        if (!holds) {
            throw new ConfigException(option.key() + " = '" + value + "': " + allowed);
        }
    }
}
