package io.liveprofile.job;

import io.liveprofile.anomaly.OutlierConfig;
import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigText;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.inference.ExplainedShare;
import io.liveprofile.inference.MicroBatching;
import io.liveprofile.inference.ModelStoreLoader;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.inference.NoModelStore;
import io.liveprofile.inference.ReleaseLoader;
import io.liveprofile.inference.ScoreAlerts;
import io.liveprofile.inference.StabilityWindow;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.ReleaseException;
import io.liveprofile.model.UnfitReleaseException;
import io.liveprofile.profile.ProfilerConfig;
import io.liveprofile.training.LabelPlan;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All settings of the profile job, checked, as the operators take them.
 *
 * @param limits what an event may hold
 * @param mapping the text of the mapping of foreign values; null = values are Avro
 * @param backfill history to read first; null = none
 * @param profiler settings of the stages that update a user
 * @param features the text of features.yaml
 * @param modelStore directory or URI of model releases; blank = none
 * @param batching when a batch of updates is scored
 * @param scoreAlerts when the model's scores raise an alert
 * @param explainedShare which profiles say why the model thinks so
 * @param stabilityWindow how many vectors are compared with what the release was trained on
 * @param coalesce at most one profile a user in this time; zero = every update
 * @param hotBytes heap for the users, and for the other keys, that a subtask keeps in memory; 0 = a share of the heap
 */
