package io.liveprofile.local;

import java.util.function.UnaryOperator;

/**
 * What a local run is put together from. Each method validates all files it needs and throws a
 * {@link io.liveprofile.config.ConfigException} before anything is started.
 */
public interface Parts {
    LiveJob job(RunPlan plan);

    /** Simulated shoppers, or the rows of {@link RunPlan#data}. */
    Traffic traffic(RunPlan plan);

    /** From the shop's own user id to the pseudonym that keys the profiles, with the key the settings name. */
    UnaryOperator<String> pseudonyms(JobSettings settings);
}
