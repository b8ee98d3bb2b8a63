package io.liveprofile.model;

import org.tensorflow.proto.ConfigProto;

/**
 * How many threads one TensorFlow session may use.
 *
 * @param intraOp threads inside one operation, at least 1
 * @param interOp operations at once, at least 1; 1 = everything runs in the calling thread, without a hand-over
 */
public record SessionThreads(int intraOp, int interOp) {
    /** One thread: a subtask is one slot's worth of work, and sums come out in one order. */
    public static final SessionThreads SINGLE = new SessionThreads(1, 1);

    public SessionThreads {
        if (intraOp < 1 || interOp < 1) {
            throw new IllegalArgumentException("Session threads must be at least 1: " + intraOp + ", " + interOp);
        }
    }

    ConfigProto toProto() {
        // A negative count is DirectSession's "run in the caller's thread".
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(intraOp)
                .setInterOpParallelismThreads(interOp == 1 ? -1 : interOp)
                .setUsePerSessionThreads(interOp > 1)
                .build();
    }
}
