package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import io.liveprofile.local.Balance;
import io.liveprofile.local.Reading;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@code EndToEnd [CASE...]}: real processes, disturbed while a simulated shop's traffic flows, and what they publish held
 * against an undisturbed run. Exit code 0 = nothing was lost, nothing differs; 2 = none of the cases that were named can run.
 */
public final class EndToEnd {
    private static final Path DIRECTORY = Path.of("target/e2e");
    private static final double RATE = 600;
    private static final Duration SPAN = Duration.ofHours(10);
    private static final String NAME = "%-33s";
    private static final String ROW = " %9s %9s %6s %9s %7s %9s %9s %7s %9s  %s%n";

    private final PrintStream out;
    private final Tally tally = new Tally();

    private EndToEnd(PrintStream out) {
        this.out = out;
    }

    /** What became of one run. */
    private record Outcome(
            Published published, Balance balance, Reading counts, LateForLabels late, List<String> wrong, List<String> notes) {}

    public static void main(String[] args) throws Exception {
        System.setProperty("liveprofile.log", DIRECTORY.resolve("e2e.log").toString());
        EndToEnd endToEnd = new EndToEnd(System.out);
        try {
            endToEnd.run(List.of(args));
        } catch (ConfigException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
        }
        System.exit(endToEnd.tally.exitCode(args.length > 0));
    }

    private void run(List<String> asked) throws Exception {
        requireKnown(asked);
        List<Fault> faults = new ArrayList<>(
                Fault.ALL.stream().filter(each -> asked.isEmpty() || asked.contains(each.name())).toList());
        if (!DiskFull.isPossible() && faults.removeIf(each -> each.disturbance() instanceof DiskFull)) {
            out.println(DiskFull.NAME + " is left out: it needs the right to mount");
            tally.leaveOut(DiskFull.NAME);
        }
        if (!faults.isEmpty()) {
            run(Fault.NONE, faults, new ShopTraffic(SPAN), RATE);
        }
        if (asked.isEmpty() || asked.contains(Resubmissions.NAME)) {
            tally.count(Resubmissions.NAME, new Resubmissions(DIRECTORY.resolve(Resubmissions.NAME), out).run());
        }
        if (asked.contains(Failover.NAME)) {
            tally.count(Failover.NAME, new Failover(DIRECTORY, out).run());
        }
        if (asked.contains(Soak.NAME)) {
            ShopTraffic day = new ShopTraffic(Soak.SPAN);
            run(Fault.undisturbed(Soak.SETTINGS), List.of(Fault.ofDay(new Soak(day, out))), day, Soak.RATE);
        }
        out.println();
        out.println(tally);
    }

    /** @throws ConfigException naming what there is */
    private static void requireKnown(List<String> asked) {
        List<String> known = Stream.concat(
                Fault.ALL.stream().map(Fault::name), Stream.of(Resubmissions.NAME, Failover.NAME, Soak.NAME)).toList();
        asked.stream().filter(each -> !known.contains(each)).findFirst().ifPresent(each -> {
            throw new ConfigException("ONLY: there is no case '" + each + "'; cases: " + String.join(" ", known));
        });
    }

    private void run(Fault none, List<Fault> faults, ShopTraffic shop, double rate) throws Exception {
        out.printf("%,d events, %,.0f a second; both jobs, two TaskManagers, checkpoints every 10 s%n", shop.events(), rate);
        out.println("*: records beyond the first of each");
        out.printf(NAME, "case");
        out.printf(Locale.ROOT, ROW, "silent s", "wait s", "lost", "vectors *", "alerts *", "examples *", "profiles", "alerts", "examples", "");
        Outcome undisturbed = run(none, shop, rate);
        tell(none, undisturbed, undisturbed);
        for (Fault fault : faults) {
            try {
                tell(fault, undisturbed, run(fault, shop, rate));
            } catch (Exception e) {
                tally.count(fault.name(), false);
                out.println(" FAILED: " + e.getMessage());
                e.printStackTrace(out);
            }
        }
    }

