package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.JobSettings;
import io.liveprofile.local.Liveprofile;
import io.liveprofile.local.RunDirectory;
import io.liveprofile.local.RunFailedException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands of a cluster share: where it is, what it is made of, and that one of them works at a time. */
abstract class ClusterCommand implements Callable<Integer>, Liveprofile.Verbose {
    static final int TASK_MANAGERS = 2;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "target/cluster",
            description = "Where the cluster keeps everything (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--packaged", paramLabel = "DIR", defaultValue = "target",
            description = "Where 'make package' has put the job jar and the libraries (default: ${DEFAULT-VALUE}).")
    private Path packaged;

    @Mixin
    private Liveprofile.Settings settings;

    @Mixin
    private Liveprofile.Common common;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        System.setProperty("liveprofile.log", directory.resolve("logs/commands.log").toString());
        if (!isAlone()) {
            run();
            return 0;
        }
        try (RunDirectory held = RunDirectory.tryHold(directory)) {
            if (held == null) {
                throw new ConfigException("another command is at work in " + directory + ": wait until it has ended");
            }
            run();
        }
        return 0;
    }

    @Override
    public final boolean isVerbose() {
        return common.isVerbose();
    }

    abstract void run() throws Exception;

    /** Whether no other command may be at work meanwhile. */
    boolean isAlone() {
        return true;
    }

    final ClusterDirectory directory() {
        return new ClusterDirectory(directory);
    }

    final Cluster cluster() {
        return new Cluster(directory(), Artefacts.in(packaged), settings.job().directory(), TASK_MANAGERS);
    }

    /** @throws ConfigException when there is no JobManager to ask */
    final ClusterJobs jobs() {
        Cluster cluster = cluster();
        Addresses addresses = cluster.addresses();
        if (cluster.process(Cluster.JOB_MANAGER) == null) {
            throw new ConfigException("the JobManager does not run: 'make cluster-up' starts it, " + (addresses.hasZooKeeper()
                    ? "and the jobs go on by themselves" : "then 'make submit FROM=latest' goes on with the jobs"));
        }
        requireAnswer(cluster);
        return cluster.jobs();
    }

    /** @throws RunFailedException when the JobManager runs and says nothing */
    final void requireAnswer(Cluster cluster) {
        if (cluster.rest().taskManagers() < 0) {
            throw new RunFailedException("the JobManager at " + cluster.addresses().webAddress() + " does not answer; see "
                    + shown(directory().logs()));
        }
    }

    final JobArguments jobArguments() {
        return jobArguments(settings.job().assignments());
    }

    /** @param assignments {@code KEY=VALUE} each, instead of those of the command line */
    final JobArguments jobArguments(List<String> assignments) {
        return new JobArguments(new JobSettings(settings.job().directory(), assignments), directory());
    }

    /** As the command line says it. */
    final Submission submission(ParallelismOption parallelism) {
        return new Submission(settings.job().assignments(), parallelism.value());
    }

    final Liveprofile.Settings settings() {
        return settings;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Prints a line; it is seen at once. */
    final void say(String format, Object... values) {
        out().printf(format + "%n", values);
        out().flush();
    }

    /** A path as the one who typed the command would write it. */
    static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    }
}
