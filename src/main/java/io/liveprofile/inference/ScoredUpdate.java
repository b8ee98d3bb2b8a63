package io.liveprofile.inference;

import io.liveprofile.event.Reason;
import io.liveprofile.feature.UserUpdate;
import java.util.List;

/**
 * A user's update and what the model says of it.
 *
 * @param releaseId release that scored; null = there was none, and the rest is empty
 * @param heads what each probability is of
 * @param probabilities one a head, 0 to 1
 * @param embedding last hidden layer
 * @param reasons what moves each head most, one list a head; empty = not explained
 */
public record ScoredUpdate(
        UserUpdate update,
        String releaseId,
        List<String> heads,
        float[] probabilities,
        float[] embedding,
        List<List<Reason>> reasons) {

    private static final float[] NOTHING = {};

    /** Not explained. */
    public ScoredUpdate(
            UserUpdate update, String releaseId, List<String> heads, float[] probabilities, float[] embedding) {
        this(update, releaseId, heads, probabilities, embedding, List.of());
    }

    public static ScoredUpdate unscored(UserUpdate update) {
        return new ScoredUpdate(update, null, List.of(), NOTHING, NOTHING);
    }

    /** The same and why. */
    ScoredUpdate because(List<List<Reason>> why) {
        return new ScoredUpdate(update, releaseId, heads, probabilities, embedding, why);
    }

    public boolean isScored() {
        return releaseId != null;
    }
}
