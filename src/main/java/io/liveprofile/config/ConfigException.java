package io.liveprofile.config;

/**
 * A configuration value or file that cannot be used. The message is one line a user can act on: file and line, key,
 * value, what is allowed.
 */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
