package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aRateSpacesMessagesEvenly() {
        Pacer pacer = Pacer.rate(4);
        long now = 5 * SECOND;
        assertThat(pacer.waitNanos(0, now)).isZero();
        assertThat(pacer.waitNanos(0, now)).isEqualTo(SECOND / 4);
        assertThat(pacer.waitNanos(0, now)).isEqualTo(SECOND / 2);
    }

    @Test
    void afterAPauseAtMostATenthOfASecondIsMadeUp() {
        Pacer pacer = Pacer.rate(100);
        pacer.waitNanos(0, 0);
        // 10 s late: the messages of the last 0.1 s, 10 of them, go at once, the 11th now, the 12th waits.
        long now = 10 * SECOND;
        for (int i = 0; i < 11; i++) {
            assertThat(pacer.waitNanos(0, now)).isNotPositive();
        }
        assertThat(pacer.waitNanos(0, now)).isEqualTo(SECOND / 100);
    }

    @Test
    void eventTimePassesSpeedTimesAsFast() {
        Pacer pacer = Pacer.eventTime(10);
        assertThat(pacer.waitNanos(1_000_000, SECOND)).isZero();
        assertThat(pacer.waitNanos(1_005_000, SECOND)).isEqualTo(SECOND / 2);
        assertThat(pacer.waitNanos(1_005_000, 2 * SECOND)).isNegative();
        assertThat(pacer.waitNanos(990_000, SECOND)).isNegative();
    }

    @Test
    void belowOneEventTimeIsSlowerThanTheClock() {
        Pacer pacer = Pacer.eventTime(0.5);
        pacer.waitNanos(0, 5 * SECOND);
        assertThat(pacer.waitNanos(1_000, 5 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void clocksThatWrapAndTimesFarAheadAreWaitedFor() {
        Pacer pacer = Pacer.eventTime(1);
        pacer.waitNanos(0, Long.MAX_VALUE);
        assertThat(pacer.waitNanos(1_000, Long.MIN_VALUE)).isEqualTo(SECOND - 1);
        long farAhead = pacer.waitNanos(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(SECOND + farAhead).as("added to a clock").isGreaterThan(SECOND);
        Pacer early = Pacer.eventTime(1);
        early.waitNanos(-9_000_000_000_000L, SECOND);
        assertThat(early.waitNanos(Long.MAX_VALUE, SECOND)).as("a difference beyond a long").isPositive();
    }

    @Test
    void unlimitedNeverWaits() {
        assertThat(Pacer.unlimited().waitNanos(Long.MAX_VALUE, 0)).isZero();
    }

    @Test
    void aPaceIsANumberAboveZeroOrMax() {
        assertThat(RunPlan.pace("RATE", "2.5")).isEqualTo(2.5);
        assertThat(RunPlan.pace("RATE", "max")).isInfinite();
        for (String wrong : new String[] {"0", "-1", "fast", "NaN", "Infinity", ""}) {
            assertThatThrownBy(() -> RunPlan.pace("RATE", wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("RATE: '" + wrong + "' is neither a number above 0 nor max");
        }
    }
}
