package io.liveprofile.cluster;

import picocli.CommandLine.Command;

/** Ends the cluster. */
@Command(name = "down", description = "Ends the processes of the cluster and no others. Topics, checkpoints, savepoints, models and"
        + " logs stay until the next cluster begins; savepoints beyond it.")
final class DownCommand extends ClusterCommand {

    @Override
    void run() throws Exception {
        int[] ended = {0};
        cluster().down(process -> {
            ended[0]++;
            say("Ended %-13s pid %d", process.name(), process.pid());
        });
        if (ended[0] == 0) {
            say("Nothing runs.");
        }
    }
}
