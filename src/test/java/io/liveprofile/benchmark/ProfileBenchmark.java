package io.liveprofile.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.benchmark.ThreadTimes.Group;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.job.ProfilePipeline;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.sink.ProfileSinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * Events a second of the whole graph beside the floor: the least any keyed job can do, one read and one write of 512 bytes
 * of RocksDB state an event. All in one run on one machine, in turn, so that the ratio holds where the figures do not.
 */
public final class ProfileBenchmark {
    private static final int PARALLELISM = 2;
    private static final int USERS = 100_000;
    private static final int FLOOR_BYTES = 512;

    private final Duration warmUp;
    private final Duration measured;
    private final int rounds;
    private final Path directory;
    private final Map<String, double[]> rates = new LinkedHashMap<>();
    private Map<String, Double> cpu = Map.of();
    /** CPU seconds by thread group and the events they went to, of each graph's last round. */
    private final Map<String, Spent> spent = new LinkedHashMap<>();
    private double bytesPerEvent;

    private record Spent(Map<Group, Double> seconds, long events) {
        private double total() {
            return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    private ProfileBenchmark(Duration warmUp, Duration measured, int rounds, Path directory) {
        this.warmUp = warmUp;
        this.measured = measured;
        this.rounds = rounds;
        this.directory = directory;
    }

    /** {@code [WARM_UP_SECONDS MEASURED_SECONDS ROUNDS [OUTPUT_DIRECTORY]]} */
    public static void main(String[] args) throws Exception {
        int warmUp = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        int measured = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        Path directory = Path.of(args.length > 3 ? args[3] : "target/bench");
        Files.createDirectories(directory);
        new ProfileBenchmark(Duration.ofSeconds(warmUp), Duration.ofSeconds(measured), rounds, directory).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Path key = directory.resolve("pseudonym-key.json");
        Pseudonymizer.createKeyset(key);
        String keyset = Pseudonymizer.readKeyset(key);
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of("flink-conf/liveprofile.yaml")));
        ProfileJobConfig config = ProfileJobConfig.of(options);

        for (int round = 0; round < rounds; round++) {
            measure("floor, uniform users", round, FloorFunction.EVENTS::sum, env -> floor(uniformUsers(env)));
            measure("floor, the graph's events", round, FloorFunction.EVENTS::sum,
                    env -> floor(simulated(env, keyset).map(record -> record.getEvent().getUserId()).returns(Types.STRING)));
            boolean isLast = round == rounds - 1;
            try (CpuProfile profile = isLast ? CpuProfile.start(directory.resolve("graph.jfr")) : null) {
                long bytes = CountingSink.PROFILE_BYTES.sum();
                long records = CountingSink.PROFILES.sum();
                measure("whole graph", round, CountingSink.PROFILES::sum, env -> {
                    ProfileJob.configure(env);
                    ProfilePipeline.define(simulated(env, keyset), discarding(), config);
                });
                bytesPerEvent = (double) (CountingSink.PROFILE_BYTES.sum() - bytes) / (CountingSink.PROFILES.sum() - records);
                if (isLast) {
                    cpu = profile.stop();
                }
            }
        }
        print();
        write();
    }

