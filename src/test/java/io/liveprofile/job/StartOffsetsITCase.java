package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Pseudonymizer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that was away for longer than its topic keeps records. */
class StartOffsetsITCase {
    private static final int EVENTS = 20;
    private static final long START = 1_750_000_000_000L;

    @TempDir
    Path directory;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private TestingKafka kafka;
    private TestingCluster cluster;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void failsInsteadOfLeavingOutWhatIsGoneUntilItIsTold() throws Exception {
        Path savepoint = stopBeforeALoss();

        cluster.submit(job(true), savepoint);
        assertFailed();
        cluster.submit(job(true)); // without state it begins where its group stopped
        assertFailed();
        cluster.submit(job(false), savepoint);
        cluster.await("what is left", () -> cluster.metrics().count(Counts.PROFILED) == 2 * EVENTS);
        assertThat(cluster.metrics().count(Counts.READ)).isEqualTo(2 * EVENTS);
    }

    private void assertFailed() {
        assertThatThrownBy(() -> cluster.await("the job to fail", () -> false))
                .hasMessage("The job failed")
                .hasRootCauseInstanceOf(OffsetOutOfRangeException.class);
    }

    /** Some events are read, some are deleted unread, some are there. */
    private Path stopBeforeALoss() throws Exception {
        cluster.submit(job(true));
        send(0);
        cluster.await("all events", () -> cluster.metrics().count(Counts.PROFILED) == EVENTS);
        cluster.await("the group's offsets", () -> kafka.committed(Options.KAFKA_GROUP.defaultValue()) == EVENTS);
        Path savepoint = cluster.stopWithSavepoint(SavepointFormatType.CANONICAL);
        send(EVENTS);
        kafka.deleteRecords(Topic.BEHAVIOR_EVENTS);
        send(2 * EVENTS);
        return savepoint;
    }

    private void send(int from) {
        for (int number = from; number < from + EVENTS; number++) {
            String user = "user-" + number % EVENTS;
            kafka.send(Topic.BEHAVIOR_EVENTS, user, events.encode(BehaviorEvent.newBuilder()
                    .setEventId("e" + number)
                    .setUserId(user)
                    .setEventTime(START + number * 1_000L)
                    .setType(EventType.VIEW)
                    .build()));
        }
        kafka.flush();
    }

    /** It is not started anew, as a job elsewhere is until somebody has looked. */
    private StreamExecutionEnvironment job(boolean failOnDataLoss) throws Exception {
        Configuration options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.FAIL_ON_DATA_LOSS, failOnDataLoss);
        options.set(Options.MODEL_STORE, "");
        options.set(Options.FEATURES, Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1d: { length: 1 d, hop: 1 h } }
                aggregates: { views: { op: count, windows: [1d] } }
                features: [ { statistics: [views] } ]
                """).toString());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
        StreamExecutionEnvironment env = cluster.environment();
        Configuration once = new Configuration();
        once.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        env.configure(once);
        ProfileJob.define(env, options, StartOffsets.committed());
        return env;
    }
}
