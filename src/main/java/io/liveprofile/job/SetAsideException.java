package io.liveprofile.job;

/**
 * Domain code failed on an event, and only a task that is started anew can go on without it. Has the stack trace of what was
 * thrown and not its message, which may quote the event, and which Flink would log on every process.
 */
final class SetAsideException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SetAsideException(String message, RuntimeException thrown) {
        super(message);
        setStackTrace(thrown.getStackTrace());
    }
}
