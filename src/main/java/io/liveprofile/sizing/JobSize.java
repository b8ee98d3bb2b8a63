package io.liveprofile.sizing;

import static io.liveprofile.sizing.Quantity.bytes;
import static io.liveprofile.sizing.Quantity.count;
import static io.liveprofile.sizing.Quantity.percent;
import static io.liveprofile.sizing.Quantity.time;

import io.liveprofile.config.ConfigException;
import io.liveprofile.sizing.SizeQuestion.TaskManager;

/**
 * What holds the state of a job: slots, disks, checkpoints, and how long it takes to have it back.
 *
 * @param taskManagers of the job
 * @param slots of them, which is its parallelism
 * @param maxParallelism to set before its first start
 * @param diskBytes of all TaskManagers, with room to spare
 * @param checkpointBytes of a whole checkpoint
 * @param addedBytes that each incremental checkpoint writes
 * @param restoreSeconds until state is read back from a checkpoint
 * @param catchUpSeconds until what came meanwhile is worked off
 */
public record JobSize(
        int taskManagers,
        int slots,
        int maxParallelism,
        double diskBytes,
        double checkpointBytes,
        double addedBytes,
        double restoreSeconds,
        double catchUpSeconds) {
    /** A disk is no fuller than that. */
    static final double DISK_FILL = 0.7;
    /** What pipeline.max-parallelism is in flink-conf/config.yaml. */
    static final int SHIPPED_MAX_PARALLELISM = 720;
    /** Flink's own bound: Short.MAX_VALUE + 1. */
    static final int MOST_PARALLELISM = 1 << 15;

    /** Room to grow without new state, and for key groups to be spread evenly. */
    private static final int GROUPS_A_SLOT = 5;
    /** Of the bandwidth, so that a checkpoint is done well before the next. */
    private static final double CHECKPOINT_SHARE = 0.5;
    /** Until a failure is seen and tasks run again, beside reading the state. */
    private static final double RESTART_SECONDS = 60;

    /**
     * What a job keeps, and how often it is written.
     *
     * @param bytes of it all
     * @param diskBytes of it on the disks, with room to spare
     * @param changed users that came between two checkpoints
     * @param changedBytes that are written anew for each
     * @param addedBytes that a checkpoint writes
     */
    record State(double bytes, double diskBytes, double changed, double changedBytes, double addedBytes) {

        static State of(double bytes, double changedBytes, SizeQuestion question, SizeFigures figures) {
            double came = question.rate() * question.intervalSeconds();
            double changed = question.users() * -Math.expm1(-came / question.users());
            return new State(
                    bytes, bytes * figures.disk() / DISK_FILL, changed, changedBytes, changed * changedBytes * figures.added());
        }

        int taskManagersForDisk(TaskManager each) {
            return atLeastOne(diskBytes / each.disk());
        }

        int taskManagersForCheckpoints(SizeQuestion question) {
            return atLeastOne(addedBytes / question.intervalSeconds() / (question.taskManager().bandwidth() * CHECKPOINT_SHARE));
        }
    }

    /** A whole number of TaskManagers, of far too many one that Flink cannot have. */
    static int atLeastOne(double taskManagers) {
        return (int) Math.max(1, Math.min(MOST_PARALLELISM + 1, Math.ceil(taskManagers)));
    }

    /**
     * Adds the job's lines to the sheet.
     *
     * @param cores that the events take
     * @param taskManagers enough of them for the cores, the disks and the checkpoints
     * @param micros processor time an event
     * @param pieces how many make up the state, what they are and what each takes
     */
    static JobSize of(
            State state, double cores, int taskManagers, double micros, String pieces, SizeQuestion question, SizeFigures figures,
            Sheet sheet) {
        TaskManager each = question.taskManager();
        int slots = taskManagers * each.cores();
        int maxParallelism = maxParallelism(slots);
        double whole = state.bytes() * figures.checkpoint();
        double interval = question.intervalSeconds();
        double capacity = slots * 1e6 / micros;
        double restore = whole / taskManagers / each.bandwidth();
        double catchUp = (restore + RESTART_SECONDS + interval) * question.rate() / (capacity - question.rate());

        sheet.add("TaskManagers", count(taskManagers), "the most of cores %s / %d -> %d, disk -> %d, checkpoints -> %d",
                count(cores), each.cores(), atLeastOne(cores / each.cores()), state.taskManagersForDisk(each),
                state.taskManagersForCheckpoints(question));
        sheet.add("slots", count(slots), "%d TaskManagers x %d cores", taskManagers, each.cores());
        sheet.say("max parallelism", maxParallelism == SHIPPED_MAX_PARALLELISM
                        ? "%d, as shipped, which does for %d slots"
                        : "%d: set pipeline.max-parallelism before the first start, state stays bound to it (as shipped it does for %d slots)",
                maxParallelism, SHIPPED_MAX_PARALLELISM / GROUPS_A_SLOT);
        sheet.add("memory", bytes(taskManagers * (double) each.memory()), "%d x %s: heap %s of which %s keep users, RocksDB %s",
                taskManagers, bytes(each.memory()), bytes(each.heap()), bytes(each.hot()), bytes(each.managed()));
        sheet.add("state", bytes(state.bytes()), "%s", pieces);
        sheet.add("local disk", bytes(state.diskBytes()) + ", " + bytes(state.diskBytes() / taskManagers) + " a TaskManager",
                "%s x %s in RocksDB's files / %s full at most", bytes(state.bytes()), count(figures.disk()), count(DISK_FILL));
        sheet.add("whole checkpoint", bytes(whole) + "; a savepoint as much again",
                "%s x %s", bytes(state.bytes()), count(figures.checkpoint()));
        sheet.add("a checkpoint adds", bytes(state.addedBytes()), "%s users that came in %s x %s x %s",
                count(state.changed()), time(interval), bytes(state.changedBytes()), count(figures.added()));
        sheet.add("checkpoint bandwidth", bytes(state.addedBytes() / interval / taskManagers) + "/s a TaskManager",
                "%s / %s / %d, at most %s of %s/s", bytes(state.addedBytes()), time(interval), taskManagers,
                percent(CHECKPOINT_SHARE), bytes(each.bandwidth()));
        sheet.add("restore", time(restore), "%s / %d / %s/s", bytes(whole), taskManagers, bytes(each.bandwidth()));
        sheet.add("catching up", time(catchUp), "(%s + %s to restart + %s) x %s events/s / (%s/s it can do - %s/s)",
                time(restore), time(RESTART_SECONDS), time(interval), count(question.rate()), count(capacity),
                count(question.rate()));
        return new JobSize(taskManagers, slots, maxParallelism, state.diskBytes(), whole, state.addedBytes(), restore, catchUp);
    }

    /** @throws ConfigException when Flink cannot have so many slots */
    private static int maxParallelism(int slots) {
        if (slots > MOST_PARALLELISM) {
            throw new ConfigException("USERS, RATE: they take more slots than the " + count(MOST_PARALLELISM)
                    + " that Flink can have: take larger TaskManagers (CORES, MEMORY, DISK, BANDWIDTH) or several jobs");
        }
        int wanted = slots * GROUPS_A_SLOT;
        int rounded = (wanted + SHIPPED_MAX_PARALLELISM - 1) / SHIPPED_MAX_PARALLELISM * SHIPPED_MAX_PARALLELISM;
        return Math.min(MOST_PARALLELISM, rounded);
    }
}
