package io.liveprofile.cluster;

import io.liveprofile.local.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What goes wrong, or is done, while the traffic flows; one more is one more entry of {@link #ALL}. */
record Fault(
        String name, boolean highlyAvailable, List<String> settings, OnItsWay onItsWay, Disturbance disturbance, Claim claim) {

    /**
     * @param highlyAvailable whether a JobManager started anew goes on with the jobs by itself
     * @param settings {@code KEY=VALUE} of the jobs, beside those of every case
     * @param onItsWay what happens to the traffic before the broker has it
     * @param claim what must be as in the undisturbed run
     */
    Fault {
        settings = List.copyOf(settings);
    }

    Fault(String name, Disturbance disturbance) {
        this(name, false, List.of(), OnItsWay.UNCHANGED, disturbance, Claim.ALL_THE_SAME);
    }

    /** Nothing goes wrong. */
    static Fault undisturbed(List<String> settings) {
        return new Fault("undisturbed", false, settings, OnItsWay.UNCHANGED, run -> {}, Claim.ALL_THE_SAME);
    }

    /** A whole day of faults. */
    static Fault ofDay(Soak soak) {
        return new Fault(Soak.NAME, true, Soak.SETTINGS, OnItsWay.UNCHANGED, soak, Claim.ALL_THE_SAME);
    }

    /** One that befalls the traffic. */
    private static Fault ofTraffic(String name, List<String> settings, OnItsWay onItsWay, Claim claim) {
        return new Fault(name, false, settings, onItsWay, run -> {}, claim);
    }

    /** What happens to the traffic, which has so many messages to behavior-events. */
    interface OnItsWay {
        OnItsWay UNCHANGED = (traffic, events) -> traffic;

        Traffic apply(Traffic traffic, long events);
    }

    /** What a case holds against the undisturbed run. */
    enum Claim {
        ALL_THE_SAME,
        /** And no record is there twice. */
        EXACTLY_ONCE,
        /** Labels may be missing or wrong, no more than {@link LateForLabels} explains: what decides them came too late. */
        ALL_BUT_LABELS
    }

    interface Disturbance {
        /** Settings of Flink, instead of those of flink-conf/config.yaml or beside them. */
        default Map<String, String> flinkSettings() {
            return Map.of();
        }

        /**
         * The jar that is submitted.
         *
         * @param shipped the one that users submit
         * @param directory of the run, for another one made of it
         */
        default Path jobJar(Path shipped, Path directory) throws Exception {
            return shipped;
        }

        /** Done once, beside the traffic. */
        void strike(CaseRun run) throws Exception;

        /** Names of parts, such as a statistic or {@link Published#RELEASE}, that are meant to differ from the undisturbed run's. */
        default Predicate<String> changed() {
            return name -> false;
        }

        /** What is wrong beside what differs, a line each; asked once all has settled. */
        default List<String> wrong(CaseRun run) throws Exception {
            return List.of();
        }
    }

    /** One that must be over before there is another checkpoint: the next one is 15 s away, also behind a recovery. */
    interface BetweenCheckpoints extends Disturbance {
        @Override
        default Map<String, String> flinkSettings() {
            return Map.of("execution.checkpointing.interval", "15 s", "execution.checkpointing.min-pause", "15 s");
        }
    }

    /** How ids of events begin that only the case has: nothing of the undisturbed run is held against what becomes of them. */
    static final String ADDED = "added-";

    /** Nothing goes wrong: what the others are held against. */
    static final Fault NONE = undisturbed(List.of());

    private static final Duration AWAY = Duration.ofSeconds(30);

    static final List<Fault> ALL = List.of(
            new Fault("taskmanager-killed-twice", Fault::killTwice),
            new Fault("exactly-once", false, List.of("delivery=exactly-once"), OnItsWay.UNCHANGED, Fault::killTwice,
                    Claim.EXACTLY_ONCE),
            new Fault("exactly-once-jobmanager-killed", true, List.of("delivery=exactly-once"), OnItsWay.UNCHANGED,
                    Fault::killTheJobManager, Claim.EXACTLY_ONCE),
            new Fault("exactly-once-broker-killed", false, List.of("delivery=exactly-once"), OnItsWay.UNCHANGED,
                    Fault::killTheBroker, Claim.EXACTLY_ONCE),
            new Fault("killed-twice-in-a-checkpoint", new KillsInACheckpoint()),
            new Fault("broker-restarted", Fault::restartTheBroker),
            new Fault("broker-killed", Fault::killTheBroker),
            new Fault("broker-away-30s", Fault::takeTheBrokerAway),
            new Fault("jobmanager-killed", true, List.of(), OnItsWay.UNCHANGED, Fault::killTheJobManager,
                    Claim.ALL_THE_SAME),
            new Fault("jobmanager-lost-with-its-jobs", Fault::loseTheJobManager),
            new Fault("upgraded", Fault::upgrade),
            new Fault("upgraded-with-other-features", new OtherFeatures()),
            new Fault("checkpoint-fails", new CheckpointsAway()),
            new Fault(DiskFull.NAME, new DiskFull()),
            new Fault("rescaled-2-4-1", Fault::rescale),
            ofTraffic("partition-stalled", List.of(), Fault::stall, Claim.ALL_THE_SAME),
            ofTraffic("partition-stalled-beyond-idleness", List.of("watermark.idleness=4s"), Fault::stall, Claim.ALL_BUT_LABELS),
            new Fault("clock-jump", false, List.of(),
                    (traffic, events) -> new JumpingClock(traffic, events * 3 / 10, events * 7 / 10), new JumpingClock.Ends(),
                    Claim.ALL_THE_SAME),
            new Fault("poison-event", false, List.of(), PoisonEvent::after, new PoisonEvent(), Claim.ALL_THE_SAME),
            new Fault("release-deleted", new ReleasesDeleted()),
            new Fault("release-before-a-kill", new ReleaseBeforeAKill()));

    private static Traffic stall(Traffic traffic, long events) {
        return new StalledPartition(traffic, events / 4, events * 9 / 10);
    }

    private static void killTwice(CaseRun run) throws Exception {
        for (double sent : new double[] {0.3, 0.6}) {
            run.awaitSent(sent);
            run.awaitCheckpoint(Job.PROFILE);
            killAndRecover(run);
        }
    }

    /** Of a TaskManager that runs tasks of the profile job; the number of the checkpoint that it went back to. */
    static long killAndRecover(CaseRun run) throws Exception {
        String taskManager = run.jobs().taskManagerOf(Job.PROFILE); // one may stand by: after a failure the other has room for all
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
        rescale(run, 4);
        run.awaitSent(0.6);
        rescale(run, 1);
    }

    private static void rescale(CaseRun run, int parallelism) throws Exception {
        for (Job job : Job.values()) {
            run.submit(job, run.stop(job), parallelism);
        }
    }
}
