package io.liveprofile.model;

/** A release with which nothing is wrong, but which a job as it is now cannot use, such as one of other features; after a change it may. */
public final class UnfitReleaseException extends ReleaseException {
    private static final long serialVersionUID = 1L;

    public UnfitReleaseException(String message) {
        super(message);
    }
}
