package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisitsTest {
    private static final int USERS = 1_000;
    private static final int DRAWS = 400_000;
    private static final Workload WORKLOAD = new Workload(2 * USERS, Duration.ofMinutes(10), 3);

    private final Visits visits = new Visits(USERS, WORKLOAD, 7);

    @Test
    void firstEachUserInTurnGetsTheEventsBehindHim() {
        for (int user = 0; user < USERS; user++) {
            long first = Workload.START - 3 * 600_000 + user * 600;
            for (int i = 0; i < 3; i++) {
                visits.next(null);
                assertThat(visits.user()).isEqualTo(user);
                assertThat(visits.timeMillis()).isEqualTo(first + i * 600_000);
            }
        }
        visits.next(Popularity.UNIFORM);
        assertThat(visits.timeMillis()).isEqualTo(Workload.START);
    }

    @Test
    void theTimesOfAUserAscend() {
        long[] last = new long[USERS];
        for (int i = 0; i < 20 * USERS; i++) {
            visits.next(i < 5 * USERS ? null : i < 10 * USERS ? Popularity.UNIFORM : Popularity.ZIPF);
            assertThat(visits.timeMillis()).isGreaterThanOrEqualTo(last[visits.user()]);
            last[visits.user()] = visits.timeMillis();
        }
    }

    @ParameterizedTest
    @EnumSource(Popularity.class)
    void whoIsNotThereYetIsNotDrawn(Popularity popularity) {
        for (int i = 0; i < 3 * 100 + 1; i++) {
            visits.next(null);
        }
        BitSet drawn = new BitSet();
        for (int i = 0; i < 20_000; i++) {
            visits.next(popularity);
            drawn.set(visits.user());
        }
        assertThat(drawn.cardinality()).isEqualTo(100);
        assertThat(drawn.length()).isEqualTo(100);
    }

    @Test
    void aUserComesOnceAGapOnAverage() {
        draw(Popularity.UNIFORM);
        long passed = visits.timeMillis() - Workload.START;
        assertThat((double) passed * USERS / DRAWS).isCloseTo(600_000, within(10.0));
    }

    @Test
    void uniformUsersComeAlikeOften() {
        double expected = (double) DRAWS / USERS;
        // Chi-squared of 999 degrees of freedom: mean 999, standard deviation 45.
        double chiSquared = Arrays.stream(draw(Popularity.UNIFORM))
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
        assertThat(chiSquared).isBetween(780.0, 1_220.0);
    }

    @Test
    void zipfUsersComeAsOftenAsTheLawSays() {
        double harmonic = 0;
        for (int rank = 1; rank <= USERS; rank++) {
            harmonic += 1.0 / rank;
        }
        int[] counts = draw(Popularity.ZIPF);
        double chiSquared = 0;
        for (int rank = 1; rank <= USERS; rank++) {
            double expected = DRAWS / (rank * harmonic);
            chiSquared += (counts[rank - 1] - expected) * (counts[rank - 1] - expected) / expected;
        }
        assertThat(chiSquared).isBetween(780.0, 1_220.0);
    }

    @Test
    void theSameSeedGivesTheSameVisits() {
        Visits others = new Visits(USERS, WORKLOAD, 7);
        for (int i = 0; i < 10_000; i++) {
            Popularity popularity = i < 3_000 ? null : Popularity.ZIPF;
            visits.next(popularity);
            others.next(popularity);
            assertThat(others.user()).isEqualTo(visits.user());
            assertThat(others.timeMillis()).isEqualTo(visits.timeMillis());
        }
    }

    /** How often each user is drawn. */
    private int[] draw(Popularity popularity) {
        for (int i = 0; i < 3 * USERS; i++) {
            visits.next(null);
        }
        int[] counts = new int[USERS];
        for (int i = 0; i < DRAWS; i++) {
            visits.next(popularity);
            counts[visits.user()]++;
        }
        return counts;
    }
}
