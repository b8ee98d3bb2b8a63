package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FigureTest {
    private static final double CLOSE = 1e-9;

    @Test
    void theRatioIsTheMedianOfTheRounds() {
        Figure odd = Figure.of("engine", "events/s", 60).against("floor", 100, 0.7, 0.5, 0.6);
        assertThat(odd.baseline().ratio()).isEqualTo(0.6);
        assertThat(odd.baseline().smallest()).isEqualTo(0.5);
        assertThat(odd.baseline().largest()).isEqualTo(0.7);
        assertThat(Figure.of("engine", "events/s", 60).against("floor", 100, 0.7, 0.5).baseline().ratio())
                .isCloseTo(0.6, within(CLOSE));
        assertThat(Figure.of("engine", "events/s", 60).against("floor", 100).baseline().ratio()).isEqualTo(0.6);
    }

    @Test
    void aTargetSaysByHowMuchItIsMissed() {
        assertThat(Target.atLeast(0.6).isMetBy(0.6)).isTrue();
        assertThat(Target.atLeast(0.6).missedBy(0.45)).isCloseTo(0.15, within(CLOSE));
        assertThat(Target.above(1).isMetBy(1)).isFalse();
        assertThat(Target.above(1).isMetBy(1.01)).isTrue();
        assertThat(Target.atMost(1.2).isMetBy(1.2)).isTrue();
        assertThat(Target.atMost(1.2).missedBy(1.5)).isCloseTo(0.3, within(CLOSE));
        assertThat(Target.atMost(1.2).missedBy(1)).isZero();
        assertThat(Target.atMost(1.2).isMetBy(Double.NaN)).isFalse();
        assertThat(Target.atLeast(20)).hasToString("at least 20.0");
    }

    @Test
    void aFigureWithoutATargetIsNotMissed() {
        Figure figure = Figure.of("engine", "events/s", 30).against("floor", 100);
        assertThat(figure.isMissed()).isFalse();
        assertThat(figure.toReach(Target.atLeast(0.6), "engine").isMissed()).isTrue();
        assertThat(figure.toReach(Target.atLeast(0.3), "engine").isMissed()).isFalse();
    }
}
