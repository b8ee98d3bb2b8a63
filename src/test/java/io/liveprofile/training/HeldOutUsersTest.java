package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HeldOutUsersTest {
    private static final long HORIZON = 1_000;
    private static final long SPAN = 200 * HORIZON;
    private static final double SHARE = 0.1;

    private final HeldOutUsers users = new HeldOutUsers(SHARE, HORIZON);

    @Test
    void holdsOutItsShareOfTheUsersAtEachTime() {
        for (long asOf : new long[] {-5 * HORIZON, 0, 7 * HORIZON + 3, 1_760_000_000_000L}) {
            assertThat(share(user -> users.isHeldOut(user, asOf))).isCloseTo(SHARE, within(0.01));
            assertThat(share(user -> users.mayJudge(user, asOf, HORIZON))).as("nobody begins a turn with all others")
                    .isCloseTo(0.9, within(0.01));
        }
    }

    @Test
    void drawsEachUserAnewSoThatMostAreLearnedFromMostOfTheTime() {
        assertThat(share(user -> times().anyMatch(asOf -> users.isHeldOut(user, asOf)))).isGreaterThan(0.8);
        assertThat(share(user -> times().allMatch(asOf -> users.isHeldOut(user, asOf)))).isZero();
    }

    /** A label is known a horizon after its vector at the latest. */
    @Test
    void nothingThatIsLearnedOfAUserWasUnknownWhenAVectorOfHisThatJudgesWasScored() {
        for (int i = 0; i < 500; i++) {
            String user = "user-" + i;
            for (long asOf = 0; asOf < SPAN; asOf += 250) {
                if (users.isHeldOut(user, asOf) && users.mayJudge(user, asOf, HORIZON)) {
                    long at = asOf;
                    assertThat(LongStream.of(1, 333, 666, HORIZON).allMatch(back -> users.isHeldOut(user, at - back))).isTrue();
                }
            }
        }
    }

    private static LongStream times() {
        return LongStream.iterate(0, asOf -> asOf < SPAN, asOf -> asOf + HORIZON);
    }

    private static double share(Predicate<String> of) {
        return IntStream.range(0, 10_000).mapToObj(i -> "user-" + i).filter(of).count() / 10_000.0;
    }
}
