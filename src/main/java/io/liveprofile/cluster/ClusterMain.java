package io.liveprofile.cluster;

import io.liveprofile.local.Liveprofile;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of a cluster on this machine. Exit codes: 0 = done, 1 = it failed, 2 = cannot be done as asked. */
@Command(
        name = "cluster",
        description = "A broker, a JobManager and two TaskManagers on this machine, and the jobs on them.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class ClusterMain implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Liveprofile.tellingErrorsInOneLine(new CommandLine(new ClusterMain())
                .addSubcommand(new UpCommand())
                .addSubcommand(new SubmitCommand())
                .addSubcommand(new SavepointCommand())
                .addSubcommand(new UpgradeCommand())
                .addSubcommand(new CancelCommand())
                .addSubcommand(new StatusCommand())
                .addSubcommand(new TrafficCommand())
                .addSubcommand(new DownCommand()));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