public record ProfileJobConfig(
        EventLimits limits,
        ConfigText mapping,
        BackfillConfig backfill,
        ProfilerConfig profiler,
        ConfigText features,
        String modelStore,
        MicroBatching batching,
        ScoreAlerts scoreAlerts,
        ExplainedShare explainedShare,
        StabilityWindow stabilityWindow,
        Duration coalesce,
        long hotBytes,
        Duration watermarkDisorder,
        Duration watermarkIdleness)
        implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileJobConfig.class);

    public ProfileJobConfig {
        require(!coalesce.isNegative(), Options.COALESCE, coalesce, "0 or more");
        require(watermarkIdleness.toMillis() >= 1, Options.WATERMARK_IDLENESS, watermarkIdleness, "at least 1 ms");
    }

    /**
     * Reads and checks every setting and the files they name, and that the model store has a release to score with, or none.
     *
     * @throws ConfigException with the first thing that is wrong
     */
    public static ProfileJobConfig of(Configuration options) {
        ProfileJobConfig config = read(options, modelStore(options));
        requireUsableModel(options, config.featurePlan().schema());
        return config;
    }

    /**
     * The same for who scores nothing and does with any releases, or with none; there is no model store.
     *
     * @throws ConfigException with the first thing that is wrong
     */
    public static ProfileJobConfig withoutModel(Configuration options) {
        return read(options, "");
    }

    private static ProfileJobConfig read(Configuration options, String modelStore) {
        ConfigText features = ConfigText.read(Path.of(options.get(Options.FEATURES)));
        FeaturePlan.read(features.parse(), options.get(Options.MAX_USER_STATE).getBytes());
        return new ProfileJobConfig(
                new EventLimits(
                        instant(options),
                        options.get(Options.MAX_AHEAD),
                        options.get(Options.OUTCOME_MAX_AHEAD),
                        options.get(Options.MAX_TEXT_LENGTH),
                        options.get(Options.MAX_ID_LENGTH),
                        options.get(Options.MAX_ATTRIBUTES),
                        options.get(Options.MAX_RECORD_BYTES)),
                mapping(options.get(Options.MAPPING)),
                BackfillConfig.of(options),
                new ProfilerConfig(
                        options.get(Options.DEDUPE),
                        options.get(Options.DEDUPE_MAX_IDS),
                        options.get(Options.ALLOWED_LATENESS),
                        new OutlierConfig(
                                options.get(Options.AMOUNT_HARD_MAX),
                                options.get(Options.AMOUNT_THRESHOLD),
                                options.get(Options.RATE_INTERVAL),
                                options.get(Options.RATE_HARD_MAX),
                                options.get(Options.RATE_ALWAYS_ALLOWED),
                                options.get(Options.RATE_THRESHOLD),
                                options.get(Options.MIN_HISTORY)),
                        options.get(Options.REFRESH),
                        options.get(Options.OUTCOME_MEMORY),
                        options.get(Options.OUTCOME_MEMORY_EVENTS),
                        options.get(Options.ALERT_SUPPRESSION)),
                features,
                modelStore,
                batching(options),
                scoreAlerts(options),
                new ExplainedShare(options.get(Options.SCORE_EXPLAIN_EVERY)),
                new StabilityWindow(options.get(Options.STABILITY_VECTORS)),
                options.get(Options.COALESCE),
                options.get(Options.HOT_USERS).getBytes(),
                options.get(Options.WATERMARK_DISORDER),
                options.get(Options.WATERMARK_IDLENESS));
    }

    /** What counts of behavior-events. */
    EventSpan liveSpan() {
        return backfill == null ? EventSpan.ALWAYS : backfill.live();
    }

    public FeaturePlan featurePlan() {
        return FeaturePlan.read(features.parse());
    }

    /** Opens releases of the model store; nothing where there is no store. */
    public ReleaseLoader releaseLoader() {
        return modelStore.isBlank() ? new NoModelStore() : new ModelStoreLoader(modelStore, featurePlan().schema());
    }

    /**
     * Where the job would refuse each release it is refused before it starts. One that is torn is no reason: a JobManager that
     * takes over from another comes by here too, and the release before goes on.
     */
    private static void requireUsableModel(Configuration options, FeatureSchema schema) {
        String store = options.get(Options.MODEL_STORE);
        if (store.isBlank()) {
            return;
        }
        List<ReleaseException> refusals = new ArrayList<>();
        try {
            ModelStore models = ModelStores.open(store);
            for (String id : new ModelStoreLoader(store, schema).newest()) {
                if (isUsable(id, models, schema, refusals)) {
                    return;
                }
            }
        } catch (UncheckedIOException e) {
            throw new ConfigException(Options.MODEL_STORE.key() + " = '" + store + "': " + e.getMessage(), e);
        }
        if (!refusals.isEmpty()) {
            ReleaseException newest = refusals.get(0);
            throw new ConfigException(Options.MODEL_STORE.key() + " = '" + store + "': " + newest.getMessage()
                    + (newest instanceof UnfitReleaseException ? ". " + remedy(options) : ""), newest);
        }
    }

    /** Typed as it stands there it releases to the very store that the job has, for the very features. */
    private static String remedy(Configuration options) {
        String features = options.get(Options.FEATURES);
        String set = Options.MODEL_STORE.key() + "=" + options.get(Options.MODEL_STORE)
                + (features.equals(Options.FEATURES.defaultValue()) ? "" : " " + Options.FEATURES.key() + "=" + features);
        return "`make model SET=\"" + set + "\"` trains one for these features (for a store in containers see Deploy in README.md);"
                + " with SET=\"" + Options.MODEL_STORE.key() + "=\" profiles carry no predictions";
    }

    private static boolean isUsable(String id, ModelStore models, FeatureSchema schema, List<ReleaseException> refusals) {
        try {
            Manifest release = models.manifest(id);
            release.requireSchema(schema);
            models.verify(release);
            return true;
        } catch (ReleaseException e) {
            LOG.warn("Release {} is passed over: {}", id, e.getMessage());
            refusals.add(e);
            return false;
        }
    }

    /**
     * Where the releases are, for any worker; blank = nowhere.
     *
     * @throws ConfigException when it is neither a directory nor a URI of a file system that Flink has
     */
    public static String modelStore(Configuration options) {
        String store = options.get(Options.MODEL_STORE);
        try {
            return store.isBlank() ? "" : ModelStores.absolute(store);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(Options.MODEL_STORE.key() + " = '" + store + "': " + e.getMessage(), e);
        }
    }

    private static ConfigText mapping(String file) {
        if (file.isBlank()) {
            return null;
        }
        ConfigText mapping = ConfigText.read(Path.of(file));
        Mapping.parse(mapping.file(), mapping.text());
        return mapping;
    }

    private static MicroBatching batching(Configuration options) {
        return new MicroBatching(options.get(Options.SCORE_MAX_ROWS), options.get(Options.SCORE_MAX_WAIT));
    }

    private static ScoreAlerts scoreAlerts(Configuration options) {
        String text = options.get(Options.SCORE_ALERTS);
        try {
            ScoreAlerts alerts = ScoreAlerts.parse(text, options.get(Options.ALERT_SUPPRESSION));
            return alerts.limits().isEmpty() ? alerts : alerts.of(judgedTypes(options));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(Options.SCORE_ALERTS.key() + " = '" + text + "': " + e.getMessage(), e);
        }
    }

    private static TreeMap<String, Set<EventType>> judgedTypes(Configuration options) {
        ModelConfig model = ModelConfig.read(Path.of(options.get(Options.MODEL_FILE)));
        TreeMap<String, Set<EventType>> types = new TreeMap<>();
        LabelPlan.read(Path.of(options.get(Options.LABELS)), model.headNames()).labels()
                .forEach(label -> types.put(label.head(), label.judged()));
        return types;
    }

    private static Instant instant(Configuration options) {
        try {
            return Instant.parse(options.get(Options.EARLIEST));
        } catch (DateTimeException e) {
            throw new ConfigException(Options.EARLIEST.key() + " = '" + options.get(Options.EARLIEST)
                    + "': must be an instant such as 2000-01-01T00:00:00Z", e);
        }
    }

    private static void require(boolean holds, ConfigOption<?> option, Object value, String allowed) {
        if (!holds) {
            throw new ConfigException(option.key() + " = '" + value + "': must be " + allowed);
        }
    }
}
