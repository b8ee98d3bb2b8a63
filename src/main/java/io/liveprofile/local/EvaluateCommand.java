package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.replay.DataSetEvaluation;
import io.liveprofile.replay.Slice;
import io.liveprofile.training.LabelPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How good the model is on a data file, learning as it goes. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = "Runs a data file in event time through the stages of both jobs and holds the model that learns from it"
                + " against the same model frozen after a third, a logistic regression that learns, and the share of positives.")
final class EvaluateCommand implements Callable<Integer>, Liveprofile.Verbose {
    @Option(names = "--data", paramLabel = "FILE", required = true, split = ",",
            description = "Data file, plain or .gz, in order of time; several, comma-separated, are merged by time.")
    private List<Path> data;

    @Option(names = "--mapping", paramLabel = "FILE", required = true, split = ",",
            description = "How its columns become events and outcomes; as many as there are data files.")
    private List<Path> mappings;

    @Option(names = "--with", paramLabel = "DIR",
            description = "Takes features.yaml, labels.yaml and model.yaml from there, as far as it has them.")
    private Path with;

    @Option(names = "--labels", paramLabel = "FILE", description = "labels.yaml to use (default: that of --with, or the option labels.file).")
    private Path labels;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "target/evaluation",
            description = "Where the report is written (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "200",
            description = "Bootstrap samples behind each interval (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--rows", description = "Also write each judged vector with its labels and scores to rows.csv.")
    private boolean rows;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    @Override
    public Integer call() {
        System.setProperty("liveprofile.log", "target/run/evaluate.log");
        if (samples < 1) {
            throw new ConfigException("--samples = '" + samples + "': must be at least 1");
        }
        if (with != null && !Files.isDirectory(with)) {
            throw new ConfigException("--with = '" + with + "': there is no such directory");
        }
        Configuration options = settings.job().read();
        options.set(Options.SCORE_ALERTS, ""); // nobody is alerted, and labels are those that are evaluated
        take("features.yaml", Options.FEATURES, options);
        take("model.yaml", Options.MODEL_FILE, options);
        take("labels.yaml", Options.LABELS, options);
        if (labels != null) {
            options.set(Options.LABELS, labels.toString());
        }
        ProfileJobConfig config = ProfileJobConfig.withoutModel(options);
        ModelConfig model = ModelConfig.read(Path.of(options.get(Options.MODEL_FILE)));
        ConfigNode labelFile = ConfigNode.read(Path.of(options.get(Options.LABELS)));
        DataSetEvaluation evaluation = new DataSetEvaluation(data, mappings.stream().map(Mapping::read).toList(), config.featurePlan(), config.profiler(),
                model, LabelPlan.parse(labelFile, model.headNames()), Slice.read(labelFile), samples, rows);
        requireDirectory();
        Console console = Console.standard();
        long start = System.nanoTime();
        long[] shown = {start};
        evaluation.run(out, System.out, done -> {
            long now = System.nanoTime();
            if (now - shown[0] > console.statusMillis() * 1_000_000) {
                shown[0] = now;
                Duration elapsed = Duration.ofNanos(now - start);
                console.status(String.format("%3.0f %% of the events, %s", done * 100, Figures.clock(elapsed)));
            }
        });
        return 0;
    }

    /** Found out before the work is done. */
    private void requireDirectory() {
        try {
            if (!Files.isDirectory(out)) {
                Files.createDirectories(out);
            }
        } catch (IOException e) {
            throw new ConfigException("--out = '" + out + "': is no directory and cannot be made one", e);
        }
    }

    @Override
    public boolean isVerbose() {
        return common.isVerbose();
    }

    /** That of {@code --with}, where it has one. */
    private void take(String name, ConfigOption<String> option, Configuration options) {
        if (with != null && Files.exists(with.resolve(name))) {
            options.set(option, with.resolve(name).toString());
        }
    }
}
