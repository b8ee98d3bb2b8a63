package io.liveprofile.deploy;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** Arguments of a job as the files of deploy/ give them, read as its main does. */
final class DeployedJobs {
    static final String JAR = "/opt/flink/usrlib/liveprofile-job.jar";
    /** What of the image are files of the project. */
    private static final String IMAGE = "/opt/flink/";

    private DeployedJobs() {}

    /**
     * The options, with the configuration files found in the project.
     *
     * @throws io.liveprofile.config.ConfigException when one is unknown or cannot be read
     */
    static Configuration options(List<String> arguments) {
        List<String> here = new ArrayList<>();
        arguments.forEach(argument -> here.add(argument.replace(IMAGE + "flink-conf/", "flink-conf/")));
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of(here.get(0))));
        OptionsFile.assign(options, "arguments", here.subList(1, here.size()));
        return options;
    }

    /** Files and directories that the container must have mounted. */
    static List<String> mounted(Configuration options) {
        return List.of(options.get(Options.MODEL_STORE), options.get(Options.KEY_FILE));
    }
}
