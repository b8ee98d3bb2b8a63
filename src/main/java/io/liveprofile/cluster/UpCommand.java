package io.liveprofile.cluster;

import io.liveprofile.local.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts what does not run. */
@Command(name = "up", sortOptions = false,
        description = "Starts a broker, a JobManager and two TaskManagers, each a process of its own that goes on when this"
                + " command has ended; starts only what does not run.")
final class UpCommand extends ClusterCommand {
    @Option(names = "--kafka-port", paramLabel = "PORT", defaultValue = "9092",
            description = "Loopback port of the broker, 0 = any (default: ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(names = "--rest-port", paramLabel = "PORT", defaultValue = "8081",
            description = "Loopback port of Flink's REST API and web UI, 0 = any (default: ${DEFAULT-VALUE}).")
    private int restPort;

    @Option(names = "--jobmanager-port", paramLabel = "PORT", defaultValue = "6123",
            description = "Loopback port on which TaskManagers reach the JobManager, 0 = any (default: ${DEFAULT-VALUE}).")
    private int jobManagerPort;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "4",
            description = "Partitions of the topics keyed by user (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--logs", paramLabel = "FORMAT",
            description = "Logs as text or as json; of processes that run already, too, within half a minute (default: text, or as those"
                    + " that run already).")
    private String logs;

    @Option(names = "--keep", description = "Go on with the topics, checkpoints, savepoints and models of the last cluster.")
    private boolean keep;

    @Option(names = "--ha", description = "With a ZooKeeper, so that a JobManager started anew goes on with the jobs by itself.")
    private boolean highlyAvailable;

    @Override
    void run() throws Exception {
        Cluster cluster = cluster();
        Addresses asked = new Addresses(kafkaPort, restPort, jobManagerPort, highlyAvailable ? 0 : Addresses.NONE);
        boolean ran = cluster.isAnyAlive();
        LogFormat format = logs != null ? LogFormat.of(logs) : ran ? FlinkConf.logging(directory()) : LogFormat.TEXT;
        boolean anew = !ran && !keep && Files.exists(directory().kafka());
        int savepoints = anew ? directory().countSavepoints() : 0;
        int[] started = {0};
        Addresses addresses = cluster.up(asked, partitions, keep, format, process -> {
            if (started[0]++ == 0 && anew) {
                say("Removed       topics, checkpoints and models of the cluster before (KEEP=1 goes on with them)");
                if (savepoints > 0) {
                    say("Savepoints    %d of the cluster before, now in %s", savepoints, shown(directory().savepointsBefore()));
                }
            }
            say("Started %-13s pid %d", process.name(), process.pid());
        });
        if (started[0] == 0) {
            say("It runs already.");
        } else if (ran) {
            say("The others ran already.");
        }
        Path store = jobArguments().configuredStore();
        if (store != null && directory().seedModels(store)) {
            say("Models        copied from %s", store);
        }
        say("Flink web UI  %s", addresses.webAddress());
        say("Kafka         %s", addresses.bootstrapServers());
        say("Logs          %s", shown(directory().logs()));
    }
}