    private void measure(
            String name, int round, LongSupplier events, Consumer<StreamExecutionEnvironment> graph) throws Exception {
        if (!name.matches(System.getProperty("only", ".*"))) {
            rates.computeIfAbsent(name, n -> new double[rounds]);
            return;
        }
        System.out.printf("%-28s round %d of %d …%n", name, round + 1, rounds);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, settings());
        graph.accept(env);
        JobClient job = env.executeAsync(name);
        long before = events.getAsLong();
        while (events.getAsLong() == before) {
            Thread.sleep(50);
        }
        Thread.sleep(warmUp.toMillis());
        long start = System.nanoTime();
        ThreadTimes times = ThreadTimes.now();
        before = events.getAsLong();
        Thread.sleep(measured.toMillis());
        long counted = events.getAsLong() - before;
        double rate = counted / ((System.nanoTime() - start) / 1e9);
        spent.put(name, new Spent(ThreadTimes.now().secondsSince(times), counted));
        job.cancel().get();
        rates.computeIfAbsent(name, n -> new double[rounds])[round] = rate;
        System.out.printf(Locale.ROOT, "%-28s %,.0f events/s%n", name, rate);
    }

    private Configuration settings() {
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, PARALLELISM);
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.resolve("checkpoints").toAbsolutePath().toUri().toString());
        settings.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toAbsolutePath().toString());
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        return settings;
    }

    private static DataStream<String> uniformUsers(StreamExecutionEnvironment env) {
        GeneratorFunction<Long, String> users =
                number -> Long.toString(new SplittableRandom(number).nextInt(USERS));
        return env.fromSource(
                new DataGeneratorSource<>(users, Long.MAX_VALUE, Types.STRING), WatermarkStrategy.noWatermarks(), "users");
    }

    private static DataStream<IngestedRecord> simulated(StreamExecutionEnvironment env, String keyset) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                new SimulatedRecords(USERS, PARALLELISM, keyset), Long.MAX_VALUE,
                                IngestedRecordTypeInfo.INSTANCE),
                        WatermarkStrategy.<IngestedRecord>forBoundedOutOfOrderness(Duration.ofSeconds(10))
                                .withTimestampAssigner((record, none) -> record.getEvent().getEventTime()),
                        "simulated events")
                .uid("benchmark-simulated-events");
    }

    private static void floor(DataStream<String> users) {
        users.keyBy(user -> user).process(new FloorFunction()).sinkTo(new DiscardingSink<>());
    }

    private static ProfileSinks discarding() {
        return new ProfileSinks(
                new CountingSink(),
                new DiscardingSink<>(),
                new EncodingSink<>(RiskAlert.class),
                new EncodingSink<>(LateEvent.class),
                new EncodingSink<>(QuarantinedEvent.class),
                new EncodingSink<>(DeadLetter.class),
                new EncodingSink<>(LabeledOutcome.class));
    }

    private void print() {
        System.out.printf("%n%-28s %12s %12s %12s%n", "events/s", "min", "median", "max");
        rates.forEach((name, each) -> {
            double[] sorted = each.clone();
            Arrays.sort(sorted);
            System.out.printf(Locale.ROOT, "%-28s %,12.0f %,12.0f %,12.0f%n", name, sorted[0], median(name), sorted[sorted.length - 1]);
        });
        System.out.printf("%n%-40s %5s %7s %5s%n", "whole graph to floor, of each round", "min", "median", "max");
        for (String floor : List.of("floor, uniform users", "floor, the graph's events")) {
            double[] ratios = ratios("whole graph", floor);
            System.out.printf(Locale.ROOT, "  %-38s %5.2f %7.2f %5.2f%n",
                    floor, ratios[0], median(ratios), ratios[ratios.length - 1]);
        }
        System.out.printf(Locale.ROOT, "bytes of a published profile             %.0f%n", bytesPerEvent);
        printSpent();
        System.out.println("\nwhere the graph's time goes (share of samples)");
        cpu.forEach((stage, share) -> System.out.printf(Locale.ROOT, "  %5.1f %%  %s%n", share * 100, stage));
    }

    private void printSpent() {
        System.out.printf("%n%-28s", "CPU s, last round");
        for (Group group : Group.values()) {
            System.out.printf("%10s", group.title());
        }
        System.out.printf("%10s%n", "all");
        spent.forEach((name, each) -> printSpent(name, each, 1, "%10.1f"));
        System.out.println("CPU microseconds an event");
        spent.forEach((name, each) -> printSpent(name, each, each.events() / 1e6, "%10.2f"));
    }

    private static void printSpent(String name, Spent spent, double divisor, String format) {
        System.out.printf("%-28s", name);
        spent.seconds().values().forEach(seconds -> System.out.printf(Locale.ROOT, format, seconds / divisor));
        System.out.printf(Locale.ROOT, format + "%n", spent.total() / divisor);
    }

    private void write() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode report = mapper.createObjectNode();
        report.put("parallelism", PARALLELISM).put("users", USERS);
        ArrayNode figures = report.putArray("figures");
        rates.forEach((name, each) -> {
            ObjectNode figure = figures.addObject();
            figure.put("name", name).put("unit", "events/s").put("value", median(name));
            figure.put("baseline", "floor, uniform users").put("ratio", median(ratios(name, "floor, uniform users")));
            if (spent.containsKey(name)) {
                figure.put("cpuMicrosAnEvent", spent.get(name).total() * 1e6 / spent.get(name).events());
            }
            ArrayNode runs = figure.putArray("runs");
            for (double rate : each) {
                runs.add(rate);
            }
        });
        ObjectNode shares = report.putObject("cpu");
        cpu.forEach(shares::put);
        Path file = directory.resolve("report.json");
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
        System.out.println("\nwritten to " + file);
    }

    private double median(String name) {
        double[] sorted = rates.get(name).clone();
        Arrays.sort(sorted);
        return median(sorted);
    }

    /** Round by round, since what is measured a minute apart is on the same machine and what is an hour apart is not; sorted. */
    private double[] ratios(String name, String baseline) {
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ratios[round] = rates.get(name)[round] / rates.get(baseline)[round];
        }
        Arrays.sort(ratios);
        return ratios;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The floor: one read and one write of a 512-byte value an event. */
    private static final class FloorFunction extends KeyedProcessFunction<String, String, String> {
        private static final long serialVersionUID = 1L;
        private static final LongAdder EVENTS = new LongAdder();

        private transient ValueState<byte[]> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext().getState(
                    new ValueStateDescriptor<>("floor", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(String user, Context context, Collector<String> out) throws Exception {
            byte[] value = state.value();
            if (value == null) {
                value = new byte[FLOOR_BYTES];
                new SplittableRandom(user.hashCode()).nextBytes(value);
            }
            value[0]++;
            state.update(value);
            EVENTS.increment();
        }
    }
}
