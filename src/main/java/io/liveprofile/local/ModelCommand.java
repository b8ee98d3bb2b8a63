package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.Durations;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.CrossValidation;
import io.liveprofile.model.Examples;
import io.liveprofile.model.FirstModel;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.simulation.SimulationConfig;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.SimulatedHistory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The first model, from simulated history, into the model store. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Trains a first model on simulated shoppers, holds it against a logistic regression on users that"
                + " neither has seen, and releases it to the model store. The next run scores with it.")
final class ModelCommand implements Callable<Integer>, Liveprofile.Verbose {
    private static final Duration WARM_UP = Duration.ofDays(7);
    /** Two events a second of 10,000 shoppers: the pace at which the simulation is most like people. */
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;
    /** Active before the first event of any replay. */
    private static final long FROM_THE_BEGINNING = 0;

    @Option(names = "--users", paramLabel = "N", defaultValue = "30000",
            description = "Shoppers to simulate (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--span", paramLabel = "TIME", defaultValue = "5d",
            description = "Simulated time that gives examples, after a week that fills the windows (default: ${DEFAULT-VALUE}).")
    private String span;

    @Option(names = "--share", paramLabel = "X", defaultValue = "0.05",
            description = "Share of the events that become examples; orders, payments and refunds all do (default: ${DEFAULT-VALUE}).")
    private double share;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "7",
            description = "Seed of the simulation: the same seed gives the same model (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--folds", paramLabel = "K", defaultValue = "0",
            description = "Cross-validate over so many folds of the users, at least 3, instead of releasing a model.")
    private int folds;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    @Override
    public Integer call() {
        System.setProperty("liveprofile.log", "target/run/model.log");
        if (folds != 0 && folds < 3) {
            throw new ConfigException("--folds = '" + folds + "': must be at least 3");
        }
        Configuration options = settings.job().read();
        String store = ProfileJobConfig.modelStore(options);
        if (store.isBlank()) {
            throw new ConfigException(Options.MODEL_STORE.key() + " is empty: there is no store to release to");
        }
        ProfileJobConfig job = ProfileJobConfig.withoutModel(options); // whatever scores there now, of these features or of others
        ModelConfig model = ModelConfig.read(Path.of(options.get(Options.MODEL_FILE)));
        LabelPlan labels = LabelPlan.read(Path.of(options.get(Options.LABELS)), model.headNames());
        FeaturePlan features = job.featurePlan();
        PrintStream out = System.out;
        SimulatedHistory history = new SimulatedHistory(
                simulation(), job.profiler(), features, WARM_UP, span(), share(), labels);
        out.printf("Simulating %s shoppers for %s after %s that fill the windows, seed %d%n",
                Figures.grouped(users), span, Durations.format(WARM_UP), seed);
        Examples examples = history.examples(events -> {
            if (events % 1_000_000 == 0) {
                out.printf("  %s events simulated%n", Figures.grouped(events));
            }
        });
        if (folds > 0) {
            out.printf("Cross-validation over %d folds of the users; nothing is released%n", folds);
            out.print(CrossValidation.of(examples, InputLayout.of(features.schema()), model, folds,
                    done -> out.printf("  fold %d of %d done%n", done, folds)).table());
            return 0;
        }
        FirstModel.train(examples, features.schema(), model, ModelStores.open(store),
                new FirstModel.Times(System.currentTimeMillis(), FROM_THE_BEGINNING), out);
        return 0;
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    private SimulationConfig simulation() {
        try {
            return SimulationConfig.defaults()
                    .withSeed(seed)
                    .withUsers(users)
                    .withEventsPerSecond(users * EVENTS_PER_USER_SECOND);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }

    private Duration span() {
        try {
            return Durations.parse(span);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--span = '" + span + "': " + e.getMessage(), e);
        }
    }

    private double share() {
        if (!(share > 0 && share <= 1)) {
            throw new ConfigException("--share = '" + share + "': must be above 0, at most 1");
        }
        return share;
    }
}
