package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.util.List;

/** The jobs that are submitted. */
enum Job {
    PROFILE("profile", ProfileJob.NAME, ProfileJob.class),
    TRAINING("training", TrainingJob.NAME, TrainingJob.class);

    private final String option;
    private final String flinkName;
    private final Class<?> main;

    Job(String option, String flinkName, Class<?> main) {
        this.option = option;
        this.flinkName = flinkName;
        this.main = main;
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
