package io.liveprofile.inference;

import io.liveprofile.feature.UserUpdate;
import java.util.List;

/**
 * A user's update and what the model says of it.
 *
 * @param releaseId release that scored; null = there was none, and the rest is empty
 * @param heads what each probability is of
 * @param probabilities one a head, 0 to 1
 * @param embedding last hidden layer
 */
public record ScoredUpdate(
        UserUpdate update, String releaseId, List<String> heads, float[] probabilities, float[] embedding) {

    private static final float[] NOTHING = {};

    public static ScoredUpdate unscored(UserUpdate update) {
        return new ScoredUpdate(update, null, List.of(), NOTHING, NOTHING);
    }

    public boolean isScored() {
        return releaseId != null;
    }
}
