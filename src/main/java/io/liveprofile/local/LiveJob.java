package io.liveprofile.local;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The jobs as a local run needs them: in one graph, as there is one process, though nothing joins them but topics and the model
 * store. A failure restarts the one it happens in.
 */
@FunctionalInterface
public interface LiveJob {
    /**
     * Adds the whole graph, sources and sinks included, to the environment and does not execute it. Sources read
     * behavior-events from the earliest offset when no state is restored.
     */
    void define(StreamExecutionEnvironment env, String bootstrapServers) throws Exception;
}
