package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigText;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.training.LabelPlan;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;

/**
 * All settings of the training job, checked, as the operators take them.
 *
 * @param features the text of features.yaml, for the feature schema
 * @param model the text of model.yaml
 * @param labels the text of labels.yaml
 * @param modelStore directory or URI of model releases
 * @param maxWaiting vectors of a user that wait at a time
 * @param releaseLead event time from what a release has learned to its activation
 * @param hotBytes heap for the users that a subtask keeps in memory; 0 = a share of the heap
 * @param idleness after which a silent partition of scored-features holds event time back no longer
 */
public record TrainingJobConfig(
        ConfigText features,
        ConfigText model,
        ConfigText labels,
        String modelStore,
        int maxWaiting,
        Duration releaseLead,
        long hotBytes,
        Duration watermarkDisorder,
        Duration watermarkIdleness,
        Duration idleness)
        implements Serializable {

    public TrainingJobConfig {
        require(maxWaiting >= 1, Options.LABELS_MAX_WAITING.key(), maxWaiting, "at least 1");
        require(idleness.toMillis() >= 1, Options.LABELS_IDLENESS.key(), idleness, "at least 1 ms");
        require(!releaseLead.isNegative(), Options.RELEASE_LEAD.key(), releaseLead, "0 or more");
        require(!modelStore.isBlank(), Options.MODEL_STORE.key(), modelStore, "a directory or a URI: releases go there");
    }

    /**
     * Reads and checks every setting and the files they name.
     *
     * @throws ConfigException with the first thing that is wrong
     */
    public static TrainingJobConfig of(Configuration options) {
        TrainingJobConfig config = new TrainingJobConfig(
                ConfigText.read(Path.of(options.get(Options.FEATURES))),
                ConfigText.read(Path.of(options.get(Options.MODEL_FILE))),
                ConfigText.read(Path.of(options.get(Options.LABELS))),
                ProfileJobConfig.modelStore(options),
                options.get(Options.LABELS_MAX_WAITING),
                options.get(Options.RELEASE_LEAD),
                options.get(Options.HOT_USERS).getBytes(),
                options.get(Options.WATERMARK_DISORDER),
                options.get(Options.WATERMARK_IDLENESS),
                options.get(Options.LABELS_IDLENESS));
        config.schema();
        config.labelPlan();
        return config;
    }

    FeatureSchema schema() {
        return FeaturePlan.read(features.parse()).schema();
    }

    ModelConfig modelConfig() {
        return ModelConfig.parse(model.parse());
    }

    LabelPlan labelPlan() {
        return LabelPlan.parse(labels.parse(), modelConfig().headNames());
    }

    private static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new ConfigException(key + " = '" + value + "': must be " + allowed);
        }
    }
}
