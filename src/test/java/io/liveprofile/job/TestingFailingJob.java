package io.liveprofile.job;

import io.liveprofile.local.LiveJob;
import io.liveprofile.sink.ProfileSinks;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The profile job with one task that fails once, in the sink of the profiles. */
public final class TestingFailingJob implements LiveJob {
    private final Configuration options;
    private final TestingFailingSink.Point point;
    private final Duration checkpointInterval;

    public TestingFailingJob(Configuration options, TestingFailingSink.Point point, Duration checkpointInterval) {
        this.options = options;
        this.point = point;
        this.checkpointInterval = checkpointInterval;
    }

    @Override
    public void define(StreamExecutionEnvironment env, String bootstrapServers) {
        options.set(Options.KAFKA_SERVERS, bootstrapServers);
        ProfileJobConfig config = ProfileJobConfig.of(options);
        ProfileSinks sinks = new KafkaEnds(options, "").sinks().profileSinks();
        ProfilePipeline.define(
                ProfileJob.records(env, options, config, OffsetsInitializer.earliest()),
                new ProfileSinks(
                        new TestingFailingSink<>(sinks.profiles(), point),
                        sinks.scoredFeatures(),
                        sinks.alerts(),
                        sinks.lateEvents(),
                        sinks.quarantine(),
                        sinks.deadLetters(),
                        sinks.outcomeDeadLetters(),
                        sinks.outcomes(),
                        sinks.evaluations()),
                config);
        env.enableCheckpointing(checkpointInterval.toMillis());
    }
}
