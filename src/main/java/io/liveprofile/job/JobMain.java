package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the mains of the jobs share: arguments {@code [LIVEPROFILE_YAML] [KEY=VALUE ...]}, and one line for what is wrong. */
final class JobMain {
    private static final String DEFAULT_OPTIONS = "flink-conf/liveprofile.yaml";
    private static final int UNUSABLE = 2;

    /** Adds a job's graph. */
    interface Definition {
        /** @throws ConfigException when an option or a file it names cannot be used */
        void define(StreamExecutionEnvironment env, List<String> arguments);
    }

    private JobMain() {}

    static void run(String[] args, String jobName, Definition definition) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        KeyGroups.keep(env);
        try {
            definition.define(env, List.of(args));
        } catch (ConfigException e) {
            System.err.println("liveprofile: " + e.getMessage());
            System.exit(UNUSABLE);
        }
        env.execute(jobName);
    }

    /** @throws ConfigException naming source, key, value and what is allowed */
    static Configuration options(List<String> arguments) {
        boolean hasFile = !arguments.isEmpty() && !arguments.get(0).contains("=");
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of(hasFile ? arguments.get(0) : DEFAULT_OPTIONS)));
        OptionsFile.assign(options, "arguments", arguments.subList(hasFile ? 1 : 0, arguments.size()));
        return options;
    }
}