    private Outcome run(Fault fault, ShopTraffic shop, double rate) throws Exception {
        out.printf(NAME, fault.name()); // its row is finished a minute or more later
        out.flush();
        try (CaseRun run = CaseRun.start(DIRECTORY.resolve(fault.name()), fault, shop, rate)) {
            run.send();
            fault.disturbance().strike(run);
            run.settle();
            LateForLabels late = run.jobs().lateForLabels();
            run.note(late.toString());
            List<String> wrong = new ArrayList<>(fault.disturbance().wrong(run));
            wrong.addAll(LoggedIds.in(run.directory().logs()));
            if (fault.claim() == Fault.Claim.EXACTLY_ONCE) {
                run.note("%,d records were written in transactions that were taken back".formatted(run.takenBack()));
            }
            return new Outcome(run.published(), run.balance(), run.jobs().reading(), late, wrong, run.notes());
        }
    }

    /** What the job counted otherwise than the undisturbed run, or than there are records of, repeats left out. */
    private static List<String> miscounted(Reading undisturbed, Reading disturbed, Collection<Published.End> ends) {
        Map<String, long[]> counts = new LinkedHashMap<>();
        counts.put("late", new long[] {disturbed.late(), count(ends, Topic.LATE_EVENTS)});
        counts.put("quarantined", new long[] {disturbed.quarantined(), count(ends, Topic.QUARANTINE)});
        counts.put("dead letters", new long[] {disturbed.deadLetters(), count(ends, Topic.DEAD_LETTERS)});
        counts.put("duplicates", new long[] {disturbed.duplicates(), undisturbed.duplicates()});
        counts.put("outcomes", new long[] {disturbed.outcomes(), undisturbed.outcomes()});
        return counts.entrySet().stream()
                .filter(each -> each.getValue()[0] != each.getValue()[1])
                .map(each -> "%s: %,d counted instead of %,d".formatted(each.getKey(), each.getValue()[0], each.getValue()[1]))
                .toList();
    }

    private static long count(Collection<Published.End> ends, Topic topic) {
        return ends.stream().filter(end -> end.topic() == topic).count();
    }

    private void tell(Fault fault, Outcome undisturbed, Outcome outcome) {
        Predicate<String> changed = fault.disturbance().changed();
        Verdict verdict = Verdict.of(undisturbed.published().without(changed), outcome.published().without(changed));
        Published published = outcome.published();
        List<String> wrong = new ArrayList<>(outcome.wrong());
        if (fault.claim() == Fault.Claim.ALL_BUT_LABELS) {
            wrong.addAll(outcome.late().unexplained(undisturbed.published().examples(), published.examples()));
        }
        if (fault.claim() == Fault.Claim.EXACTLY_ONCE && !published.repeats().isNone()) {
            wrong.add("records beyond the first of each: " + published.repeats());
        }
        wrong.addAll(miscounted(undisturbed.counts(), outcome.counts(), published.unprofiled().values()));
        boolean sound = outcome.balance().addsUp() && wrong.isEmpty() && switch (fault.claim()) {
            case ALL_THE_SAME, EXACTLY_ONCE -> verdict.isSame();
            case ALL_BUT_LABELS -> verdict.isSameButForLabels();
        };
        tally.count(fault.name(), sound);
        out.printf(Locale.ROOT, ROW,
                "%.1f".formatted(published.silentMillis() / 1e3),
                "%.1f".formatted(published.waitMillis() / 1e3),
                verdict.lost().size(),
                published.repeats().vectors(),
                published.repeats().alerts(),
                published.repeats().examples(),
                "%,d".formatted(published.profiles().size()),
                "%,d".formatted(published.alerts().size()),
                "%,d".formatted(published.examples().size()),
                sound ? "ok" : "WRONG");
        outcome.notes().forEach(note -> out.println("    " + note));
        verdict.differences().forEach(line -> out.println("    " + line));
        wrong.forEach(line -> out.println("    " + line));
        outcome.balance().broken().forEach(check -> out.println("    " + check.text()));
    }
}
