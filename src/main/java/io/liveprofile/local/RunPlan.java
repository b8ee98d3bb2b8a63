package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.Durations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a local run shall do. Only values that can be run exist.
 *
 * @param directory where everything the run writes goes
 * @param settings where the job's options come from
 * @param kafkaPort 0 = any free one
 * @param flinkPort of Flink's web UI; 0 = any free one
 * @param partitions of the topics keyed by user
 * @param parallelism of the job
 * @param keep continue with the data and state of the last run in the directory
 * @param rate events a second of the simulation; infinite = as fast as the job takes them
 * @param duration after which the run stops by itself; null = at the end of the data or at Ctrl-C
 * @param data file to replay; null = simulate
 * @param mapping how the file's rows become events; null when there is no file
 * @param speed multiple of real time of a replay; infinite = as fast as the job takes them
 * @param maxLag events the job may be behind before sending pauses
 * @param users shoppers to simulate
 * @param seed of the simulation: the same seed gives the same shoppers
 */
public record RunPlan(
        Path directory,
        JobSettings settings,
        int kafkaPort,
        int flinkPort,
        int partitions,
        int parallelism,
        boolean keep,
        double rate,
        Duration duration,
        Path data,
        Path mapping,
        double speed,
        long maxLag,
        int users,
        long seed) {

    public RunPlan {
        atLeast("--partitions", partitions, 1, 1000);
        atLeast("--parallelism", parallelism, 1, 128);
        atLeast("--max-lag", maxLag, 1, Long.MAX_VALUE);
        atLeast("--users", users, 1, Integer.MAX_VALUE);
        if (duration != null && (duration.isNegative() || duration.isZero())) {
            throw new ConfigException("DURATION: " + duration + " is not above 0");
        }
        if (data != null && !Files.isRegularFile(data)) {
            throw new ConfigException("DATA: there is no file " + data);
        }
        if (data != null && mapping == null) {
            throw new ConfigException("DATA needs MAPPING: a file that says how its columns become events");
        }
        if (mapping != null && data == null) {
            throw new ConfigException("MAPPING is given without DATA");
        }
        if (data == null && !Double.isInfinite(speed)) {
            throw new ConfigException("SPEED is given without DATA: RATE is how fast the simulation goes");
        }
        if (mapping != null && !Files.isRegularFile(mapping)) {
            throw new ConfigException("MAPPING: there is no file " + mapping);
        }
    }

    public boolean isReplay() {
        return data != null;
    }

    /** When each message of the traffic is due. */
    public Pacer pacer() {
        double pace = isReplay() ? speed : rate;
        if (Double.isInfinite(pace)) {
            return Pacer.unlimited();
        }
        return isReplay() ? Pacer.eventTime(pace) : Pacer.rate(pace);
    }

    /**
     * Reads a length of time such as {@code 90s}.
     *
     * @param name option, for the message
     */
    public static Duration time(String name, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name + ": '" + text + "' is not a time such as 90s, 10min or 1h", e);
        }
    }

    /**
     * Reads a pace.
     *
     * @param name option, for the message
     * @return a number above 0; infinite for {@code max}
     */
    public static double pace(String name, String text) {
        if (text.equals("max")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double pace = Double.parseDouble(text);
            if (pace > 0 && pace <= 1e9) {
                return pace;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message.
        }
        throw new ConfigException(name + ": '" + text + "' is neither a number above 0 nor max");
    }

    private static void atLeast(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigException(name + ": " + value + " is not within " + least + " to " + most);
        }
    }
}
