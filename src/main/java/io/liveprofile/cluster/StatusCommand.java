package io.liveprofile.cluster;

import java.util.Locale;
import picocli.CommandLine.Command;

/** What runs. */
@Command(name = "status", description = "Prints which processes and jobs run.")
final class StatusCommand extends ClusterCommand {

    @Override
    boolean isAlone() {
        return false;
    }

    @Override
    void run() {
        Cluster cluster = cluster();
        Addresses addresses = cluster.addresses();
        for (String name : cluster.names()) {
            RunningProcess process = cluster.process(name);
            say("%-13s %s", name, process == null ? "does not run" : "pid " + process.pid());
        }
        say("Flink web UI  %s", addresses.webAddress());
        say("Kafka         %s", addresses.bootstrapServers());
        if (cluster.process(Cluster.JOB_MANAGER) != null) {
            requireAnswer(cluster);
            FlinkRest rest = cluster.rest();
            for (Job job : Job.values()) {
                rest.running(job).or(() -> rest.newest(job)).ifPresentOrElse(
                        newest -> say("%-13s job %s %s, %d of %d tasks run", job.option(), newest.id(),
                                newest.state().toLowerCase(Locale.ROOT), newest.runningTasks(), newest.tasks()),
                        () -> say("%-13s was not submitted", job.option()));
            }
        }
    }
}
