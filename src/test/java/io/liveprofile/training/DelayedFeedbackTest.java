package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DelayedFeedbackTest {
    @Test
    void withoutLatePositivesNothingIsWeighed() {
        assertThat(DelayedFeedback.weight(true, 0.3, 0)).isEqualTo(1);
        assertThat(DelayedFeedback.weight(false, 0.3, 0)).isEqualTo(1);
    }

    @Test
    void withoutWaitingTheWeightsAreThoseOfTheFakeNegativeLoss() {
        assertThat(DelayedFeedback.weight(true, 0.3, 1)).isEqualTo(1.3);
        assertThat(DelayedFeedback.weight(false, 0.3, 1)).isCloseTo(1.3 * 0.7, within(1e-12));
    }

    /** What is observed, weighed, has the true share of positives, and the mass of the vectors themselves. */
    @Property
    void theWeighedStreamIsTheTrueOne(
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p, @ForAll @DoubleRange(min = 0, max = 1) double late) {
        double positives = p * DelayedFeedback.weight(true, p, late);
        double negatives = (1 - p + p * late) * DelayedFeedback.weight(false, p, late);

        assertThat(positives / (positives + negatives)).isCloseTo(p, within(1e-9));
        assertThat(positives + negatives).isCloseTo(1 + p * late, within(1e-9));
    }
}
