package io.liveprofile.cluster;

import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.job.TrainingJobConfig;
import io.liveprofile.local.JobSettings;
import io.liveprofile.local.PseudonymKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/**
 * What the main of a job is given on a cluster: liveprofile.yaml, the cluster's broker and model store, and what the command
 * line sets instead.
 *
 * <p>The model store is the cluster's own, begun with what the configured one holds: what the training job of a cluster
 * releases, by the time of its events, shall not score in a run of other events. One that the command line names is used as it is.
 */
record JobArguments(JobSettings settings, ClusterDirectory directory) {

    /** The configured model store, if it is a directory of this machine; null if not. */
    Path configuredStore() {
        String store = settings.read().get(Options.MODEL_STORE);
        return store.isBlank() || store.contains("://") || store.startsWith("file:") ? null : Path.of(store);
    }

    /** Whether the job has something to do: without a store to release to there is nothing to learn for. */
    boolean isFor(Job job) {
        return job != Job.TRAINING || !settings.read().get(Options.MODEL_STORE).isBlank();
    }

    /**
     * Arguments of the main of a job, once every file that they name has been read and found right.
     *
     * @throws io.liveprofile.config.ConfigException naming source, key, value and what is allowed
     */
    List<String> checked(Job job, Addresses addresses) {
        Configuration options = settings.read();
        List<String> set = new ArrayList<>(List.of(Options.KAFKA_SERVERS.key() + "=" + addresses.bootstrapServers()));
        if (configuredStore() != null && !settings.assigns(Options.MODEL_STORE.key())) {
            set.add(Options.MODEL_STORE.key() + "=" + directory.models());
        }
        set.addAll(settings.assignments());
        Configuration asked = new JobSettings(settings.directory(), set).read();
        if (job == Job.PROFILE) {
            ProfileJobConfig.of(asked);
        } else {
            TrainingJobConfig.of(asked);
            ProfileJobConfig.withoutModel(asked);
        }
        PseudonymKey.require(Path.of(options.get(Options.KEY_FILE)), hasState(), "begin with a new cluster");
        List<String> arguments = new ArrayList<>(List.of(settings.optionsFile().toString()));
        arguments.addAll(set);
        return arguments;
    }

    private boolean hasState() {
        JobStates states = new JobStates(directory);
        return Arrays.stream(Job.values()).anyMatch(job -> states.newest(job).isPresent());
    }
}
