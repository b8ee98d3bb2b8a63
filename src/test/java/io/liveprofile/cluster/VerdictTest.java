package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two runs are the same when each prediction, profile, alert and example is; repeats that say the same do not matter. */
class VerdictTest {
    private static final Published.Repeats NONE = new Published.Repeats(0, 0, 0, 0, 0);
    private static final Map<String, Published.End> UNPROFILED = Map.of(
            "behavior-events-0-3", new Published.End(Topic.LATE_EVENTS, "e7", "5 ms"),
            "behavior-events-0-4", new Published.End(Topic.QUARANTINE, "e8", "rate"),
            "behavior-events-1-9", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable"),
            "behavior-events-1-11", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable"));
    private static final Published UNDISTURBED = published(
            Map.of("u1:10", "e1", "u1:20", "e2", "u2:10", "e3"), Map.of("u1", "two", "u2", "one"), Map.of("a1", "once"),
            Map.of("u1:10:5", "positive", "u1:20:5", "negative"), List.of(), NONE);

    @Test
    void repeatsChangeNothing() {
        Published repeated = new Published(
                UNDISTURBED.vectors(), UNDISTURBED.profiles(), UNDISTURBED.alerts(), UNDISTURBED.examples(),
                UNDISTURBED.unprofiled(), List.of(), new Published.Repeats(2, 4, 1, 3, 5), 900, 1_000);
        assertThat(Verdict.of(UNDISTURBED, repeated).isSame()).isTrue();
        assertThat(Verdict.of(UNDISTURBED, repeated).differences()).isEmpty();
    }

    @Test
    void whatDiffersIsNamed() {
        Published other = published(
                Map.of("u1:10", "e1", "u1:20", "other", "u3:10", "e4"), Map.of("u1", "other", "u3", "one"), Map.of("a2", "once"),
                Map.of("u1:10:5", "negative"), List.of("u1:10 (said: e1 and e9)"), new Published.Repeats(1, 0, 0, 0, 0));
        Verdict verdict = Verdict.of(UNDISTURBED, other);
        assertThat(verdict.isSame()).isFalse();
        assertThat(verdict.differences()).containsExactly(
                "1 records that a repeat tells otherwise, such as u1:10 (said: e1 and e9)",
                "1 predictions lost, such as u2:10",
                "1 predictions that should not be, such as u3:10",
                "1 predictions of another vector, release or score, such as u1:20 (said: e2 and other)",
                "3 users whose newest profile differs, such as u1 (said: two and other)",
                "2 alerts that differ, such as a1",
                "1 examples lost, such as u1:20:5",
                "1 examples that differ, such as u1:10:5 (said: positive and negative)");
    }

    @Test
    void nothingIsTheSameAsARunWithoutAlerts() {
        Published quiet = published(
                Map.of("u1:10", "e1"), Map.of("u1", "one"), Map.of(), Map.of("u1:10:5", "positive"), List.of(),
                NONE);
        assertThat(Verdict.of(quiet, quiet).isSame()).isFalse();
        assertThat(Verdict.of(quiet, quiet).isSameButForLabels()).isFalse();
        assertThat(Verdict.of(quiet, quiet).differences())
                .containsExactly("1 kinds of records that there are none of, such as alerts");
    }

    /** Whoever looks for repeats of what is not there finds none. */
    @Test
    void nothingIsTheSameAsARunWithoutLateEvents() {
        Published allCounted = new Published(
                UNDISTURBED.vectors(), UNDISTURBED.profiles(), UNDISTURBED.alerts(), UNDISTURBED.examples(),
                Map.of("behavior-events-1-9", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable")), List.of(), NONE, 5, 7);
        assertThat(Verdict.of(allCounted, allCounted).differences())
                .containsExactly("2 kinds of records that there are none of, such as late-events");
    }

    /** Wherever they stood in behavior-events; a repeat makes up for nothing. */
    @Test
    void whatChangedNoProfileMustBeThereToo() {
        assertThat(Verdict.of(UNDISTURBED, ending(Map.of(
                "behavior-events-0-4", new Published.End(Topic.LATE_EVENTS, "e7", "5 ms"),
                "behavior-events-0-5", new Published.End(Topic.QUARANTINE, "e8", "rate"),
                "behavior-events-0-6", new Published.End(Topic.LATE_EVENTS, Fault.ADDED + "1", "5 ms"),
                "behavior-events-1-3", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable"),
                "behavior-events-1-4", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable")))).isSame()).isTrue();
        Verdict verdict = Verdict.of(UNDISTURBED, ending(Map.of(
                "behavior-events-0-3", new Published.End(Topic.QUARANTINE, "e7", "rate"),
                "behavior-events-0-4", new Published.End(Topic.QUARANTINE, "e8", "rate"),
                "behavior-events-1-9", new Published.End(Topic.DEAD_LETTERS, "4f", "undecodable"))));
        assertThat(verdict.differences()).containsExactly(
                "2 late events, quarantined ones or dead letters lost, such as dead-letters 4f (undecodable)",
                "1 late events, quarantined ones or dead letters that should not be, such as quarantine e7 (rate)");
        assertThat(verdict.isSameButForLabels()).isFalse();
    }

    @Test
    void aRepeatOfAnyKindIsOne() {
        assertThat(NONE.isNone()).isTrue();
        assertThat(List.of(new Published.Repeats(1, 0, 0, 0, 0), new Published.Repeats(0, 1, 0, 0, 0),
                new Published.Repeats(0, 0, 1, 0, 0), new Published.Repeats(0, 0, 0, 1, 0), new Published.Repeats(0, 0, 0, 0, 1)))
                .noneMatch(Published.Repeats::isNone);
    }

    @Test
    void scoresMayDifferByALittleWhereverTheyWouldBeRounded() {
        Statement said = scored(0.49995);
        assertThat(said.isAs(scored(0.49996))).isTrue();
        assertThat(said.differenceTo(scored(0.5002))).isEqualTo("score fraud: 0.49995 and 0.5002");
        assertThat(said.differenceTo(new Statement())).isEqualTo("score fraud: 0.49995 and null");
        assertThat(scored(Double.NaN).isAs(scored(Double.NaN))).isTrue();
        assertThat(scored(Double.NaN).isAs(said)).isFalse();
    }

    @Test
    void whatIsMeantToDifferIsLeftOut() {
        Statement said = scored(0.5).with(Published.RELEASE, "r000001");
        Statement other = scored(0.5).with(Published.RELEASE, "r000002");
        assertThat(said.isAs(other)).isFalse();
        assertThat(said.without(Published.RELEASE::equals).isAs(other.without(Published.RELEASE::equals))).isTrue();
    }

    private static Published ending(Map<String, Published.End> unprofiled) {
        return new Published(UNDISTURBED.vectors(), UNDISTURBED.profiles(), UNDISTURBED.alerts(), UNDISTURBED.examples(), unprofiled,
                List.of(), NONE, 5, 7);
    }

    private static Statement scored(double score) {
        return new Statement().withFigures("score", Map.of("fraud", score));
    }

    private static Published published(Map<String, String> vectors, Map<String, String> profiles, Map<String, String> alerts,
            Map<String, String> examples, List<String> contradictions, Published.Repeats repeats) {
        return new Published(said(vectors), said(profiles), said(alerts), said(examples), UNPROFILED, contradictions, repeats,
                5, 7);
    }

    private static Map<String, Statement> said(Map<String, String> texts) {
        Map<String, Statement> said = new HashMap<>();
        texts.forEach((id, text) -> said.put(id, new Statement().with("said", text)));
        return said;
    }
}
