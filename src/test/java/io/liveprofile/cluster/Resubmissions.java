package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.JobSettings;
import io.liveprofile.local.LogFormat;
import io.liveprofile.local.Pacer;
import io.liveprofile.local.Traffic;
import io.liveprofile.local.TrafficSender;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The same jar submitted twice, then cancelled and submitted ten times, to one TaskManager: a model scores in each, and neither
 * the classes nor the memory outside the heap grow with them.
 */
final class Resubmissions {
    static final String NAME = "resubmitted-ten-times";

    private static final int ROUNDS = 10;
    /** After the first rounds, in which pools and caches of the process fill. */
    private static final int SETTLED = 3;
    private static final double MOST_METASPACE_GROWTH = 1.10;
    private static final double MOST_RESIDENT_GROWTH = 1.10;
    private static final long MEBI = 1 << 20;
    private static final Path CONF = Path.of("flink-conf");
    private static final int SCORED = 200;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ClusterDirectory directory;
    private final PrintStream out;

    Resubmissions(Path directory, PrintStream out) {
        this.directory = new ClusterDirectory(directory);
        this.out = out;
    }

    /** Whether each job scored and memory stayed flat. */
    boolean run() throws Exception {
        Path conf = CaseRun.flinkConf(directory.path(), TaskManagerMemory.RESIDENT_HEAP);
        Cluster cluster = new Cluster(directory, Artefacts.in(Path.of("target")), conf, 1);
        cluster.down(ended -> {});
        try {
            return run(cluster);
        } finally {
            cluster.down(ended -> {});
        }
    }

    private boolean run(Cluster cluster) throws Exception {
        Addresses addresses = cluster.up(new Addresses(0, 0, 0, Addresses.NONE), 2, false,
                    LogFormat.TEXT, started -> {});
        if (!directory.seedModels(Path.of("target/models"))) {
            throw new IllegalStateException("there is no model to score with: make one with 'make model'");
        }
        List<String> arguments = new JobArguments(new JobSettings(CONF, List.of()), directory).checked(Job.PROFILE, addresses);
        FlinkRest rest = cluster.rest();
        ClusterJobs jobs = cluster.jobs();
        out.printf("%n%s, one TaskManager%n", NAME);
        out.printf("%-9s %12s %12s %13s %8s%n", "round", "scored", "metaspace MB", "resident MB", "threads");
        String taskManager = Cluster.taskManager(1);
        String beside = jobs.submit(Job.PROFILE, null, OptionalInt.of(1), arguments);
        List<TaskManagerMemory> memory = new ArrayList<>();
        try (Traffic traffic = new ShopTraffic(Duration.ofHours(23)).open()) {
            TrafficSender sender = new TrafficSender(addresses.bootstrapServers(), traffic, Pacer.rate(100));
            sender.start();
            for (int round = 0; round <= ROUNDS; round++) {
                String id = jobs.submit(Job.PROFILE, null, OptionalInt.of(1), arguments);
                long scored = awaitScored(rest, id);
                if (round == 0) { // twice at once
                    awaitScored(rest, beside);
                    jobs.cancel(beside);
                }
                jobs.cancel(id);
                memory.add(TaskManagerMemory.of(cluster, List.of(taskManager)).get(taskManager));
                TaskManagerMemory now = memory.get(round);
                out.printf(Locale.ROOT, "%-9s %,12d %12.1f %13.1f %8d%n", round == 0 ? "twice" : round, scored,
                        (double) now.metaspace() / MEBI, (double) now.resident() / MEBI, now.threads());
            }
            sender.finish();
            out.printf("%,d events sent%n", sender.acknowledged(Topic.BEHAVIOR_EVENTS));
        }
        TaskManagerMemory first = memory.get(SETTLED);
        TaskManagerMemory last = memory.get(ROUNDS);
        boolean flat = last.metaspace() <= first.metaspace() * MOST_METASPACE_GROWTH
                && last.resident() <= first.resident() * MOST_RESIDENT_GROWTH;
        out.printf(Locale.ROOT, "from round %d to round %d: metaspace %+.1f %%, resident %+.1f %%, threads %+d: %s%n", SETTLED, ROUNDS,
                100.0 * last.metaspace() / first.metaspace() - 100, 100.0 * last.resident() / first.resident() - 100,
                last.threads() - first.threads(), flat ? "ok" : "NOT FLAT");
        return flat;
    }

    private static long awaitScored(FlinkRest rest, String id) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            long scored = ClusterMetrics.of(rest, id).count("scored");
            if (scored >= SCORED) {
                return scored;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("job " + id + " scored " + scored + " updates within " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(300);
        }
    }
}
