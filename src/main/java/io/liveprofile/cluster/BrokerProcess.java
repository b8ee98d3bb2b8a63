package io.liveprofile.cluster;

import io.liveprofile.local.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The broker in a process of its own: {@code BrokerProcess DIRECTORY PORT}; ends in order when asked to. */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "close"));
        new CountDownLatch(1).await();
    }
}
