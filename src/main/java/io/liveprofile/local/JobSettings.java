package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.job.OptionsFile;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/**
 * Where a command takes the job's options from: liveprofile.yaml, then what the command line sets instead.
 *
 * @param directory with the product's configuration files
 * @param assignments {@code KEY=VALUE} each; a later one wins
 */
public record JobSettings(Path directory, List<String> assignments) {
    private static final String OPTIONS_FILE = "liveprofile.yaml";
    /** Source of an assignment, as errors name it. */
    private static final String COMMAND_LINE = "--set";

    public JobSettings {
        assignments = List.copyOf(assignments);
    }

    /**
     * Reads the file and applies the assignments.
     *
     * @throws ConfigException naming source, key, value and what is allowed
     */
    public Configuration read() {
        Configuration options = OptionsFile.read(ConfigNode.read(optionsFile()));
        OptionsFile.assign(options, COMMAND_LINE, assignments);
        return options;
    }

    /** The file that the options are read from. */
    public Path optionsFile() {
        return directory.resolve(OPTIONS_FILE);
    }

    /** Whether an assignment names the key. */
    public boolean assigns(String key) {
        return assignments.stream().anyMatch(each -> each.startsWith(key + "="));
    }
}
