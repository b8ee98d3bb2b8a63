package io.liveprofile.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether every record of a run ended somewhere counted. Each check compares one figure with the sum of others; a run is
 * balanced when all hold.
 */
public record Balance(List<Check> checks) {

    /**
     * One comparison.
     *
     * @param name kebab-case
     * @param what the name of the left figure
     * @param atLeast whether {@code left} may also be larger: a topic may hold repeats after a restart
     * @param parts figures whose sum {@code left} is held against
     */
    public record Check(String name, String what, long left, boolean atLeast, Map<String, Long> parts) {

        public long right() {
            return parts.values().stream().mapToLong(Long::longValue).sum();
        }

        public boolean holds() {
            return atLeast ? left >= right() : left == right();
        }

        /** {@code read 10 = 8 profiled + 2 late}, or with the difference named when it does not hold. */
        public String text() {
            String sum = parts.entrySet().stream()
                    .map(part -> Figures.grouped(part.getValue()) + " " + part.getKey())
                    .collect(Collectors.joining(" + "));
            String line = what + " " + Figures.grouped(left) + " " + (atLeast ? ">=" : "=") + " " + sum;
            if (holds()) {
                return line;
            }
            long difference = right() - left;
            return line + ": does not add up, " + Figures.grouped(Math.abs(difference))
                    + (difference > 0 ? " too many on the right" : " missing on the right");
        }
    }

    /**
     * What the broker's topics hold.
     *
     * @param eventsBefore records of behavior-events before the run
     * @param events records of behavior-events after it
     */
    public record TopicCounts(
            long eventsBefore, long events, long profiles, long lateEvents, long quarantine, long deadLetters,
            long outcomes) {}

    /**
     * What the broker has acknowledged to this run.
     *
     * @param taken messages taken from the traffic
     * @param ended whether the traffic was taken to its end
     */
    public record Sent(long taken, long events, long outcomes, long deadLetters, boolean ended) {}

    /**
     * The checks of a run that has drained.
     *
     * @param rows what became of the file's rows; null when nothing was replayed
     */
    public static Balance of(Reading job, TopicCounts topics, Sent sent, Traffic.FileRows rows) {
        List<Check> checks = new ArrayList<>();
        if (rows != null) {
            checks.add(new Check("rows", "file rows", rows.rows(), false, parts(
                    "mapped", rows.mapped(), "skipped", rows.skipped(), "unmappable", rows.unmappable())));
            if (sent.ended()) {
                checks.add(new Check("unmappable", "unmappable rows", rows.unmappable(), false, parts(
                        "dead letters sent", sent.deadLetters())));
            }
        }
        checks.add(new Check("sent", "messages sent", sent.taken(), false, parts(
                "events", sent.events(), "outcomes", sent.outcomes(), "dead letters", sent.deadLetters())));
        checks.add(new Check("topic", "behavior-events", topics.events(), false, parts(
                "before the run", topics.eventsBefore(), "sent", sent.events())));
        checks.add(new Check("read", "read", job.read(), false, job.history() == 0
                ? parts("on the topic", topics.events())
                : parts("on the topic", topics.events(), "history rows", job.history())));
        Map<String, Long> ends = parts(
                "profiled", job.profiled(),
                "late", job.late(),
                "quarantined", job.quarantined(),
                "duplicates", job.duplicates(),
                "dead letters", job.deadLetters(),
                "skipped", job.skipped(),
                "outcomes", job.outcomes());
        if (job.outsideBackfill() != 0) {
            ends.put("outside the backfill", job.outsideBackfill());
        }
        checks.add(new Check("events", "read and further", job.decoded(), false, ends));
        Map<String, Long> profiles = parts("published", job.profiles(), "coalesced", job.coalesced());
        if (job.unpublished() != 0) {
            profiles.put("unpublished", job.unpublished());
        }
        checks.add(new Check("profiles", "profiled, refreshed and learned", job.updated(), false, profiles));
        checks.add(new Check("user-profiles", "user-profiles", topics.profiles(), true, parts("published", job.profiles())));
        checks.add(new Check("late-events", "late-events", topics.lateEvents(), true, parts("late", job.late())));
        checks.add(new Check("quarantine", "quarantine", topics.quarantine(), true, parts("quarantined", job.quarantined())));
        checks.add(new Check("dead-letters", "dead-letters", topics.deadLetters(), true, parts(
                "dead letters", job.deadLetters(), "sent", sent.deadLetters())));
        checks.add(new Check("labeled-outcomes", "labeled-outcomes", topics.outcomes(), true, parts(
                "outcomes", job.outcomes(), "sent", sent.outcomes())));
        return new Balance(List.copyOf(checks));
    }

    public boolean addsUp() {
        return checks.stream().allMatch(Check::holds);
    }

    public List<Check> broken() {
        return checks.stream().filter(check -> !check.holds()).toList();
    }

    /** @param namesAndCounts a name, its count, and so on */
    private static Map<String, Long> parts(Object... namesAndCounts) {
        Map<String, Long> parts = new LinkedHashMap<>();
        for (int i = 0; i < namesAndCounts.length; i += 2) {
            parts.put((String) namesAndCounts[i], (Long) namesAndCounts[i + 1]);
        }
        return parts;
    }
}
