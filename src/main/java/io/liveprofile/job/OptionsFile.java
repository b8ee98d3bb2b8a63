package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.config.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Reads liveprofile.yaml, nested or with dotted keys, into a configuration of {@link Options}; refuses what it does not know. */
public final class OptionsFile {
    private OptionsFile() {}

    public static Configuration read(ConfigNode file) {
        Configuration configuration = new Configuration();
        read("", file, configuration);
        return configuration;
    }

    /** Sets one option from text, as a command line gives it. */
    public static void set(Configuration configuration, String key, String value) {
        ConfigOption<?> option = option(key)
                .orElseThrow(() -> new ConfigException(key + ": unknown option; allowed: " + keys()));
        boolean isWritten = option == Options.KAFKA_SERVERS
                ? BrokerAddresses.areValid(value)
                : !(option.defaultValue() instanceof Duration) || isDuration(value);
        if (!isWritten) {
            throw new ConfigException(key + " = '" + value + "': " + allowed(option));
        }
        configuration.setString(key, option.defaultValue() instanceof Enum<?> ? value.replace('-', '_') : value);
        try {
            configuration.get(option);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key + " = '" + value + "': " + allowed(option), e);
        }
    }

    /**
     * Sets options from {@code KEY=VALUE} texts; a later one wins.
     *
     * @param source where the texts come from, as errors name it
     */
    public static void assign(Configuration configuration, String source, List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(source + ": '" + assignment + "': must be KEY=VALUE");
            }
            try {
                set(configuration, assignment.substring(0, equals).trim(), assignment.substring(equals + 1).trim());
            } catch (ConfigException e) {
                throw new ConfigException(source + ": " + e.getMessage(), e);
            }
        }
    }

    /** With a unit always: Flink's own reader would take a bare number for milliseconds. */
    private static boolean isDuration(String value) {
        if (value.matches("0+\\s*(ms|s|min|h|d)")) {
            return true;
        }
        try {
            Durations.parse(value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void read(String prefix, ConfigNode node, Configuration configuration) {
        for (Map.Entry<String, ConfigNode> entry : node.entriesWithEmpty().entrySet()) {
            String key = prefix + entry.getKey();
            ConfigNode value = entry.getValue();
            if (value.isMap()) {
                read(key + ".", value, configuration);
                continue;
            }
            if (value.isEmpty() && isSection(key)) {
                continue;
            }
            try {
                // A key with nothing behind it is an empty text, never silently the default.
                set(configuration, key, value.isEmpty() ? "" : value.text());
            } catch (ConfigException e) {
                throw new ConfigException(entry.getValue().place() + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean isSection(String key) {
        return Options.all().stream().anyMatch(option -> option.key().startsWith(key + "."));
    }

    private static Optional<ConfigOption<?>> option(String key) {
        return Options.all().stream().filter(option -> option.key().equals(key)).findFirst();
    }

    private static List<String> keys() {
        return Options.all().stream().map(ConfigOption::key).toList();
    }

    private static String allowed(ConfigOption<?> option) {
        if (option == Options.KAFKA_SERVERS) {
            return "must be " + BrokerAddresses.ALLOWED;
        }
        Object value = option.defaultValue();
        if (value instanceof Enum<?> constant) {
            return "must be one of "
                    + List.of(constant.getDeclaringClass().getEnumConstants()).toString().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return "must be a " + switch (value.getClass().getSimpleName()) {
            case "Duration" -> "duration such as 500 ms, 10 s, 5 min, 1 h or 30 d";
            case "Integer", "Long" -> "whole number";
            case "Double" -> "number";
            case "MemorySize" -> "size such as 512 kb, 192 mb or 2 gb";
            default -> value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
