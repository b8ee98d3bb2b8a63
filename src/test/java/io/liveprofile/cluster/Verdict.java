package io.liveprofile.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a disturbed run compares with an undisturbed one of the same events.
 *
 * @param lost predictions that the undisturbed run has and this one lacks
 * @param unknown predictions that only this one has
 * @param changed predictions of another vector
 * @param profiles users whose newest profile differs
 * @param alerts alerts that differ, or that one of them lacks
 * @param lostExamples examples that the undisturbed run has and this one lacks
 * @param examples examples that differ, or that only this one has
 */
record Verdict(
        List<String> lost,
        List<String> unknown,
        List<String> changed,
        List<String> profiles,
        List<String> alerts,
        List<String> lostExamples,
        List<String> examples) {

    static Verdict of(Published undisturbed, Published disturbed) {
        return new Verdict(
                missing(undisturbed.vectors(), disturbed.vectors()),
                missing(disturbed.vectors(), undisturbed.vectors()),
                differing(undisturbed.vectors(), disturbed.vectors()),
                unequal(undisturbed.profiles(), disturbed.profiles()),
                unequal(undisturbed.alerts(), disturbed.alerts()),
                missing(undisturbed.examples(), disturbed.examples()),
                together(differing(undisturbed.examples(), disturbed.examples()),
                        missing(disturbed.examples(), undisturbed.examples())));
    }

    boolean isSame() {
        return differences().isEmpty();
    }

    /** Whether all but the examples is the same. */
    boolean isSameButForLabels() {
        return new Verdict(lost, unknown, changed, profiles, alerts, List.of(), List.of()).isSame();
    }

    /** What differs, with an example of each; empty when nothing does. */
    List<String> differences() {
        List<String> lines = new ArrayList<>();
        add(lines, lost, "predictions lost");
        add(lines, unknown, "predictions that should not be");
        add(lines, changed, "predictions of another vector");
        add(lines, profiles, "users whose newest profile differs");
        add(lines, alerts, "alerts that differ");
        add(lines, lostExamples, "examples lost");
        add(lines, examples, "examples that differ");
        return lines;
    }

    private static void add(List<String> lines, List<String> found, String what) {
        if (!found.isEmpty()) {
            lines.add(found.size() + " " + what + ", such as " + found.get(0));
        }
    }

    private static List<String> unequal(Map<String, String> one, Map<String, String> other) {
        return together(differing(one, other), together(missing(one, other), missing(other, one)));
    }

    private static List<String> missing(Map<String, String> of, Map<String, String> in) {
        return of.keySet().stream().filter(each -> !in.containsKey(each)).sorted().toList();
    }

    private static List<String> differing(Map<String, String> one, Map<String, String> other) {
        return one.keySet().stream()
                .filter(key -> other.containsKey(key) && !other.get(key).equals(one.get(key)))
                .sorted()
                .toList();
    }

    private static List<String> together(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
