package io.liveprofile.benchmark;

import io.liveprofile.benchmark.ThreadTimes.Group;
import io.liveprofile.job.Counts;
import io.liveprofile.local.LocalMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs jobs and measures them, one at a time. Events that were not counted into their users' profiles fail the measurement,
 * but for the odd one that a simulated shopper's large basket makes an outlier: what leaves an operator early costs less,
 * and the figure would be of something else.
 */
final class Measurer {
    /** Longest time until every user is there; whoever is not by then is said. */
    private static final Duration FILL_LIMIT = Duration.ofMinutes(4);
    private static final Duration FIRST_EVENT_LIMIT = Duration.ofMinutes(1);
    /** Share of the events. */
    private static final double MOST_OUTLIERS = 1e-4;
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Path directory;
    private final Duration warmUp;
    private final Duration measured;

    /**
     * @param warmUp before each measured time, at least so long
     * @param measured a multiple of the checkpoint interval, so that each has its share
     */
    Measurer(Path directory, Duration warmUp, Duration measured) {
        this.directory = directory;
        this.warmUp = warmUp;
        this.measured = measured;
    }

    Measurer withWarmUp(Duration warmUp) {
        return new Measurer(directory, warmUp, measured);
    }

    Measurer withMeasured(Duration measured) {
        return new Measurer(directory, warmUp, measured);
    }

    /** What is done with a job whose users are there. */
    interface Use {
        /** @param start of {@link Processed#EVENTS} before the job began */
        void of(BenchmarkCluster cluster, long start) throws Exception;
    }

    /** A measurement for each of the job's popularities. */
    List<Measurement> measure(Job job) throws Exception {
        List<Measurement> measurements = new ArrayList<>();
        use(job, (cluster, start) -> {
            for (Popularity popularity : job.popularities()) {
                popularity.draw();
                System.out.printf("  %-50s …%n", job.name(popularity));
                cluster.run(warmUp);
                Measurement measurement = measure(cluster, job, job.name(popularity), start);
                System.out.printf(Locale.ROOT, "  %-50s %,11.0f events/s%n", measurement.name(), measurement.rate());
                measurements.add(measurement);
            }
        });
        return measurements;
    }

    /** Starts the job, fills it, leaves it to {@code use} and ends it. */
    void use(Job job, Use use) throws Exception {
        System.gc();
        Popularity.fill();
        ShopSource.begin();
        long start = Processed.EVENTS.sum();
        long late = Processed.LATE.sum();
        try (BenchmarkCluster cluster = new BenchmarkCluster(directory)) {
            var env = cluster.environment();
            job.graph().accept(env);
            cluster.submit(env);
            fill(cluster, job, start);
            use.of(cluster, start);
            requireEveryEventCounted(job, cluster.metrics(), Processed.LATE.sum() - late);
        }
    }

    private void fill(BenchmarkCluster cluster, Job job, long start) throws Exception {
        long begin = System.nanoTime();
        long told = begin;
        for (long done = 0; done < job.eventsBefore() || ShopSource.isFilling(); ) {
            cluster.run(LOOK);
            done = processed(cluster, start);
            long now = System.nanoTime();
            if (done == 0 && now - begin > FIRST_EVENT_LIMIT.toNanos()) {
                throw new IllegalStateException(job.name() + ": no event in " + FIRST_EVENT_LIMIT);
            }
            if (now - begin > FILL_LIMIT.toNanos()) {
                System.out.printf(Locale.ROOT, "  %-50s not ready after %s, measured as it is%n", job.name(), FILL_LIMIT);
                return;
            }
            if (now - told > PROGRESS.toNanos()) {
                told = now;
                System.out.printf(Locale.ROOT, "  %-50s %,d of %,d events to be ready …%n", job.name(), done, job.eventsBefore());
            }
        }
    }

    private Measurement measure(BenchmarkCluster cluster, Job job, String name, long start) throws Exception {
        ThreadTimes times = ThreadTimes.now();
        long begin = System.nanoTime();
        long before = processed(cluster, start);
        cluster.run(measured);
        long events = processed(cluster, start) - before;
        double seconds = (System.nanoTime() - begin) / 1e9;
        Map<Group, Double> cpu = ThreadTimes.now().secondsSince(times);
        Map<String, Double> stages = job.isProfiled() ? stages(cluster, name) : Map.of();
        return new Measurement(
                name, users(job, cluster.metrics(), before), events, seconds, cpu, cluster.stateBytes(), stages);
    }

    /** Where the time goes, after it was measured: a flight recording has everything compiled anew when it begins. */
    private Map<String, Double> stages(BenchmarkCluster cluster, String name) throws Exception {
        try (CpuProfile profile = CpuProfile.start(directory.resolve(file(name)))) {
            cluster.run(profiled());
            return profile.stop();
        }
    }

    /** Long enough for a checkpoint to be in it, if what is measured is. */
    private Duration profiled() {
        return measured.compareTo(BenchmarkCluster.CHECKPOINT_INTERVAL) < 0 ? measured : BenchmarkCluster.CHECKPOINT_INTERVAL;
    }

    /** Events, not what else makes an update, such as a user's silence. */
    private static long processed(BenchmarkCluster cluster, long start) {
        LocalMetrics metrics = cluster.metrics();
        return metrics.knows(Counts.PROFILED) ? metrics.count(Counts.PROFILED) : Processed.EVENTS.sum() - start;
    }

    private static long users(Job job, LocalMetrics metrics, long processed) {
        return metrics.knows(Counts.USERS) ? metrics.count(Counts.USERS) : Math.min(job.users(), processed);
    }

    private static void requireEveryEventCounted(Job job, LocalMetrics metrics, long late) {
        for (String name : List.of(Counts.DUPLICATES, Counts.LATE, Counts.QUARANTINED, Counts.DEAD_LETTERS)) {
            double allowed = name.equals(Counts.QUARANTINED) ? metrics.count(Counts.PROFILED) * MOST_OUTLIERS : 0;
            if (metrics.count(name) > allowed) {
                throw new IllegalStateException(job.name() + ": " + metrics.count(name) + " events are " + name
                        + "; a figure of it would be worth nothing");
            }
        }
        if (late > 0) {
            throw new IllegalStateException(job.name() + ": " + late + " events came too late for their windows");
        }
    }

    /** Such as {@code engine-zipf-users.jfr}. */
    static String file(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + ".jfr";
    }
}
