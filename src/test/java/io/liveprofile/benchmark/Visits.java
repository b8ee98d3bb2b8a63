package io.liveprofile.benchmark;

import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * Who comes next, and when: first each user in turn with the events he has behind him, then users drawn by their
 * popularity while event time passes evenly. A user's events ascend in time. Seeded, so the same visits every time.
 *
 * <p>Zipf's law is sampled by rejection inversion (Hörmann, Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", ACM TOMACS 1996), at the same cost whatever the number of users.
 */
final class Visits {
    private final int users;
    private final int filled;
    private final long gapMillis;
    private final double stepMillis;
    private final SplittableRandom uniform;
    private final ZipfDistribution zipf;

    private long number;
    private int user;
    private long timeMillis;

    /** @param users those of one subtask, which has them to itself */
    Visits(int users, Workload workload, long seed) {
        this.users = users;
        this.filled = workload.filled();
        this.gapMillis = workload.gap().toMillis();
        this.stepMillis = (double) gapMillis / users;
        this.uniform = new SplittableRandom(seed);
        this.zipf = new ZipfDistribution(new MersenneTwister(seed), users, 1);
    }

    void next(Popularity popularity) {
        long drawn = number - (long) users * filled;
        if (drawn < 0) {
            user = (int) (number / filled);
            long gaps = filled - number % filled;
            timeMillis = Workload.START - gaps * gapMillis + (long) (user * stepMillis);
        } else {
            user = popularity == Popularity.UNIFORM ? uniform.nextInt(users) : zipf.sample() - 1;
            timeMillis = Workload.START + (long) (drawn * stepMillis);
        }
        number++;
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
