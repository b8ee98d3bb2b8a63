package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a disturbed run compares with an undisturbed one of the same events.
 *
 * @param absent what the undisturbed run has none of, so that nothing is compared
 * @param contradictions vectors and examples of the disturbed run that a repeat tells otherwise
 * @param lost predictions that the undisturbed run has and this one lacks
 * @param unknown predictions that only this one has
 * @param changed predictions of another vector, release or score
 * @param profiles users whose newest profile differs
 * @param alerts alerts that differ, or that one of them lacks
 * @param lostExamples examples that the undisturbed run has and this one lacks
 * @param examples examples that differ, or that only this one has
 * @param lostEnds late events, quarantined ones and dead letters that the undisturbed run has and this one lacks
 * @param unknownEnds those that only this one has
 */
record Verdict(
        List<String> absent,
        List<String> contradictions,
        List<String> lost,
        List<String> unknown,
        List<String> changed,
        List<String> profiles,
        List<String> alerts,
        List<String> lostExamples,
        List<String> examples,
        List<String> lostEnds,
        List<String> unknownEnds) {

    static Verdict of(Published undisturbed, Published disturbed) {
        return new Verdict(
                together(absentKinds(Map.of("vectors", undisturbed.vectors(), "profiles", undisturbed.profiles(),
                        "alerts", undisturbed.alerts(), "examples", undisturbed.examples())), absentEnds(undisturbed.unprofiled())),
                disturbed.contradictions(),
                missing(undisturbed.vectors(), disturbed.vectors()),
                missing(disturbed.vectors(), undisturbed.vectors()),
                differing(undisturbed.vectors(), disturbed.vectors()),
                unequal(undisturbed.profiles(), disturbed.profiles()),
                unequal(undisturbed.alerts(), disturbed.alerts()),
                missing(undisturbed.examples(), disturbed.examples()),
                together(differing(undisturbed.examples(), disturbed.examples()),
                        missing(disturbed.examples(), undisturbed.examples())),
                more(undisturbed, disturbed),
                more(disturbed, undisturbed));
    }

    boolean isSame() {
        return differences().isEmpty();
    }

    /** Whether all but the examples is the same. */
    boolean isSameButForLabels() {
        return new Verdict(absent, contradictions, lost, unknown, changed, profiles, alerts, List.of(), List.of(), lostEnds, unknownEnds)
                .isSame();
    }

    /** What differs, with an example of each; empty when nothing does. */
    List<String> differences() {
        List<String> lines = new ArrayList<>();
        add(lines, absent, "kinds of records that there are none of");
        add(lines, contradictions, "records that a repeat tells otherwise");
        add(lines, lost, "predictions lost");
        add(lines, unknown, "predictions that should not be");
        add(lines, changed, "predictions of another vector, release or score");
        add(lines, profiles, "users whose newest profile differs");
        add(lines, alerts, "alerts that differ");
        add(lines, lostExamples, "examples lost");
        add(lines, examples, "examples that differ");
        add(lines, lostEnds, "late events, quarantined ones or dead letters lost");
        add(lines, unknownEnds, "late events, quarantined ones or dead letters that should not be");
        return lines;
    }

    private static void add(List<String> lines, List<String> found, String what) {
        if (!found.isEmpty()) {
            lines.add(found.size() + " " + what + ", such as " + found.get(0));
        }
    }

    private static List<String> absentKinds(Map<String, Map<String, Statement>> kinds) {
        return kinds.keySet().stream().filter(kind -> kinds.get(kind).isEmpty()).sorted().toList();
    }

    /** Ends of events of which none is looked at for repeats. */
    private static List<String> absentEnds(Map<String, Published.End> unprofiled) {
        return Stream.of(Topic.LATE_EVENTS, Topic.QUARANTINE, Topic.DEAD_LETTERS)
                .filter(topic -> unprofiled.values().stream().noneMatch(end -> end.topic() == topic))
                .map(Topic::topicName)
                .toList();
    }

    /** Ends of records that the one has more of; ids of some stand several times, as of a broken message that is sent again. */
    private static List<String> more(Published one, Published other) {
        Map<String, Long> ofOther = ends(other);
        return ends(one).entrySet().stream()
                .filter(end -> end.getValue() > ofOther.getOrDefault(end.getKey(), 0L))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** How often each stands, in different places, but for those that are of the case alone. */
    private static Map<String, Long> ends(Published published) {
        return published.unprofiled().values().stream()
                .filter(end -> !end.id().startsWith(Fault.ADDED))
                .collect(Collectors.groupingBy(Published.End::toString, Collectors.counting()));
    }

    private static List<String> unequal(Map<String, Statement> one, Map<String, Statement> other) {
        return together(differing(one, other), together(missing(one, other), missing(other, one)));
    }

    private static List<String> missing(Map<String, ?> of, Map<String, ?> in) {
        return of.keySet().stream().filter(each -> !in.containsKey(each)).sorted().toList();
    }

    private static List<String> differing(Map<String, Statement> one, Map<String, Statement> other) {
        return one.keySet().stream()
                .filter(id -> other.containsKey(id) && !one.get(id).isAs(other.get(id)))
                .sorted()
                .map(id -> id + " (" + one.get(id).differenceTo(other.get(id)) + ")")
                .toList();
    }

    private static List<String> together(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
