package io.liveprofile.benchmark;

import io.liveprofile.event.Topic;
import io.liveprofile.job.Counts;
import io.liveprofile.job.ProfileJobConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What users, their events and what is made of them take: in memory, on disk, in checkpoints and on topics. */
final class SizesSection {
    private static final List<Integer> EVENTS = List.of(1, 4, 28, 200, 1_000, 5_000);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final String DISK = "engine, sizes on disk";

    private final Run run;
    private final ProfileJobConfig config = Jobs.engineConfig();

    SizesSection(Run run) {
        this.run = run;
    }

    void measure() throws Exception {
        measureUsers();
        measureDisk();
        measureTopics();
    }

    private void measureUsers() {
        List<Figure> figures = new ArrayList<>();
        for (int events : EVENTS) {
            run.begin("users of " + events + " events", 0, 1);
            int users = Math.max(50, Math.min(run.scale().usual().users(), 2_000_000 / Math.max(100, events)));
            UserSizes.Bytes bytes = new UserSizes(config).of(new Workload(users, MONTH.dividedBy(events), events), users);
            figures.add(Figure.of(events + " events in 30 days, state", "bytes", bytes.state()));
            figures.add(Figure.of(events + " events in 30 days, counted in memory", "bytes", bytes.counted()));
            figures.add(Figure.of(events + " events in 30 days, heap", "bytes", bytes.heap()));
        }
        run.report().add("Bytes of a user", figures);
    }

    private void measureDisk() throws Exception {
        Workload rare = run.scale().rare();
        Job job = Jobs.engine(DISK, rare, config).only(Popularity.UNIFORM);
        Duration drawn = run.scale().measured().multipliedBy(12);
        double state = new UserSizes(config).of(rare, 2_000).state();
        run.measurer().use(job, (cluster, start) -> {
            double users = cluster.metrics().count(Counts.USERS);
            Popularity.UNIFORM.draw();
            int checkpoints = cluster.addedBytes().size();
            long before = cluster.metrics().count(Counts.PROFILED);
            long most = 0;
            long whole = 0;
            for (int look = 0; look < 24; look++) {
                cluster.run(drawn.dividedBy(24));
                most = Math.max(most, cluster.diskBytes());
                whole = Math.max(whole, cluster.stateBytes());
                System.out.printf(Locale.ROOT, "  disk %,d whole %,d added %s%n", cluster.diskBytes(), cluster.stateBytes(), cluster.addedBytes());
            }
            List<Long> added = cluster.addedBytes();
            added = added.subList(Math.min(checkpoints, added.size() - 1), added.size());
            double mean = added.stream().mapToLong(Long::longValue).average().orElseThrow();
            double perCheckpoint = (double) (cluster.metrics().count(Counts.PROFILED) - before) / added.size();
            double changed = users * -Math.expm1(-perCheckpoint / users);
            run.report().add("On disk, " + Run.number((long) users) + " users of " + rare.filled() + " events, uniform", List.of(
                    Figure.of("state as written", "bytes/user", state),
                    Figure.of("RocksDB on disk, most", "bytes/user", most / users).against("state", state),
                    Figure.of("whole checkpoint, most", "bytes/user", whole / users).against("state", state),
                    Figure.of("users changed between checkpoints", "users", changed),
                    Figure.of("added by a checkpoint, mean of " + added.size(), "bytes/changed", mean / changed)
                            .against("state", state)));
        });
    }

    private void measureTopics() throws Exception {
        run.begin("topics", 0, 1);
        long events = run.scale().usual().users() * 6L;
        TopicSizes.Found found = new TopicSizes(run.directory().resolve("topics"), run.jobs().keyFile()).measure(events);
        List<Figure> figures = new ArrayList<>();
        for (Map.Entry<Topic, Double> topic : found.bytesAMessage().entrySet()) {
            figures.add(Figure.of(topic.getKey().topicName() + ", messages an event", "", found.messagesAnEvent().get(topic.getKey())));
            figures.add(Figure.of(topic.getKey().topicName() + ", a message", "bytes", topic.getValue()));
        }
        figures.add(Figure.of("a vector that waits for its label", "bytes", found.waitingBytes()));
        figures.add(Figure.of("a vector may wait", "s", found.waitingSeconds()));
        found.threadMicros().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(40)
                .forEach(each -> figures.add(Figure.of("CPU " + each.getKey(), "µs an event", each.getValue())));
        run.report().add("Topics, " + Run.number(found.events()) + " events", figures);
    }
}
