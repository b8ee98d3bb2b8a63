package io.liveprofile.model;

import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * Splits rows by a hash of their user, so that no user's rows stand on both sides, and the same user is always on the
 * same side: 70 % training, 15 % validation, 15 % held out.
 *
 * @param training rows to learn from
 * @param validation rows that decide when to stop and which setting is best
 * @param heldOut rows that no decision has seen
 */
public record UserSplit(Examples training, Examples validation, Examples heldOut) {
    private static final double TRAINING_SHARE = 0.70;
    private static final double VALIDATION_SHARE = 0.15;

    public static UserSplit of(Examples all) {
        return new UserSplit(
                within(all, 0, TRAINING_SHARE),
                within(all, TRAINING_SHARE, TRAINING_SHARE + VALIDATION_SHARE),
                within(all, TRAINING_SHARE + VALIDATION_SHARE, 1));
    }

    /**
     * One of the splits of a cross-validation: a fold of the users is held out, the next one decides when to stop.
     *
     * @param fold from 0 to folds − 1
     * @param folds at least 3
     */
    static UserSplit fold(Examples all, int fold, int folds) {
        int next = (fold + 1) % folds;
        return new UserSplit(
                of(all, place -> (int) (place * folds) != fold && (int) (place * folds) != next),
                of(all, place -> (int) (place * folds) == next),
                of(all, place -> (int) (place * folds) == fold));
    }

    /** A user's fixed place in [0, 1). */
    static double place(String user) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, then the finaliser of SplitMix64, as FNV's low bits are weak
        for (int i = 0; i < user.length(); i++) {
            hash = (hash ^ user.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return (hash >>> 11) * 0x1.0p-53;
    }

    private static Examples within(Examples all, double from, double to) {
        return of(all, place -> place >= from && place < to);
    }

    private static Examples of(Examples all, DoublePredicate places) {
        int[] rows = IntStream.range(0, all.rows()).filter(i -> places.test(place(all.users()[i]))).toArray();
        return all.pick(rows, 0, rows.length);
    }
}
