package io.liveprofile.benchmark;

import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * Who comes next, and when: first each user in turn with the events he has behind him, then those who are there are drawn
 * by their popularity while event time passes evenly. A user's events ascend in time. Seeded, so the same visits every
 * time.
 *
 * <p>Zipf's law is sampled by rejection inversion (Hörmann, Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", ACM TOMACS 1996), at the same cost whatever the number of users.
 */
final class Visits {
    private final int users;
    private final int filled;
    private final long gapMillis;
    private final long seed;
    private final SplittableRandom uniform;

    private long number;
    private long drawn;
    /** Users who may be drawn; 0 while they are not all there and none was drawn. */
    private int there;
    private ZipfDistribution zipf;
    private int user;
    private long timeMillis;

    /** @param users those of one subtask, which has them to itself */
    Visits(int users, Workload workload, long seed) {
        this.users = users;
        this.filled = workload.filled();
        this.gapMillis = workload.gap().toMillis();
        this.seed = seed;
        this.uniform = new SplittableRandom(seed);
    }

    /** @param popularity null = go on until all users are there, then draw uniformly */
    void next(Popularity popularity) {
        if (there == 0) {
            int complete = (int) (number / filled);
            if (complete < users && (popularity == null || complete == 0)) {
                fill();
                return;
            }
            there = complete;
            zipf = new ZipfDistribution(new MersenneTwister(seed), there, 1);
        }
        user = popularity == Popularity.ZIPF ? zipf.sample() - 1 : uniform.nextInt(there);
        timeMillis = Workload.START + (long) ((double) drawn * gapMillis / there);
        drawn++;
    }

    private void fill() {
        user = (int) (number / filled);
        long gaps = filled - number % filled;
        timeMillis = Workload.START - gaps * gapMillis + (long) ((double) user * gapMillis / users);
        number++;
    }

    /** Whether all users have the events that they have behind them. */
    boolean isFilled() {
        return number >= (long) users * filled;
    }

    /** From 0 to users - 1. */
    int user() {
        return user;
    }

    /** Event time, ms UTC. */
    long timeMillis() {
        return timeMillis;
    }
}
