package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two runs are the same when each prediction, profile and alert is; repeats do not matter. */
class VerdictTest {
    private static final Published UNDISTURBED = new Published(
            Map.of("u1:10", "e1", "u1:20", "e2", "u2:10", "e3"), 3, Map.of("u1", "two", "u2", "one"), Set.of("a1"), 5, 7);

    @Test
    void repeatsChangeNothing() {
        Published repeated = new Published(
                UNDISTURBED.vectors(), 5, UNDISTURBED.profiles(), UNDISTURBED.alerts(), 900, 1_000);
        assertThat(Verdict.of(UNDISTURBED, repeated).isSame()).isTrue();
        assertThat(Verdict.of(UNDISTURBED, repeated).differences()).isEmpty();
        assertThat(repeated.repeats()).isEqualTo(2);
    }

    @Test
    void whatDiffersIsNamed() {
        Published other = new Published(
                Map.of("u1:10", "e1", "u1:20", "other", "u3:10", "e4"), 3, Map.of("u1", "other", "u3", "one"), Set.of("a2"), 5, 7);
        Verdict verdict = Verdict.of(UNDISTURBED, other);
        assertThat(verdict.isSame()).isFalse();
        assertThat(verdict.differences()).containsExactly(
                "1 predictions lost, such as u2:10",
                "1 predictions that should not be, such as u3:10",
                "1 predictions of another vector, such as u1:20",
                "3 users whose newest profile differs, such as u1",
                "2 alerts of only one run, such as a1");
    }
}
