package io.liveprofile.cluster;

import io.liveprofile.local.Balance;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code EndToEnd [CASE...]}: real processes, disturbed while a simulated shop's traffic flows, and what they publish held
 * against an undisturbed run. Exit code 0 = nothing was lost, nothing differs.
 */
public final class EndToEnd {
    private static final Path DIRECTORY = Path.of("target/e2e");
    private static final double RATE = 600;
    private static final Duration SPAN = Duration.ofHours(10);
    private static final String ROW = "%-29s %9s %9s %6s %9s %7s %9s %9s %9s  %s%n";

    private final ShopTraffic shop = new ShopTraffic(SPAN);
    private final PrintStream out;
    private final List<String> failed = new ArrayList<>();
    private int passed;

    private EndToEnd(PrintStream out) {
        this.out = out;
    }

    /** What became of one run. */
    private record Outcome(Published published, Balance balance, List<String> notes) {}

    public static void main(String[] args) throws Exception {
        System.setProperty("liveprofile.log", DIRECTORY.resolve("e2e.log").toString());
        EndToEnd endToEnd = new EndToEnd(System.out);
        endToEnd.run(List.of(args));
        System.exit(endToEnd.failed.isEmpty() ? 0 : 1);
    }

    private void run(List<String> asked) throws Exception {
        List<Fault> faults = Fault.ALL.stream().filter(each -> asked.isEmpty() || asked.contains(each.name())).toList();
        if (!faults.isEmpty()) {
            out.printf("%,d events, %,.0f a second; both jobs, two TaskManagers, checkpoints every 10 s%n", shop.events(), RATE);
            out.println("*: records beyond the first of each");
            out.printf(Locale.ROOT, ROW, "case", "silent s", "wait s", "lost", "vectors *", "alerts *", "examples *", "profiles", "examples", "");
            Outcome undisturbed = run(Fault.NONE);
            tell(Fault.NONE, undisturbed, undisturbed);
            for (Fault fault : faults) {
                try {
                    tell(fault, undisturbed, run(fault));
                } catch (Exception e) {
                    failed.add(fault.name());
                    out.printf("%-29s FAILED: %s%n", fault.name(), e.getMessage());
                    e.printStackTrace(out);
                }
            }
        }
        if (asked.isEmpty() || asked.contains(Resubmissions.NAME)) {
            if (new Resubmissions(DIRECTORY.resolve(Resubmissions.NAME), out).run()) {
                passed++;
            } else {
                failed.add(Resubmissions.NAME);
            }
        }
        out.println();
        out.printf("%d passed, %d failed%n", passed, failed.size());
    }

    private Outcome run(Fault fault) throws Exception {
        try (CaseRun run = CaseRun.start(DIRECTORY.resolve(fault.name()), fault, shop, RATE)) {
            run.send();
            fault.disturbance().strike(run);
            run.settle();
            run.note(run.lateForLabels());
            return new Outcome(run.published(), run.balance(), run.notes());
        }
    }

    private void tell(Fault fault, Outcome undisturbed, Outcome outcome) {
        Verdict verdict = Verdict.of(undisturbed.published(), outcome.published());
        Published published = outcome.published();
        boolean sound = outcome.balance().addsUp() && switch (fault.claim()) {
            case ALL_THE_SAME -> verdict.isSame();
            case EXACTLY_ONCE -> verdict.isSame() && published.repeats().isNone();
            case ALL_BUT_LABELS -> verdict.isSameButForLabels();
        };
        if (sound) {
            passed++;
        } else {
            failed.add(fault.name());
        }
        out.printf(Locale.ROOT, ROW,
                fault.name(),
                "%.1f".formatted(published.silentMillis() / 1e3),
                "%.1f".formatted(published.waitMillis() / 1e3),
                verdict.lost().size(),
                published.repeats().vectors(),
                published.repeats().alerts(),
                published.repeats().examples(),
                "%,d".formatted(published.profiles().size()),
                "%,d".formatted(published.examples().size()),
                sound ? "ok" : "WRONG");
        outcome.notes().forEach(note -> out.println("    " + note));
        verdict.differences().forEach(line -> out.println("    " + line));
        outcome.balance().broken().forEach(check -> out.println("    " + check.text()));
    }
}
