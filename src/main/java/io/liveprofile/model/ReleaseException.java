package io.liveprofile.model;

/** A release that must not be used: missing, broken, tampered with, or made for other features. One line says which. */
public class ReleaseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public ReleaseException(String message) {
        super(message);
    }

    public ReleaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
