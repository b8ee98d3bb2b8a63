package io.liveprofile.inference;

import io.liveprofile.config.ConfigException;
import io.liveprofile.feature.UserUpdate;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Which scored updates say why in their profile: one in so many, chosen by a hash of user and version. So it is the same ones
 * after a failure, and each user's turn comes as often as his events do.
 *
 * @param every of so many updates one is explained; 1 = all, 0 = none
 */
public record ExplainedShare(int every) implements Serializable {
    /** No profile says why. */
    public static final ExplainedShare NONE = new ExplainedShare(0);

    /** Its own, so that what is explained has nothing to do with what is held out of training. */
    private static final long SEED = 0x6578706c61696eL;

    public ExplainedShare {
        if (every < 0) {
            throw new ConfigException("score.explain-every = '" + every + "': must be 0 or more");
        }
    }

    boolean includes(UserUpdate update) {
        return every == 1 || every > 1 && hash(update.predictionId()) % every == 0;
    }

    private static long hash(String predictionId) {
        return MurmurHash3.hash(predictionId.getBytes(StandardCharsets.UTF_8), SEED)[0] >>> 1;
    }
}
