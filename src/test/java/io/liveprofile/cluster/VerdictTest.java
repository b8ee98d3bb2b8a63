package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two runs are the same when each prediction, profile, alert and example is; repeats do not matter. */
class VerdictTest {
    private static final Published UNDISTURBED = new Published(
            Map.of("u1:10", "e1", "u1:20", "e2", "u2:10", "e3"), Map.of("u1", "two", "u2", "one"), Map.of("a1", "once"),
            Map.of("u1:10:5", "positive", "u1:20:5", "negative"), new Published.Repeats(0, 0, 0), 5, 7);

    @Test
    void repeatsChangeNothing() {
        Published repeated = new Published(
                UNDISTURBED.vectors(), UNDISTURBED.profiles(), UNDISTURBED.alerts(), UNDISTURBED.examples(),
                new Published.Repeats(2, 1, 3), 900, 1_000);
        assertThat(Verdict.of(UNDISTURBED, repeated).isSame()).isTrue();
        assertThat(Verdict.of(UNDISTURBED, repeated).differences()).isEmpty();
    }

    @Test
    void whatDiffersIsNamed() {
        Published other = new Published(
                Map.of("u1:10", "e1", "u1:20", "other", "u3:10", "e4"), Map.of("u1", "other", "u3", "one"), Map.of("a2", "once"),
                Map.of("u1:10:5", "negative"), new Published.Repeats(0, 0, 0), 5, 7);
        Verdict verdict = Verdict.of(UNDISTURBED, other);
        assertThat(verdict.isSame()).isFalse();
        assertThat(verdict.differences()).containsExactly(
                "1 predictions lost, such as u2:10",
                "1 predictions that should not be, such as u3:10",
                "1 predictions of another vector, such as u1:20",
                "3 users whose newest profile differs, such as u1",
                "2 alerts that differ, such as a1",
                "1 examples lost, such as u1:20:5",
                "1 examples that differ, such as u1:10:5");
    }
}
