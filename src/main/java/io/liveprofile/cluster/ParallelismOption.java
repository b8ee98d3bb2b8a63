package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** With how many subtasks a job is submitted. */
final class ParallelismOption {
    @Option(names = "--parallelism", paramLabel = "N",
            description = "Of the job (default: parallelism.default of Flink; of an upgrade: as the job was submitted).")
    private Integer parallelism;

    void check() {
        if (parallelism != null && parallelism < 1) {
            throw new ConfigException("PARALLELISM: " + parallelism + " is not above 0");
        }
    }

    /** Empty = as Flink's configuration says. */
    OptionalInt value() {
        return parallelism == null ? OptionalInt.empty() : OptionalInt.of(parallelism);
    }
}
