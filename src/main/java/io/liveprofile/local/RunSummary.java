package io.liveprofile.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run has done.
 *
 * @param sending how long traffic was sent
 * @param elapsed from the first event until everything was settled
 * @param events read in this run
 * @param profiles published in this run
 * @param last the job's counters at the end; they go on from the last run when its state was kept
 * @param rows null when nothing was replayed
 */
public record RunSummary(
        String traffic,
        String webAddress,
        String bootstrapServers,
        Duration sending,
        Duration elapsed,
        long events,
        long profiles,
        Reading last,
        Traffic.FileRows rows,
        Balance balance) {

    /** 0 when the balance adds up, else 1. */
    public int exitCode() {
        return balance.addsUp() ? 0 : 1;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Summary");
        lines.add("  traffic     " + traffic);
        lines.add("  time        " + Figures.clock(sending) + " sending, " + Figures.clock(elapsed) + " until settled");
        lines.add("  events      " + Figures.grouped(events) + " read, " + perSecond(events) + "/s");
        lines.add("  profiles    " + Figures.grouped(profiles) + " published, " + perSecond(profiles) + "/s, "
                + Figures.grouped(last.users()) + " users");
        lines.add("  latency     p50 " + Figures.millis(last.latencyP50Millis()) + ", p99 "
                + Figures.millis(last.latencyP99Millis()) + " event to profile, recent");
        lines.add("  alerts      " + Figures.grouped(last.alerts()));
        lines.add("  model       " + (last.release().isEmpty() ? "none" : last.release()) + ", "
                + Figures.grouped(last.scored()) + " scored, " + Figures.grouped(last.unscored()) + " unscored");
        lines.add("  learning    " + Figures.grouped(last.examples()) + " examples, " + Figures.counted(last.releases(), "release"));
        lines.add("  addresses   Flink " + webAddress + ", Kafka " + bootstrapServers);
        lines.add("Balance");
        balance.checks().forEach(check -> lines.add((check.holds() ? "  ok          " : "  WRONG       ") + check.text()));
        lines.add(balance.addsUp() ? "Everything adds up." : "It does not add up.");
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("traffic", traffic);
        json.put("sendingSeconds", sending.toMillis() / 1e3);
        json.put("elapsedSeconds", elapsed.toMillis() / 1e3);
        json.put("events", events);
        json.put("profiles", profiles);
        json.put("eventsPerSecond", rounded(rate(events)));
        json.put("profilesPerSecond", rounded(rate(profiles)));
        json.putObject("latencyMillis")
                .put("p50", nullable(last.latencyP50Millis()))
                .put("p99", nullable(last.latencyP99Millis()));
        json.put("release", last.release().isEmpty() ? null : last.release());
        json.putObject("counters")
                .put("read", last.read())
                .put("history", last.history())
                .put("further", last.further())
                .put("profiled", last.profiled())
                .put("refreshed", last.refreshed())
                .put("learned", last.learned())
                .put("late", last.late())
                .put("quarantined", last.quarantined())
                .put("duplicates", last.duplicates())
                .put("deadLetters", last.deadLetters())
                .put("skipped", last.skipped())
                .put("outsideBackfill", last.outsideBackfill())
                .put("outcomes", last.outcomes())
                .put("profiles", last.profiles())
                .put("coalesced", last.coalesced())
                .put("unpublished", last.unpublished())
                .put("users", last.users())
                .put("alerts", last.alerts())
                .put("scored", last.scored())
                .put("unscored", last.unscored())
                .put("examples", last.examples())
                .put("releases", last.releases());
        if (rows != null) {
            json.putObject("rows")
                    .put("read", rows.rows())
                    .put("mapped", rows.mapped())
                    .put("skipped", rows.skipped())
                    .put("unmappable", rows.unmappable());
        }
        json.putObject("addresses").put("flink", webAddress).put("kafka", bootstrapServers);
        json.put("addsUp", balance.addsUp());
        ArrayNode checks = json.putArray("balance");
        for (Balance.Check check : balance.checks()) {
            ObjectNode node = checks.addObject()
                    .put("name", check.name())
                    .put("holds", check.holds())
                    .put("left", check.left())
                    .put("relation", check.atLeast() ? ">=" : "=")
                    .put("right", check.right());
            ObjectNode parts = node.putObject("parts");
            check.parts().forEach(parts::put);
            node.put("text", check.text());
        }
        return json;
    }

    private String perSecond(long count) {
        return String.format(Locale.ROOT, "%,.0f", rate(count));
    }

    private double rate(long count) {
        return count / Math.max(1e-3, elapsed.toMillis() / 1e3);
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static Double nullable(double value) {
        return Double.isNaN(value) ? null : (Double) value;
    }
}
