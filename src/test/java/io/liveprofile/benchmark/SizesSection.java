package io.liveprofile.benchmark;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.job.Counts;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.sizing.SizeFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What users, their events and what is made of them take, in memory, on disk, in checkpoints and on topics: the figures that
 * {@code make size} reckons with. Writes them to {@code sizing.yaml}; events a second are those of other sections and stay as
 * the shipped file has them.
 */
final class SizesSection {
    private static final Path SHIPPED = Path.of("flink-conf/sizing.yaml");
    private static final List<Integer> EVENTS = List.of(1, 4, 28, 200, 1_000, 5_000);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final String DISK = "engine, sizes on disk";
    /** Checkpoints over which a mean is taken: several rounds of RocksDB's compactions. */
    private static final int CHECKPOINTS = 10;
    private static final int LOOKS_A_CHECKPOINT = 4;
    private static final int SAMPLED_EVENTS = 2_000_000;
    private static final int THREADS_SHOWN = 30;

    private static final String FORM = """
            # What `make size` reckons with, measured with the shipped features.yaml, labels.yaml and model.yaml. Others take other
            # bytes: `make bench ONLY=sizes` measures all but the first two and writes target/bench/sizing.yaml, which
            # `make size FIGURES=target/bench/sizing.yaml` takes.

            # Processor time of one core, microseconds an event.
            cost:
              # Profile job, users in memory: two cores do 137,857 events/s (README, whole graph; `make bench ONLY=engine`).
              event_micros: %s
              # What is added when the user is not in memory: uniform events of 5 million users take 50 µs, of 10 thousand 7 µs, on
              # two cores (README, growth with users; `make bench ONLY=users`).
              cold_user_micros: %s
              # Training job, all its tasks, users in memory.
              label_micros: %s

            # Bytes of a user by his events in 30 days, which come a gap apart.
            user:
              state_bytes: %s
              memory_bytes: %s

            # For a byte of state: RocksDB's files and a whole checkpoint at most, and what an incremental checkpoint writes for a byte
            # of the users who came since the one before. A million users of four events, each as likely to come.
            disk:
              rocksdb: %.2f
              checkpoint: %.2f
              checkpoint_added: %.1f

            # A scored vector that waits for its label: bytes of state, and how long it waits on average when nothing comes that makes
            # it positive.
            labels:
              waiting_bytes: %.0f
              waiting: %.0f min

            model:
              release_bytes: %d

            # Messages of simulated shoppers for an event, and bytes of one on the broker's disk: compressed, with what Kafka adds.
            topics:
            %s
            """;

    private final Run run;
    private final ProfileJobConfig config = Jobs.engineConfig();

    /** Bytes for a byte of state. */
    private record OnDisk(double rocksdb, double checkpoint, double added) {}

    private record OfUser(Map<Double, Double> state, Map<Double, Double> memory) {}

    SizesSection(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        OfUser user = measureUsers();
        TopicSizes.Found topics = measureTopics();
        OnDisk disk = measureDisk();
        Path file = run.directory().resolve("sizing.yaml");
        Files.writeString(file, yaml(user, disk, topics));
        run.report().note("for 'make size', with FIGURES=" + file);
    }

    private OfUser measureUsers() {
        OfUser user = new OfUser(new TreeMap<>(), new TreeMap<>());
        List<Figure> figures = new ArrayList<>();
        for (int events : EVENTS) {
            run.begin("a user of " + events + " events in 30 days", 0, 1);
            int users = Math.max(50, Math.min(run.scale().usual().users(), SAMPLED_EVENTS / Math.max(100, events)));
            UserSizes.Bytes bytes = new UserSizes(config).of(new Workload(users, MONTH.dividedBy(events), events), users);
            user.state().put((double) events, bytes.state());
            user.memory().put((double) events, bytes.counted());
            figures.add(Figure.of(events + " events in 30 days, state", "bytes", bytes.state()));
            figures.add(Figure.of(events + " events in 30 days, in memory", "bytes", bytes.counted())
                    .against("as the collector finds it", bytes.heap()));
        }
        run.report().add("A user", figures);
        return user;
    }

