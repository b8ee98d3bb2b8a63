package io.liveprofile.benchmark;

import io.liveprofile.benchmark.ReleaseWatch.Served;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.job.Counts;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.job.TrainingJob;
import io.liveprofile.local.EmbeddedBroker;
import io.liveprofile.local.LocalFlink;
import io.liveprofile.local.RunDirectory;
import io.liveprofile.local.Topics;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/**
 * Seconds from a matured batch of labels to the release that learned from it scoring in every subtask of the profile job:
 * both jobs through a broker as {@code make run} has them, events at the pace of the clock.
 *
 * <p>A batch is mature when the youngest of its labels is known: when that order or outcome is written to the broker, or when
 * the horizon of a vector of which nothing came is over. As event time is wall time here, that is the {@code knownAt} of the
 * release, its activation less the lead. The end is when the first vector of the last subtask that carries the release can be
 * read from {@code scored-features}.
 *
 * <p>The configuration is the shipped one: features, model, batch, window and gate, delivery, checkpoints, watermarks,
 * idleness, lead. What is not: the labels' horizons are {@value #HORIZON}, as nobody waits a day for a figure; the model store
 * is a new one, whose first release is sure of everything and tells nobody apart, so that the gate lets its successor pass; and the
 * shoppers ({@link SeasonalTraffic}) change their ways after each release, so that it lets the next one pass.
 */
final class ReleaseSection {
    private static final String HORIZON = "3 s";
    private static final Path OPTIONS = Path.of("flink-conf/liveprofile.yaml");
    private static final int PARTITIONS = 4;
    private static final int SUBTASKS = 2;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    /** For each release; the shipped gate tries every few seconds. */
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final double A_MINUTE = 60;

    private final Run run;
    private final Path directory;

    ReleaseSection(Run run) {
        this.run = run;
        this.directory = run.directory().resolve("releases");
    }

    void measure() throws Exception {
        int releases = run.scale().releases();
        System.out.printf("from labels to releases, %d of them …%n", releases);
        List<Served> served = serve(releases);
        double[] everywhere = seconds(served, Served::everySubtaskMillis);
        if (served.size() < releases) {
            run.report().note("only " + served.size() + " of " + releases + " releases came in time");
        }
        run.report().add("From matured labels to the release that learned from them, " + served.size() + " releases", List.of(
                Figure.of("until it is written, median", "s",
                        Figure.median(seconds(served, each -> each.release().getCreatedAt()))),
                Figure.of("until a subtask scores with it, median", "s", Figure.median(seconds(served, Served::firstMillis))),
                Figure.of("until every subtask does, fastest", "s", everywhere[0]),
                Figure.of("until every subtask does, median", "s", Figure.median(everywhere)),
                Figure.of("until every subtask does, slowest", "s", everywhere[everywhere.length - 1])
                        .against("a minute", A_MINUTE)
                        .toReach(Target.atMost(1), null)));
    }

    /** Ascending. */
    private double[] seconds(List<Served> served, ToLongFunction<Served> time) {
        long lead = options().get(Options.RELEASE_LEAD).toMillis();
        return served.stream()
                .mapToDouble(each -> (time.applyAsLong(each) - (each.release().getActivationEventTime() - lead)) / 1e3)
                .sorted()
                .toArray();
    }

    private List<Served> serve(int releases) throws Exception {
        Files.createDirectories(directory);
        Configuration options = options();
        String first = publishSureOfEverything(options);
        try (RunDirectory held = RunDirectory.hold(directory.resolve("run"))) {
            held.prepare(false);
            try (EmbeddedBroker broker = EmbeddedBroker.start(held.kafka(), 0);
                    Topics topics = new Topics(broker.bootstrapServers());
                    LocalFlink flink = LocalFlink.start(held, 0, SUBTASKS, Path.of("flink-conf"))) {
                topics.create(PARTITIONS);
                flink.submit((env, servers) -> {
                    options.set(Options.KAFKA_SERVERS, servers);
                    ProfileJob.define(env, options, OffsetsInitializer.earliest());
                    TrainingJob.define(env, options, OffsetsInitializer.earliest());
                }, broker.bootstrapServers(), null);
                await(flink);
                try (ReleaseWatch watch = new ReleaseWatch(broker.bootstrapServers(), SUBTASKS);
                        SeasonalTraffic traffic = new SeasonalTraffic(broker.bootstrapServers())) {
                    follow(flink, watch, traffic, first, releases);
                    requireEveryRowScored(flink);
                    return watch.served();
                }
            }
        }
    }

