package io.liveprofile.sizing;

import io.liveprofile.config.ConfigException;
import java.time.Duration;

/**
 * What is to be sized. Only values that can be reckoned with exist; a wrong one is a {@link ConfigException} that names the
 * option of {@code make size}.
 *
 * @param users known to the jobs, 1 to 10^11
 * @param rate events a second, above 0 to 10^9
 * @param eventsAUser events of a user in 30 days, above 0
 * @param utilisation share of the cores that the rate takes, above 0 to 0.95; the rest is for peaks and for catching up
 * @param taskManager what each TaskManager has
 * @param checkpointInterval of both jobs
 * @param maxWaiting vectors of a user that wait for their labels at most
 * @param replicas of each topic, 1 to 9
 */
public record SizeQuestion(
        double users,
        double rate,
        double eventsAUser,
        double utilisation,
        TaskManager taskManager,
        Duration checkpointInterval,
        int maxWaiting,
        int replicas) {
    static final Duration MONTH = Duration.ofDays(30);

    /**
     * A TaskManager, with as many slots as cores.
     *
     * @param cores 1 to 256
     * @param memory of the process, bytes
     * @param heap of it, bytes
     * @param hot of the heap, bytes in which it keeps users
     * @param managed of the memory, bytes for RocksDB
     * @param disk bytes for RocksDB
     * @param bandwidth bytes a second between it and where checkpoints lie
     */
    public record TaskManager(int cores, long memory, long heap, long hot, long managed, long disk, long bandwidth) {
        public TaskManager {
            requireCores(cores);
            range("DISK", disk / 1e9, 1, 1e6, " GB");
            range("BANDWIDTH", bandwidth / 1e6, 1, 1e6, " MB/s");
        }

        /** Refuses what no TaskManager has, before its memory is divided among so many slots. */
        public static void requireCores(int cores) {
            range("CORES", cores, 1, 256, "");
        }
    }

    public SizeQuestion {
        range("USERS", users, 1, 1e11, "");
        range("UTILISATION", utilisation, 0.05, 0.95, "");
        range("RATE (USERS x EVENTS_PER_USER / 30 d, if not given)", rate, 1e-3, 1e9, "");
        range("EVENTS_PER_USER (RATE x 30 d / USERS, if not given)", eventsAUser, 1e-6, 1e9, "");
        range("REPLICAS", replicas, 1, 9, "");
    }

    /** Events a second when each user has so many in 30 days. */
    public static double rate(double users, double eventsAUser) {
        return users * eventsAUser / MONTH.toSeconds();
    }

    /** Events of a user in 30 days at a rate. */
    public static double eventsAUser(double users, double rate) {
        return rate * MONTH.toSeconds() / users;
    }

    double intervalSeconds() {
        return checkpointInterval.toMillis() / 1e3;
    }

    /** Refuses more events a user than were measured. */
    void requireMeasured(SizeFigures figures) {
        double most = Math.min(figures.stateBytes().mostEvents(), figures.memoryBytes().mostEvents());
        if (eventsAUser > most) {
            throw new ConfigException("EVENTS_PER_USER (RATE x 30 d / USERS, if not given): " + Quantity.count(eventsAUser)
                    + " events of a user in 30 days: must be at most the " + Quantity.count(most) + " that were measured");
        }
    }

    private static void range(String option, double value, double least, double most, String unit) {
        if (!(value >= least && value <= most)) {
            throw new ConfigException(option + " = '" + Quantity.plain(value) + "': must be from " + Quantity.plain(least) + " to "
                    + Quantity.plain(most) + unit);
        }
    }
}
