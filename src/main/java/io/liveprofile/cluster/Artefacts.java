package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What {@code make package} made.
 *
 * @param jobJar both jobs
 * @param flinkLib Flink's own jars
 * @param tensorFlowLib what lies beside them
 */
record Artefacts(Path jobJar, Path flinkLib, Path tensorFlowLib) {

    Artefacts {
        jobJar = jobJar.toAbsolutePath().normalize();
        flinkLib = flinkLib.toAbsolutePath().normalize();
        tensorFlowLib = tensorFlowLib.toAbsolutePath().normalize();
    }

    /** @throws ConfigException when one of them is not there */
    void require() {
        for (Path each : Stream.of(jobJar, flinkLib, tensorFlowLib).toList()) {
            if (!Files.exists(each)) {
                throw new ConfigException("there is no " + each + ": make it with 'make package'");
            }
        }
    }

    static Artefacts in(Path target) {
        return new Artefacts(
                target.resolve("liveprofile-job.jar"),
                target.resolve("cluster/flink/lib"),
                target.resolve("cluster/lib"));
    }

    /** Of every process of Flink's. */
    String classPath() {
        return flinkLib + "/*:" + tensorFlowLib + "/*";
    }
}
