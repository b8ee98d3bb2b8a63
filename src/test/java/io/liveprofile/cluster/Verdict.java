package io.liveprofile.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a disturbed run compares with an undisturbed one of the same events.
 *
 * @param lost predictions that the undisturbed run has and this one lacks
 * @param unknown predictions that only this one has
 * @param changed predictions of another vector
 * @param profiles users whose newest profile differs
 * @param alerts alerts that one of them has and the other lacks
 */
record Verdict(List<String> lost, List<String> unknown, List<String> changed, List<String> profiles, List<String> alerts) {

    static Verdict of(Published undisturbed, Published disturbed) {
        List<String> alerts = new ArrayList<>(missing(undisturbed.alerts(), disturbed.alerts()));
        alerts.addAll(missing(disturbed.alerts(), undisturbed.alerts()));
        List<String> profiles = new ArrayList<>(differing(undisturbed.profiles(), disturbed.profiles()));
        profiles.addAll(missing(undisturbed.profiles().keySet(), disturbed.profiles().keySet()));
        profiles.addAll(missing(disturbed.profiles().keySet(), undisturbed.profiles().keySet()));
        return new Verdict(
                missing(undisturbed.vectors().keySet(), disturbed.vectors().keySet()),
                missing(disturbed.vectors().keySet(), undisturbed.vectors().keySet()),
                differing(undisturbed.vectors(), disturbed.vectors()),
                profiles,
                alerts);
    }

    boolean isSame() {
        return lost.isEmpty() && unknown.isEmpty() && changed.isEmpty() && profiles.isEmpty() && alerts.isEmpty();
    }

    /** What differs, with an example of each; empty when nothing does. */
    List<String> differences() {
        List<String> lines = new ArrayList<>();
        add(lines, lost, "predictions lost");
        add(lines, unknown, "predictions that should not be");
        add(lines, changed, "predictions of another vector");
        add(lines, profiles, "users whose newest profile differs");
        add(lines, alerts, "alerts of only one run");
        return lines;
    }

    private static void add(List<String> lines, List<String> found, String what) {
        if (!found.isEmpty()) {
            lines.add(found.size() + " " + what + ", such as " + found.get(0));
        }
    }

    private static List<String> missing(Set<String> of, Set<String> in) {
        return of.stream().filter(each -> !in.contains(each)).sorted().toList();
    }

    private static List<String> differing(Map<String, String> one, Map<String, String> other) {
        return one.keySet().stream()
                .filter(key -> other.containsKey(key) && !other.get(key).equals(one.get(key)))
                .sorted()
                .toList();
    }
}
