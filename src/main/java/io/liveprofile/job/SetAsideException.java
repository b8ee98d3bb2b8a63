package io.liveprofile.job;

/** Domain code failed on an event, and only a task that is started anew can go on without it. */
final class SetAsideException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SetAsideException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
