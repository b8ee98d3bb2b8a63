package io.liveprofile.inference;

import io.liveprofile.config.ConfigException;
import java.io.Serializable;

/**
 * How many live vectors are held against those that the release was trained on at a time.
 *
 * @param vectors of a subtask; 0 = none are
 * @param every of so many scored vectors one is taken, at least 1
 */
public record StabilityWindow(int vectors, int every) implements Serializable {
    /** Nothing is compared. */
    public static final StabilityWindow NONE = new StabilityWindow(0);

    private static final int LEAST = 100;
    /** Taking one vector of 87 features costs 0.4 µs, so this a tenth of a microsecond an event. */
    private static final int EVERY = 4;

    public StabilityWindow {
        if (vectors != 0 && vectors < LEAST) {
            throw new ConfigException("score.stability-vectors = '" + vectors + "': must be 0, or at least " + LEAST);
        }
    }

    public StabilityWindow(int vectors) {
        this(vectors, EVERY);
    }
}