    private static void await(LocalFlink flink) throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!flink.isRunning()) {
            requireSound(flink);
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The jobs did not start in " + START_LIMIT);
            }
            Thread.sleep(50);
        }
    }

    private void follow(LocalFlink flink, ReleaseWatch watch, SeasonalTraffic traffic, String first, int releases)
            throws Exception {
        long moved = System.nanoTime();
        int seasons = 0;
        int told = 0;
        while (watch.served().size() < releases) {
            requireSound(flink);
            traffic.requireSound();
            watch.look();
            if (watch.announced() > seasons) {
                seasons = watch.announced();
                moved = System.nanoTime();
                traffic.beginSeason();
            }
            for (Served each : watch.served().subList(told, watch.served().size())) {
                told++;
                System.out.printf("  %s serves …%n", each.release().getReleaseId());
            }
            if (System.nanoTime() - moved > LIMIT.toNanos()) {
                break;
            }
        }
        if (!watch.isScoring(first) || watch.served().isEmpty()) {
            throw new IllegalStateException("No release served in " + LIMIT + "; gate tries: "
                    + flink.metrics().count(Counts.GATE_TRIES) + ", vectors: " + flink.metrics().count(Counts.VECTORS));
        }
    }

    private void requireEveryRowScored(LocalFlink flink) {
        for (String name : List.of("unscored", "releases-refused", Counts.DEAD_LETTERS)) {
            if (flink.metrics().count(name) > 0) {
                throw new IllegalStateException(
                        flink.metrics().count(name) + " " + name + "; a figure of it would be worth nothing");
            }
        }
        long late = flink.metrics().count(Counts.LATE_VECTORS);
        if (late > 0) {
            run.report().note(Run.number(late) + " of " + Run.number(flink.metrics().count(Counts.VECTORS))
                    + " vectors came too late for their labels, as the machine was too slow");
        }
    }

    private static void requireSound(LocalFlink flink) {
        if (flink.isEnded()) {
            throw new IllegalStateException("The jobs have ended", flink.failure());
        }
    }

    private String publishSureOfEverything(Configuration options) {
        ModelConfig model = ModelConfig.read(Path.of(options.get(Options.MODEL_FILE)));
        FeatureSchema schema = ProfileJobConfig.of(options).featurePlan().schema();
        float[] sure = new float[model.heads().size()];
        Arrays.fill(sure, 3);
        try (MlpSession session = MlpSession.initialise(new MlpGraph(InputLayout.of(schema), model), SessionThreads.SINGLE)) {
            // Tells nobody apart: by chance, which is that of the hour, untrained weights rank these shoppers well.
            session.variables().stream().filter(name -> name.endsWith(".kernel")).filter(name -> !name.startsWith("hidden"))
                    .forEach(name -> session.write(name, new float[session.read(name).length]));
            session.write("output.bias", sure);
            return new ModelStore(Path.of(options.get(Options.MODEL_STORE)))
                    .publish(new Manifest.Draft(null, schema, model.headNames(), Map.of(), 0, 0), session::export)
                    .id();
        }
    }

    /** Those that are shipped, but for the labels' horizons and where things lie. */
    private Configuration options() {
        Configuration options = OptionsFile.read(ConfigNode.read(OPTIONS));
        options.set(Options.KEY_FILE, run.jobs().keyFile().toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.LABELS, labels(options.get(Options.LABELS)).toString());
        return options;
    }

    private Path labels(String shipped) {
        try {
            String text = Files.readString(Path.of(shipped));
            return Files.writeString(
                    directory.resolve("labels.yaml"), text.replaceAll("(?m)^( +horizon:).*$", "$1 " + HORIZON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
