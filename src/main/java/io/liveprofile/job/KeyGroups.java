package io.liveprofile.job;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.OptionalInt;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Into how many groups the keys of a job are divided, which is the most subtasks it can have: as its state has them, whatever
 * {@code pipeline.max-parallelism} says by now, as Flink refuses state of another number than the one that is set.
 */
final class KeyGroups {
    private static final Logger LOG = LoggerFactory.getLogger(KeyGroups.class);

    private KeyGroups() {}

    /**
     * Lets a job that begins with a checkpoint or savepoint have the number of that. Where it cannot be read now the one that is set
     * stays: after a failure Flink may go on from a newer one and not need it any more.
     */
    static void keep(StreamExecutionEnvironment env) {
        int set = env.getMaxParallelism();
        if (set <= 0) {
            return; // then Flink takes that of the state
        }
        env.getConfiguration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).ifPresent(state -> {
            try {
                OptionalInt kept = of(state);
                if (kept.isPresent() && kept.getAsInt() != set) {
                    LOG.info("The job keeps the {} key groups of {} instead of {}", kept.getAsInt(), state, set);
                    env.setMaxParallelism(kept.getAsInt());
                }
            } catch (IOException e) {
                LOG.warn("How many key groups {} has cannot be read: {}", state, e.toString());
            }
        });
    }

    /** Most of any operator: the trainer's state has one. */
    private static OptionalInt of(String state) throws IOException {
        try (DataInputStream metadata = new DataInputStream(
                AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(state).getMetadataHandle().openInputStream())) {
            return Checkpoints.loadCheckpointMetadata(metadata, KeyGroups.class.getClassLoader(), state).getOperatorStates().stream()
                    .mapToInt(OperatorState::getMaxParallelism)
                    .max();
        }
    }
}
