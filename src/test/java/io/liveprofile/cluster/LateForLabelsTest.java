package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Examples may be missing or differ as far as what came late explains it, and no further. */
class LateForLabelsTest {
    private static final String POSITIVE = "positive MATURED";
    private static final String NEGATIVE = "negative MATURED";
    /** An order of u1 at 50 decides two vectors, one of u2 at 60 another. */
    private static final Map<String, String> UNDISTURBED = Map.of(
            "u1:1@50", POSITIVE, "u1:2@50", POSITIVE, "u1:3@130", NEGATIVE, "u2:1@60", POSITIVE, "u2:2@140", NEGATIVE);

    @Test
    void nothingDiffersBeyondWhatCameLate() {
        Map<String, String> disturbed = Map.of("u1:1@110", NEGATIVE, "u1:2@120", NEGATIVE, "u2:1@60", POSITIVE);
        assertThat(unexplained(2, 1, disturbed)).isEmpty();
    }

    @Test
    void aCaseInWhichNothingCameLateShowsNothing() {
        assertThat(unexplained(0, 0, UNDISTURBED)).containsExactly("no vector came late, so nothing was disturbed");
    }

    @Test
    void noMoreAreMissingThanCameLate() {
        Map<String, String> disturbed = Map.of("u1:1@50", POSITIVE, "u1:2@50", POSITIVE, "u2:1@60", POSITIVE);
        assertThat(unexplained(1, 9, disturbed)).containsExactly("2 vectors without an example, 1 came late");
        assertThat(unexplained(1, 9, Map.of())).containsExactly("5 vectors without an example, 1 came late");
    }

    /** A fact decides vectors of its own user at its own time only. */
    @Test
    void aLateFactExplainsNoOtherUser() {
        Map<String, String> disturbed = changed(Map.of("u1:1@110", NEGATIVE, "u1:2@120", NEGATIVE, "u2:1@150", NEGATIVE),
                "u1:1@50", "u1:2@50", "u2:1@60");
        assertThat(unexplained(9, 2, disturbed)).isEmpty();
        assertThat(unexplained(9, 1, disturbed)).containsExactly("2 label facts at least decided nothing, 1 came late");
    }

    @Test
    void noFactThatIsLateMakesANegativeAnythingElse() {
        assertThat(unexplained(9, 9, changed(Map.of("u1:3@70", POSITIVE), "u1:3@130")))
                .containsExactly("2 examples that no late fact explains, such as u1:3@130");
        assertThat(unexplained(9, 9, changed(Map.of("u2:2@140", POSITIVE))))
                .containsExactly("1 examples that no late fact explains, such as u2:2@140");
        assertThat(unexplained(9, 9, changed(Map.of("u3:1@90", NEGATIVE))))
                .containsExactly("1 examples that no late fact explains, such as u3:1@90");
    }

    private static List<String> unexplained(long vectors, long facts, Map<String, String> disturbed) {
        return new LateForLabels(vectors, facts, 0).unexplained(said(UNDISTURBED), said(disturbed));
    }

    private static Map<String, String> changed(Map<String, String> others, String... without) {
        Map<String, String> changed = new HashMap<>(UNDISTURBED);
        List.of(without).forEach(changed::remove);
        changed.putAll(others);
        return changed;
    }

    private static Map<String, Statement> said(Map<String, String> labels) {
        Map<String, Statement> said = new HashMap<>();
        labels.forEach((id, label) -> said.put(id, new Statement().with(Published.LABEL, Map.of("purchase_24h", label))));
        return said;
    }
}
