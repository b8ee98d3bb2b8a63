package io.liveprofile.local;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The profile job as a local run needs it. */
@FunctionalInterface
public interface LiveJob {
    /**
     * Adds the whole graph, sources and sinks included, to the environment and does not execute it. Sources read
     * behavior-events from the earliest offset when no state is restored.
     */
    void define(StreamExecutionEnvironment env, String bootstrapServers) throws Exception;
}
