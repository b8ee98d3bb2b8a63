package io.liveprofile.training;

import java.nio.charset.StandardCharsets;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Which vectors are never learned, so that models can be judged by them: those of a share of the users, drawn anew for each user
 * after {@value #TURN} of the longest horizons.
 *
 * <p>Vectors of one user often meet one outcome. When it is known and they are judged, a model that has learned some of them knows
 * it of the others, which it could not when they were scored: whoever learns labels by heart would win. So a user's vectors are held
 * out together, and those of the first horizon of his turn judge nothing: behind it all that any model learned of him before was
 * known when the vector was scored (purging and embargo: López de Prado, Advances in Financial Machine Learning, 2018, sections 7.4.1
 * and 7.4.2). Users are drawn anew so that models are judged by users of whom they have learned, as most are who will be scored.
 */
final class HeldOutUsers {
    private static final int TURN = 10;
    private static final long SEED = 0x68656c64L;
    private static final long BEGIN_SEED = 0x7475726eL;

    private final double share;
    private final long turn;

    /**
     * @param share of the users at each time, above 0, below 1
     * @param longestHorizonMillis of any head
     */
    HeldOutUsers(double share, long longestHorizonMillis) {
        this.share = share;
        this.turn = Math.multiplyExact(TURN, longestHorizonMillis);
    }

    /** @param asOf up to which a vector knows the user, ms UTC */
    boolean isHeldOut(String user, long asOf) {
        return hash(user, SEED + Math.floorDiv(asOf + begin(user), turn)) < share * Long.MAX_VALUE;
    }

    /**
     * Whether a vector that is held out may judge a head.
     *
     * @param horizonMillis of the head
     */
    boolean mayJudge(String user, long asOf, long horizonMillis) {
        return Math.floorMod(asOf + begin(user), turn) >= horizonMillis;
    }

    /** How far into a turn the user is at the beginning of 1970, so that not all begin one at the same time. */
    private long begin(String user) {
        return hash(user, BEGIN_SEED) % turn;
    }

    /** From 0 to Long.MAX_VALUE. */
    private static long hash(String user, long seed) {
        return MurmurHash3.hash(user.getBytes(StandardCharsets.UTF_8), seed)[0] >>> 1;
    }
}
