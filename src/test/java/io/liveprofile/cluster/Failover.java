package io.liveprofile.cluster;

import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * How long events wait for their profile at half load while a TaskManager is killed and started again, as a picture. Full load is
 * what the same cluster gets done of traffic that comes as fast as the broker takes it. Times are the broker's, of taking the
 * event and of taking the profile.
 */
final class Failover {
    static final String NAME = "latency-through-a-kill";
    private static final int USERS = 60_000;
    private static final Duration AT_ONCE = Duration.ofHours(3);
    private static final Duration LONGEST = Duration.ofHours(20);
    private static final double UNPACED = 1e6;
    private static final int SECONDS = 240;
    private static final int KILL_AT = 120;
    /** In which the JVMs get warm. */
    private static final int WARMING = 60;
    private static final double FRESH_MILLIS = 1_000;

    private final Path directory;
    private final PrintStream out;

    /** Profiles as events brought them about, the first of each: when the broker took the event and the profile, ms UTC. */
    private record Times(long[] taken, long[] profiled) {}

    Failover(Path directory, PrintStream out) {
        this.directory = directory;
        this.out = out;
    }

    /** Whether nothing was lost and the picture is written. */
    boolean run() throws Exception {
        out.printf("%n%s%n", NAME);
        double full;
        try (CaseRun run = start(new ShopTraffic(USERS, AT_ONCE), UNPACED)) {
            run.send();
            run.settle();
            full = perSecond(read(run).profiled());
        }
        double half = full / 2;
        out.printf(Locale.ROOT, "full load   %,.0f profiles a second%n", full);

        ShopTraffic shop = new ShopTraffic(USERS, spanOf((long) (half * SECONDS)));
        double struck;
        double whole;
        Times times;
        boolean addsUp;
        try (CaseRun run = start(shop, half)) {
            long began = System.currentTimeMillis();
            run.send();
            run.sendAll();
            run.awaitSent((double) KILL_AT / SECONDS);
            run.awaitCheckpoint(Job.PROFILE);
            String taskManager = run.jobs().taskManagerOf(Job.PROFILE);
            long killed = System.currentTimeMillis();
            run.kill(taskManager);
            run.restart(taskManager);
            run.awaitRestored(Job.PROFILE, killed);
            whole = (System.currentTimeMillis() - began) / 1e3;
            struck = (killed - began) / 1e3;
            run.settle();
            times = read(run);
            addsUp = run.balance().addsUp();
            times = new Times(since(times.taken(), began), since(times.profiled(), began));
        }
        FailoverPicture picture = new FailoverPicture(times.taken(), times.profiled(), SECONDS);
        tell(picture, half, (int) struck, whole - struck);
        Path file = directory.resolve("failover.svg");
        Files.writeString(file, picture.svg("A TaskManager killed, half load", struck, whole));
        out.println("            " + file);
        if (!addsUp) {
            out.println("            the counts do not add up");
        }
        return addsUp;
    }

    private void tell(FailoverPicture picture, double rate, int struck, double recovery) {
        out.printf(Locale.ROOT, "half load   %,.0f events a second; killed after %d s, all tasks run again %.1f s later%n", rate, struck,
                recovery);
        tell(picture, "before", WARMING, struck);
        int fresh = struck;
        for (int second = struck; second < picture.seconds(); second++) {
            fresh = picture.quantileMillis(second, 0.99) > FRESH_MILLIS ? second + 1 : fresh;
        }
        tell(picture, "until fresh", struck, Math.max(fresh, struck + 1));
        if (fresh < picture.seconds()) {
            out.printf(Locale.ROOT, "            p99 below %.0f s again for events that came %d s after the kill%n", FRESH_MILLIS / 1e3,
                    fresh - struck);
            tell(picture, "after", fresh, picture.seconds());
        } else {
            out.println("            not fresh again within the run");
        }
    }

    private void tell(FailoverPicture picture, String when, int from, int to) {
        out.printf(Locale.ROOT, "%-11s p50 %,.0f ms, p99 %,.0f ms, p99.9 %,.0f ms%n", when,
                picture.quantileMillis(from, to, 0.5), picture.quantileMillis(from, to, 0.99), picture.quantileMillis(from, to, 0.999));
    }

    private CaseRun start(ShopTraffic shop, double rate) throws Exception {
        CaseRun run = CaseRun.start(directory.resolve(NAME), Fault.NONE, shop, rate);
        TopicReader.stampOnArrival(run.bootstrapServers(), Topic.BEHAVIOR_EVENTS);
        return run;
    }

    private static Times read(CaseRun run) {
        LongStream.Builder taken = LongStream.builder();
        LongStream.Builder profiled = LongStream.builder();
        Set<String> seen = new HashSet<>();
        SingleObject<UserProfile> codec = Published.codec(UserProfile.class);
        try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
            topics.read(Topic.USER_PROFILES, (value, time) -> {
                UserProfile profile = codec.decode(value);
                boolean isOfDay = profile.getUpdatedAt() < run.nightMillis() && !profile.getRefreshed();
                if (isOfDay && seen.add(profile.getUserId() + ":" + profile.getVersion())) {
                    taken.add(profile.getIngestedAt());
                    profiled.add(time);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Times(taken.build().toArray(), profiled.build().toArray());
    }

    /** Of the warm part: without the first 40 and the last 5 of a hundred. */
    private static double perSecond(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        int from = sorted.length * 40 / 100;
        int to = sorted.length * 95 / 100;
        return 1e3 * (to - from) / Math.max(1, sorted[to] - sorted[from]);
    }

    /** How long the shop must be open for so many events. */
    private static Duration spanOf(long events) throws Exception {
        long[] until = new ShopTraffic(USERS, LONGEST).eventsUntil(Duration.ofMinutes(1));
        int minutes = 1;
        while (minutes < until.length && until[minutes - 1] < events) {
            minutes++;
        }
        return Duration.ofMinutes(minutes);
    }

    private static long[] since(long[] times, long began) {
        return LongStream.of(times).map(time -> time - began).toArray();
    }
}
