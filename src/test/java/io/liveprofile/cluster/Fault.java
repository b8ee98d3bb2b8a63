package io.liveprofile.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What goes wrong, or is done, while the traffic flows; one more is one more entry of {@link #ALL}. */
record Fault(String name, boolean highlyAvailable, Disturbance disturbance) {

    Fault(String name, Disturbance disturbance) {
        this(name, false, disturbance);
    }

    interface Disturbance {
        /** Done once, beside the traffic. */
        void strike(CaseRun run) throws Exception;

        /** Statistics and lists of a profile that are meant to differ from the undisturbed run's. */
        default Predicate<String> changed() {
            return name -> false;
        }

        /** What is wrong beside what differs, a line each; asked once all has settled. */
        default List<String> wrong(CaseRun run) throws Exception {
            return List.of();
        }
    }

    /** Nothing goes wrong: what the others are held against. */
    static final Fault NONE = new Fault("undisturbed", run -> {});

    private static final Duration AWAY = Duration.ofSeconds(30);

    static final List<Fault> ALL = List.of(
            new Fault("taskmanager-killed-twice", Fault::killTwice),
            new Fault("killed-twice-in-a-checkpoint", Fault::killTwiceInACheckpoint),
            new Fault("broker-restarted", Fault::restartTheBroker),
            new Fault("broker-killed", Fault::killTheBroker),
            new Fault("broker-away-30s", Fault::takeTheBrokerAway),
            new Fault("jobmanager-killed", true, Fault::killTheJobManager),
            new Fault("jobmanager-lost-with-its-jobs", Fault::loseTheJobManager),
            new Fault("upgraded", Fault::upgrade),
            new Fault("upgraded-with-other-features", new OtherFeatures()),
            new Fault("checkpoint-fails", new CheckpointsAway()),
            new Fault(DiskFull.NAME, new DiskFull()),
            new Fault("rescaled-2-4-1", Fault::rescale));

    private static void killTwice(CaseRun run) throws Exception {
        for (double sent : new double[] {0.3, 0.6}) {
            run.awaitSent(sent);
            run.awaitCheckpoint(Job.PROFILE);
            killAndRecover(run);
        }
    }

    private static void killTwiceInACheckpoint(CaseRun run) throws Exception {
        run.awaitSent(0.3);
        run.awaitCheckpoint(Job.PROFILE);
        long first = killAndRecover(run);
        long second = killAndRecover(run);
        run.note(first == second
                ? "went back to checkpoint " + first + " both times"
                : "went back to checkpoint " + first + ", then to " + second);
    }

    private static long killAndRecover(CaseRun run) throws Exception {
        String taskManager = run.taskManagerOf(Job.PROFILE); // one may stand by: after a failure the other has room for all
        long struck = System.currentTimeMillis();
        run.kill(taskManager);
        run.restart(taskManager);
        long checkpoint = run.awaitRestored(Job.PROFILE, struck);
        run.note(taskManager + ": all tasks run again after " + (System.currentTimeMillis() - struck) / 100 / 10.0 + " s");
        return checkpoint;
    }

    private static void restartTheBroker(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.end(Cluster.BROKER);
        run.restart(Cluster.BROKER);
    }

    private static void killTheBroker(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.kill(Cluster.BROKER);
        run.restart(Cluster.BROKER);
    }

    private static void takeTheBrokerAway(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.end(Cluster.BROKER);
        Thread.sleep(AWAY.toMillis());
        run.restart(Cluster.BROKER);
    }

    private static void killTheJobManager(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.awaitCheckpoint(Job.PROFILE);
        run.awaitCheckpoint(Job.TRAINING);
        long struck = System.currentTimeMillis();
        run.kill(Cluster.JOB_MANAGER);
        run.restart(Cluster.JOB_MANAGER);
        run.awaitRestored(Job.PROFILE, struck);
        run.awaitRestored(Job.TRAINING, struck);
        run.note("all tasks run again after " + (System.currentTimeMillis() - struck) / 100 / 10.0 + " s");
    }

    /** Without ZooKeeper a new JobManager knows no jobs: they are submitted from their newest checkpoints. */
    private static void loseTheJobManager(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.awaitCheckpoint(Job.PROFILE);
        run.awaitCheckpoint(Job.TRAINING);
        run.kill(Cluster.JOB_MANAGER);
        run.restart(Cluster.JOB_MANAGER);
        run.awaitTaskManagers();
        for (Job job : Job.values()) {
            run.submit(job, run.newestState(job), 2);
        }
    }

    private static void upgrade(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.savepoint(Job.PROFILE);
        for (Job job : Job.values()) {
            Path state = run.stop(job);
            run.submit(job, state, 2);
        }
    }

    private static void rescale(CaseRun run) throws Exception {
        run.awaitSent(0.3);
        run.submit(Job.PROFILE, run.stop(Job.PROFILE), 4);
        run.awaitSent(0.6);
        run.submit(Job.PROFILE, run.stop(Job.PROFILE), 1);
    }
}
