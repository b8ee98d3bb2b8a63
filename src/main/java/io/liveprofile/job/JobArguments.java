package io.liveprofile.job;

import io.liveprofile.config.ConfigNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Arguments of a job's main: {@code [LIVEPROFILE_YAML] [KEY=VALUE ...]}. */
final class JobArguments {
    private static final String DEFAULT_OPTIONS = "flink-conf/liveprofile.yaml";

    private JobArguments() {}

    static Configuration options(String[] args) {
        boolean hasFile = args.length > 0 && !args[0].contains("=");
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of(hasFile ? args[0] : DEFAULT_OPTIONS)));
        OptionsFile.assign(options, "arguments", List.of(args).subList(hasFile ? 1 : 0, args.length));
        return options;
    }
}
