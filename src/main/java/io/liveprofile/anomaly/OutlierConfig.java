package io.liveprofile.anomaly;

import io.liveprofile.config.ConfigException;
import java.io.Serializable;
import java.time.Duration;

/**
 * Limits of the outlier filter.
 *
 * @param amountHardMaxMinor largest amount of one event in minor units, at least 1
 * @param amountThreshold robust standard deviations, on the logarithm of the amount, above the user's median; above 0
 * @param rateInterval length over which events are counted, at least 1 s
 * @param rateHardMax most events of one user in an interval, at least the always allowed
 * @param rateAlwaysAllowed events in an interval that are never an outlier, at least 1
 * @param rateThreshold robust standard deviations above the user's median count in an interval; above 0
 * @param minHistory values a user needs before the robust limits apply, 2 to 32
 */
public record OutlierConfig(
        long amountHardMaxMinor,
        double amountThreshold,
        Duration rateInterval,
        int rateHardMax,
        int rateAlwaysAllowed,
        double rateThreshold,
        int minHistory) 
        implements Serializable {

    /** Values kept a user for each robust limit. */
    static final int HISTORY = 32;

    public OutlierConfig {
        require(amountHardMaxMinor >= 1, "anomaly.amount.hard-max", amountHardMaxMinor, "at least 1");
        require(amountThreshold > 0, "anomaly.amount.threshold", amountThreshold, "above 0");
        require(rateInterval.toMillis() >= 1_000, "anomaly.rate.interval", rateInterval, "at least 1 s");
        require(rateAlwaysAllowed >= 1, "anomaly.rate.always-allowed", rateAlwaysAllowed, "at least 1");
        require(rateHardMax >= rateAlwaysAllowed, "anomaly.rate.hard-max", rateHardMax,
                "at least anomaly.rate.always-allowed (" + rateAlwaysAllowed + ")");
        require(rateThreshold > 0, "anomaly.rate.threshold", rateThreshold, "above 0");
        require(minHistory >= 2 && minHistory <= HISTORY, "anomaly.min-history", minHistory, "from 2 to " + HISTORY);
    }

    private static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new ConfigException(key + " = '" + value + "': must be " + allowed);
        }
    }
}
