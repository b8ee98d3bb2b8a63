package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayClockTest {
    private static final long NOW = 5_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void neverWaitsAtMaximumSpeed() {
        ReplayClock clock = ReplayClock.of("max");
        assertThat(clock.waitNanos(0, NOW)).isZero();
        assertThat(clock.waitNanos(Long.MAX_VALUE, NOW)).isZero();
    }

    @Test
    void passesEventTimeAtAMultipleOfRealTime() {
        ReplayClock clock = ReplayClock.of("100");
        assertThat(clock.waitNanos(1_000_000, NOW)).isZero();
        // 200 s of events are 2 s; half a second of them has passed
        assertThat(clock.waitNanos(1_200_000, NOW + SECOND / 2)).isEqualTo(SECOND * 3 / 2);
        assertThat(clock.waitNanos(1_200_000, NOW + 2 * SECOND)).isZero();
        assertThat(clock.waitNanos(1_200_000, NOW + 3 * SECOND)).isZero();
    }

    @Test
    void doesNotWaitForEventsThatComeLate() {
        ReplayClock clock = ReplayClock.of("1");
        clock.waitNanos(1_000_000, NOW);
        assertThat(clock.waitNanos(1, NOW)).isZero();
    }

    @Test
    void slowsDownBelowOne() {
        ReplayClock clock = ReplayClock.of("0.5");
        clock.waitNanos(0, NOW);
        assertThat(clock.waitNanos(1_000, NOW)).isEqualTo(2 * SECOND);
    }

    @Test
    void survivesClocksThatWrapAndTimesFarAhead() {
        ReplayClock clock = ReplayClock.of("1");
        clock.waitNanos(0, Long.MAX_VALUE);
        assertThat(clock.waitNanos(1_000, Long.MIN_VALUE)).isEqualTo(SECOND - 1);
        assertThat(clock.waitNanos(Long.MAX_VALUE, Long.MAX_VALUE)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "fast", "", "NaN", "1000001", "Infinity"})
    void refusesOtherSpeeds(String speed) {
        assertThatThrownBy(() -> ReplayClock.of(speed)).isInstanceOf(ConfigException.class)
                .hasMessage("SPEED = '" + speed + "': must be max, or a number above 0 up to 1000000");
    }
}
