package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.util.Locale;

/** How a log is written. */
public enum LogFormat {
    /** A line for people; a stack trace has lines of its own. */
    TEXT,
    /** One JSON object a line, with the fields of the Elastic Common Schema; a stack trace is one of them. */
    JSON;

    /** @throws ConfigException when it is neither {@code text} nor {@code json} */
    public static LogFormat of(String value) {
        for (LogFormat format : values()) {
            if (format.value().equals(value)) {
                return format;
            }
        }
        throw new ConfigException("LOGS = '" + value + "': must be text or json");
    }

    /** As options and the configurations of log4j call it. */
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
