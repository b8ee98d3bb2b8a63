package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import io.liveprofile.local.BuiltInParts;
import io.liveprofile.local.Figures;
import io.liveprofile.local.RunFailedException;
import io.liveprofile.local.RunPlan;
import io.liveprofile.local.Traffic;
import io.liveprofile.local.TrafficOptions;
import io.liveprofile.local.TrafficSender;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends shoppers' behaviour to the cluster's broker. */
@Command(name = "traffic", sortOptions = false,
        description = "Sends simulated shoppers, or the rows of a file, to the cluster's broker.")
final class TrafficCommand extends ClusterCommand {
    private static final long TICK_MILLIS = 100;
    private static final Duration STATUS_EVERY = Duration.ofSeconds(5);
    /** With a broker that acknowledges nothing, once the traffic is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long ANY_LAG = Long.MAX_VALUE;

    @Mixin
    private TrafficOptions options;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "1min",
            description = "How long, such as 90s, 10min, 1h (default: ${DEFAULT-VALUE}).")
    private String duration;

    @Override
    boolean isAlone() {
        return false;
    }

    @Override
    void run() throws Exception {
        Cluster cluster = cluster();
        Addresses addresses = cluster.addresses();
        if (cluster.process(Cluster.BROKER) == null) {
            throw new ConfigException("the broker does not run: 'make cluster-up' starts it");
        }
        RunPlan plan = plan(addresses);
        try (Traffic traffic = new BuiltInParts().traffic(plan)) {
            say("Sending       %s, to %s", traffic.description(), addresses.bootstrapServers());
            TrafficSender sender = new TrafficSender(addresses.bootstrapServers(), traffic, plan.pacer());
            sender.start();
            follow(sender, plan);
            if (!sender.finish(PATIENCE)) {
                throw new RunFailedException("the broker acknowledges nothing" + counts(sender));
            }
            if (sender.failure() != null) {
                throw new RunFailedException("the traffic failed: " + sender.failure().getMessage() + counts(sender), sender.failure());
            }
            say("Sent          %s events, %s outcomes, %s dead letters",
                    Figures.grouped(sender.acknowledged(Topic.BEHAVIOR_EVENTS)),
                    Figures.grouped(sender.acknowledged(Topic.LABELED_OUTCOMES)),
                    Figures.grouped(sender.acknowledged(Topic.DEAD_LETTERS)));
        }
    }

    private static String counts(TrafficSender sender) {
        return "; " + Figures.grouped(sender.taken()) + " messages were taken, " + Figures.grouped(sender.acknowledged()) + " acknowledged";
    }

    private void follow(TrafficSender sender, RunPlan plan) throws InterruptedException {
        long began = System.nanoTime();
        long told = began;
        long toldSent = 0;
        long toldAcknowledged = 0;
        while (!sender.isDone() && (plan.isReplay() || System.nanoTime() - began < plan.duration().toNanos())) {
            Thread.sleep(TICK_MILLIS);
            long apart = System.nanoTime() - told;
            if (apart >= STATUS_EVERY.toNanos()) {
                long sent = sender.acknowledged(Topic.BEHAVIOR_EVENTS);
                long acknowledged = sender.acknowledged();
                boolean silent = acknowledged == toldAcknowledged && sender.taken() > acknowledged;
                say("%s         %s events, %s/s%s", Figures.clock(Duration.ofNanos(System.nanoTime() - began)),
                        Figures.grouped(sent), Figures.grouped(Math.round((sent - toldSent) * 1e9 / apart)),
                        silent ? ", the broker acknowledges nothing" : "");
                toldAcknowledged = acknowledged;
                told = System.nanoTime();
                toldSent = sent;
            }
        }
    }

    private RunPlan plan(Addresses addresses) {
        return new RunPlan(directory().path(), settings().job(), addresses.kafka(), addresses.rest(), 1, 1, true,
                options.rate(), RunPlan.time("DURATION", duration), options.data(), options.mapping(), options.speed(), ANY_LAG,
                options.users(), options.seed());
    }
}
