package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PrequentialTest {
    @Test
    void figuresAreThoseOfTheNewestExamples() {
        Prequential head = new Prequential(4);
        for (int i = 0; i < 100; i++) {
            head.judge(0.9f, false); // long gone
        }
        head.judge(0.1f, false);
        head.judge(0.4f, false);
        head.judge(0.35f, true);
        head.judge(0.8f, true);

        Prequential.Figures figures = head.figures();

        assertThat(head.judged()).isEqualTo(104);
        assertThat(figures.examples()).isEqualTo(4);
        assertThat(figures.positives()).isEqualTo(2);
        assertThat(figures.rocAuc()).isEqualTo(0.75);
        assertThat(figures.prAuc()).isCloseTo(0.8333, within(1e-4));
        assertThat(figures.calls().precision()).isEqualTo(1);
        assertThat(figures.calls().recall()).isEqualTo(0.5);
    }

    @Test
    void withoutExamplesThereIsNothingToSay() {
        Prequential.Figures figures = new Prequential(10).figures();

        assertThat(figures.examples()).isZero();
        assertThat(figures.rocAuc()).isNaN();
        assertThat(figures.logLoss()).isNaN();
    }
}
