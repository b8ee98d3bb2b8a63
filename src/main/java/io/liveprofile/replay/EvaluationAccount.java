package io.liveprofile.replay;

import io.liveprofile.profile.Verdict;
import io.liveprofile.training.LabelJoin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of each row, event and vector of an evaluated history. */
final class EvaluationAccount {
    private final Map<String, Long> events = zeros("profiled", "late", "quarantined", "duplicates");
    private final Map<String, Long> vectors = zeros("judged", "not asked for", "late", "without room to wait");

    /** One figure and what it is made of. */
    record Line(String what, long total, Map<String, Long> parts) {
        boolean addsUp() {
            return total == parts.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-5s  %-7s %,d = %s", addsUp() ? "ok" : "WRONG", what, total,
                    parts.entrySet().stream()
                            .map(part -> String.format(Locale.ROOT, "%,d %s", part.getValue(), part.getKey()))
                            .collect(Collectors.joining(" + ")));
        }
    }

    void count(Verdict verdict) {
        count(events, verdict instanceof Verdict.Profiled ? "profiled"
                : verdict instanceof Verdict.Late ? "late"
                : verdict instanceof Verdict.Quarantined ? "quarantined" : "duplicates");
    }

    void count(LabelJoin.Taken taken) {
        count(vectors, switch (taken) {
            case YES -> "judged";
            case NOT_ASKED -> "not asked for";
            case LATE -> "late";
            case NO_ROOM -> "without room to wait";
            case REPEATED -> throw new IllegalStateException("A history gives each vector once");
        });
    }

    /** @param taken events of the files */
    List<Line> lines(MergedReplay replay, long taken) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("mapped", replay.mapped());
        replay.skipped().forEach((rule, count) -> rows.put("skipped (" + rule + ")", count));
        replay.unmappable().forEach((reason, count) -> rows.put("unmappable (" + reason + ")", count));
        return List.of(
                new Line("rows", replay.rows(), rows),
                new Line("events", taken, events),
                new Line("vectors", events.get("profiled"), vectors));
    }

    private static void count(Map<String, Long> counts, String name) {
        counts.merge(name, 1L, Long::sum);
    }

    private static Map<String, Long> zeros(String... names) {
        Map<String, Long> zeros = new LinkedHashMap<>();
        for (String name : names) {
            zeros.put(name, 0L);
        }
        return zeros;
    }
}
