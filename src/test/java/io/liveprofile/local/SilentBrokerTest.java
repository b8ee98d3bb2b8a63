package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.Topic;
import io.liveprofile.job.TopicScan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that takes connections and never answers, as one that is stopped: nobody waits for it for long. */
@Timeout(20)
class SilentBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private ServerSocket silent;
    private String bootstrapServers;

    @BeforeEach
    void listens() throws Exception {
        silent = new ServerSocket(0, 50, InetAddress.getByName(Ports.LOOPBACK));
        bootstrapServers = Ports.LOOPBACK + ":" + silent.getLocalPort();
    }

    @AfterEach
    void end() throws Exception {
        silent.close();
    }

    @Test
    void theReaderSaysThatItIsSilent() {
        assertThatThrownBy(() -> new TopicScan(bootstrapServers, PATIENCE).all("user-profiles", message -> {}))
                .isInstanceOf(IOException.class).hasMessage("the broker at " + bootstrapServers + " has been silent for 1 s");
    }

    @Test
    void theSenderGivesUpAndKnowsWhatItTook() throws Exception {
        Traffic one = new Traffic() {
            @Override
            public Message next() {
                return new Message(Topic.BEHAVIOR_EVENTS, "user", new byte[1], 0);
            }

            @Override
            public String description() {
                return "the same message again and again";
            }
        };
        TrafficSender sender = new TrafficSender(bootstrapServers, one, Pacer.rate(1));
        sender.start();
        while (sender.taken() == 0) {
            Thread.onSpinWait();
        }
        assertThat(sender.finish(PATIENCE)).isFalse();
        assertThat(sender.taken()).isEqualTo(1);
        assertThat(sender.acknowledged()).isZero();
    }
}
