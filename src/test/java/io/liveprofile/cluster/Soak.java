package io.liveprofile.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;

/**
 * A day of the shop at speed, in each of whose hours a process chosen by chance is killed: a TaskManager, the JobManager or the
 * broker. When both jobs have a checkpoint again and the hour is over it is measured what they take.
 *
 * <p>Memory is flat when the mean of the last six hours is at most a tenth above that of hours 7 to 12. State grows with the users
 * that are seen for the first time and until windows are full; it is flat when an hour of the last six adds at most a 20th. Means of
 * six hours say so, as RocksDB keeps what was overwritten until it compacts: one checkpoint may be half as large again as another.
 */
final class Soak implements Fault.Disturbance {
    static final String NAME = "soak";
    static final Duration SPAN = Duration.ofHours(24);
    /** A profile published anew after a day of silence is a matter of watermarks. */
    static final List<String> SETTINGS = List.of("profile.refresh=0 s");
    /** Events a second while none is awaited. */
    static final double RATE = 300;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long SEED = 7;
    private static final List<String> VICTIMS =
            List.of(Cluster.taskManager(1), Cluster.taskManager(2), Cluster.JOB_MANAGER, Cluster.BROKER);
    private static final List<String> TASK_MANAGERS = VICTIMS.subList(0, 2);
    private static final double MOST_GROWTH = 1.10;
    private static final double MOST_STATE_GROWTH = 1.05;
    private static final double MEBI = 1 << 20;

    private final ShopTraffic shop;
    private final PrintStream out;
    private final List<Hour> hours = new ArrayList<>();

    /**
     * What the jobs take when an hour is over, in bytes: heap of the TaskManagers together, as it hangs on which of them has the
     * tasks; resident memory of the larger one.
     */
    private record Hour(long heap, long resident, long profileState, long trainingState) {}

    Soak(ShopTraffic shop, PrintStream out) {
        this.shop = shop;
        this.out = out;
    }

    @Override
    public Map<String, String> flinkSettings() {
        return TaskManagerMemory.RESIDENT_HEAP;
    }

    @Override
    public void strike(CaseRun run) throws Exception {
        long[] until = shop.eventsUntil(HOUR);
        double all = until[until.length - 1];
        Random random = new Random(SEED);
        out.println();
        out.printf("%-5s %-14s %9s %9s %9s %12s %12s%n", "hour", "killed", "again s", "heap MB", "RSS MB", "profile MB", "training MB");
        run.hold(true);
        run.sendAll();
        for (Job job : Job.values()) {
            run.awaitCheckpoint(job); // what is killed before there is one begins anew
        }
        for (int hour = 0; hour < until.length; hour++) {
            long before = hour == 0 ? 0 : until[hour - 1];
            run.hold(false);
            run.awaitSent((before + random.nextDouble() * (until[hour] - before)) / all);
            String victim = VICTIMS.get(random.nextInt(VICTIMS.size()));
            long struck = System.currentTimeMillis();
            run.kill(victim);
            run.restart(victim);
            run.awaitSent(until[hour] / all);
            run.hold(true); // else a day has gone by before a JobManager is back
            for (Job job : Job.values()) {
                if (victim.equals(Cluster.JOB_MANAGER)) {
                    run.awaitRestored(job, struck); // until then the new one may not know the job
                }
                run.awaitCheckpoint(job); // takes all tasks; a TaskManager that stands by is missed by none
            }
            long again = System.currentTimeMillis() - struck;
            run.awaitTaskManagers();
            hours.add(measured(run));
            Hour now = hours.get(hour);
            out.printf(Locale.ROOT, "%-5d %-14s %9.1f %9.1f %9.1f %12.2f %12.2f%n", hour + 1, victim,
                    again / 1e3, now.heap / MEBI, now.resident / MEBI,
                    now.profileState / MEBI, now.trainingState / MEBI);
        }
        run.hold(false);
    }

    @Override
    public List<String> wrong(CaseRun run) {
        List<String> wrong = new ArrayList<>();
        requireFlat(wrong, run, "heap", Hour::heap);
        requireFlat(wrong, run, "resident memory", Hour::resident);
        requireSettled(wrong, run, "state of the profile job", Hour::profileState);
        requireSettled(wrong, run, "state of the training job", Hour::trainingState);
        return wrong;
    }

    private void requireFlat(List<String> wrong, CaseRun run, String what, ToLongFunction<Hour> figure) {
        double first = hours.subList(6, 12).stream().mapToLong(figure).average().orElseThrow();
        double last = hours.subList(18, 24).stream().mapToLong(figure).average().orElseThrow();
        run.note(String.format(Locale.ROOT, "%s: hours 7 to 12 %.1f MB, hours 19 to 24 %.1f MB, %+.1f %%", what, first / MEBI,
                last / MEBI, 100 * last / first - 100));
        if (last > first * MOST_GROWTH) {
            wrong.add(what + " is not flat");
        }
    }

    private void requireSettled(List<String> wrong, CaseRun run, String what, ToLongFunction<Hour> figure) {
        double first = hours.subList(12, 18).stream().mapToLong(figure).average().orElseThrow();
        double last = hours.subList(18, 24).stream().mapToLong(figure).average().orElseThrow();
        double anHour = Math.pow(last / first, 1 / 6.0);
        run.note(String.format(Locale.ROOT, "%s: hours 13 to 18 %.2f MB, hours 19 to 24 %.2f MB, %+.1f %% an hour", what,
                first / MEBI, last / MEBI, 100 * anHour - 100));
        if (anHour > MOST_STATE_GROWTH) {
            wrong.add(what + " is not flat");
        }
    }

    private static Hour measured(CaseRun run) throws IOException, InterruptedException {
        Map<String, TaskManagerMemory> memory = TaskManagerMemory.of(run.cluster(), TASK_MANAGERS);
        return new Hour(
                memory.values().stream().mapToLong(TaskManagerMemory::heap).sum(),
                memory.values().stream().mapToLong(TaskManagerMemory::resident).max().orElseThrow(),
                run.jobs().stateBytes(Job.PROFILE),
                run.jobs().stateBytes(Job.TRAINING));
    }
}