    private TopicSizes.Found measureTopics() throws Exception {
        run.begin("topics", 0, 1);
        long events = run.scale().usual().users() * 2L;
        TopicSizes.Found found = new TopicSizes(run.directory().resolve("topics"), run.jobs().keyFile()).measure(events);
        List<Figure> figures = new ArrayList<>();
        found.topics().forEach((topic, messages) -> {
            figures.add(Figure.of(topic.topicName() + ", for an event", "messages", messages.anEvent()));
            figures.add(Figure.of(topic.topicName() + ", a message", "bytes", messages.bytes()));
        });
        figures.add(Figure.of("a vector that waits for its label", "bytes", found.waitingBytes()));
        figures.add(Figure.of("it may wait, mean", "s", found.waitingSeconds()));
        figures.add(Figure.of("training job's tasks, an event", "CPU µs", found.trainingMicros()));
        found.threadMicros().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(THREADS_SHOWN)
                .forEach(each -> figures.add(Figure.of(each.getKey(), "CPU µs", each.getValue())));
        run.report().add("Both jobs, " + Run.number(found.events()) + " events through a broker", figures);
        return found;
    }

    private OnDisk measureDisk() throws Exception {
        Workload rare = run.scale().rare();
        double state = new UserSizes(config).of(rare, Math.min(rare.users(), 2_000)).state();
        OnDisk[] found = new OnDisk[1];
        run.begin("disk and checkpoints", 0, 1);
        run.measurer().use(Jobs.engine(DISK, rare, config).only(Popularity.UNIFORM), (cluster, start) -> {
            Popularity.UNIFORM.draw();
            int before = cluster.addedBytes().size();
            long profiled = cluster.metrics().count(Counts.PROFILED);
            double users = cluster.metrics().count(Counts.USERS);
            long onDisk = 0;
            long whole = 0;
            for (int look = 0; look < CHECKPOINTS * LOOKS_A_CHECKPOINT; look++) {
                cluster.run(run.scale().measured().dividedBy(LOOKS_A_CHECKPOINT));
                onDisk = Math.max(onDisk, cluster.diskBytes());
                whole = Math.max(whole, cluster.stateBytes());
            }
            List<Long> added = cluster.addedBytes();
            added = added.subList(Math.min(before, added.size() - 1), added.size());
            double mean = added.stream().mapToLong(Long::longValue).average().orElseThrow();
            double events = (double) (cluster.metrics().count(Counts.PROFILED) - profiled) / added.size();
            double changed = users * -Math.expm1(-events / users);
            found[0] = new OnDisk(onDisk / users / state, whole / users / state, mean / changed / state);
            run.report().add("On disk, " + Run.number((long) users) + " uniform users of " + rare.filled() + " events in 30 days",
                    List.of(
                            Figure.of("RocksDB's files, at most", "bytes/user", onDisk / users).against("state", state),
                            Figure.of("whole checkpoint, at most", "bytes/user", whole / users).against("state", state),
                            Figure.of("users changed between two checkpoints", "users", changed),
                            Figure.of("added by a checkpoint, mean of " + added.size(), "bytes/changed", mean / changed)
                                    .against("state", state)));
        });
        return found[0];
    }

    private String yaml(OfUser user, OnDisk disk, TopicSizes.Found topics) throws IOException {
        SizeFigures shipped = SizeFigures.read(ConfigNode.read(SHIPPED));
        List<String> lines = new ArrayList<>();
        topics.topics().forEach((topic, messages) -> lines.add(text("  %s: { an_event: %.4f, bytes: %.0f }",
                topic.topicName(), messages.anEvent(), messages.bytes())));
        return text(FORM, plain(shipped.eventMicros()), plain(shipped.coldMicros()), plain(topics.trainingMicros()),
                curve(user.state()), curve(user.memory()), disk.rocksdb(), disk.checkpoint(), disk.added(),
                topics.waitingBytes(), topics.waitingSeconds() / 60, releaseBytes(), String.join("\n", lines));
    }

    private static String plain(double micros) {
        return text("%.1f", micros);
    }

    private static String curve(Map<Double, Double> points) {
        List<String> texts = new ArrayList<>();
        points.forEach((events, bytes) -> texts.add(text("%.0f: %.0f", events, bytes)));
        return "{ " + String.join(", ", texts) + " }";
    }

    private static long releaseBytes() throws IOException {
        Path store = Path.of(Jobs.shipped().modelStore());
        Path release = store.resolve("releases").resolve(new ModelStore(store).latest().orElseThrow().id());
        try (Stream<Path> files = Files.walk(release)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
