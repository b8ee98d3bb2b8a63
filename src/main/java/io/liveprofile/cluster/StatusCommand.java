package io.liveprofile.cluster;

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
            cluster.rest().jobs().forEach(job -> say("job           %s  %-20s %-9s %d of %d tasks run",
                    job.id(), job.name(), job.state(), job.runningTasks(), job.tasks()));
        }
    }
}
