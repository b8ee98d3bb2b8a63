package io.liveprofile.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What came too late for the labels, as the training job counted it.
 *
 * @param vectors that became no example
 * @param facts events and outcomes that decided only what was not closed without them
 * @param repeated vectors that waited already
 */
record LateForLabels(long vectors, long facts, long repeated) {

    /**
     * What differs between the examples of an undisturbed run and those of this one beyond what came late, a line each.
     *
     * <p>A vector without any example was late itself, so there are at most as many as late vectors. One with another example was
     * positive and is decided without the fact that made it so. A fact decides all that waits of one user at its own time, which is
     * when each of these examples is known: they name at most as many users and times as there are late facts.
     */
    List<String> unexplained(Map<String, Statement> undisturbed, Map<String, Statement> disturbed) {
        Set<String> decided = disturbed.keySet().stream().map(LateForLabels::predictionOf).collect(Collectors.toSet());
        Set<String> lost = new HashSet<>();
        Set<String> decidedOtherwise = new HashSet<>();
        Set<String> missed = new HashSet<>();
        Set<String> strange = new TreeSet<>();
        undisturbed.forEach((id, example) -> {
            String prediction = predictionOf(id);
            if (disturbed.containsKey(id)) {
                if (!example.isAs(disturbed.get(id))) {
                    strange.add(id);
                }
            } else if (!decided.contains(prediction)) {
                lost.add(prediction);
            } else if (example.says(Published.LABEL, label -> label.startsWith(Published.POSITIVE))) {
                decidedOtherwise.add(prediction);
                missed.add(userOf(id) + timeOf(id));
            } else {
                strange.add(id);
            }
        });
        disturbed.keySet().stream()
                .filter(id -> !undisturbed.containsKey(id) && !decidedOtherwise.contains(predictionOf(id)))
                .forEach(strange::add);
        List<String> lines = new ArrayList<>();
        if (vectors == 0) {
            lines.add("no vector came late, so nothing was disturbed");
        }
        if (lost.size() > vectors) {
            lines.add("%d vectors without an example, %d came late".formatted(lost.size(), vectors));
        }
        if (missed.size() > facts) {
            lines.add("%d label facts at least decided nothing, %d came late".formatted(missed.size(), facts));
        }
        if (!strange.isEmpty()) {
            lines.add(strange.size() + " examples that no late fact explains, such as " + strange.iterator().next());
        }
        return lines;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d vectors and %,d label facts came late, %,d vectors were repeated", vectors, facts, repeated);
    }

    /** An example is PREDICTION@TIME, and a prediction USER:VERSION. */
    private static String predictionOf(String example) {
        return example.substring(0, example.indexOf('@'));
    }

    private static String timeOf(String example) {
        return example.substring(example.indexOf('@'));
    }

    private static String userOf(String example) {
        return example.substring(0, example.indexOf(':'));
    }
}
