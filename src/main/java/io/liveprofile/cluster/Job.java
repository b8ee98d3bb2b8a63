package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The jobs that are submitted. */
enum Job {
    PROFILE("profile", ProfileJob.NAME, ProfileJob.class, ProfileJob::define),
    TRAINING("training", TrainingJob.NAME, TrainingJob.class, TrainingJob::define);

    private final String option;
    private final String flinkName;
    private final Class<?> main;
    private final BiConsumer<StreamExecutionEnvironment, List<String>> definition;

    Job(String option, String flinkName, Class<?> main, BiConsumer<StreamExecutionEnvironment, List<String>> definition) {
        this.option = option;
        this.flinkName = flinkName;
        this.main = main;
        this.definition = definition;
    }

    /** As the command line calls it. */
    String option() {
        return option;
    }

    /** As Flink calls it. */
    String flinkName() {
        return flinkName;
    }

    String mainClass() {
        return main.getName();
    }

    /**
     * Adds the graph to the environment as the main does, given these arguments; executes nothing.
     *
     * @throws ConfigException when the main refuses them, or the settings of the environment
     */
    void define(StreamExecutionEnvironment env, List<String> arguments) {
        definition.accept(env, arguments);
    }

    /**
     * The jobs that a command is about.
     *
     * @param option one of them, or null for all
     * @throws ConfigException naming what is allowed
     */
    static List<Job> of(String option) {
        if (option == null) {
            return List.of(values());
        }
        for (Job job : values()) {
            if (job.option.equals(option)) {
                return List.of(job);
            }
        }
        throw new ConfigException("JOB: '" + option + "' is neither profile nor training");
    }
}
