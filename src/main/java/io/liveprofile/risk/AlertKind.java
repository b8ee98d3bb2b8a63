package io.liveprofile.risk;

import io.liveprofile.event.Severity;

/** What an alert can be about. The name in messages never changes once released. */
public enum AlertKind {
    /** Events of one user come faster than a person acts. */
    BOT_BURST("bot-burst", Severity.HIGH, "rule:bot-burst:1");

    private final String name;
    private final Severity severity;
    private final String source;

    AlertKind(String name, Severity severity, String source) {
        this.name = name;
        this.severity = severity;
        this.source = source;
    }

    public String alertName() {
        return name;
    }

    Severity severity() {
        return severity;
    }

    /** Rule and its version. */
    String source() {
        return source;
    }

    static AlertKind named(String name) {
        for (AlertKind kind : values()) {
            if (kind.name.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("Unknown alert kind '" + name + "' in state");
    }
}
