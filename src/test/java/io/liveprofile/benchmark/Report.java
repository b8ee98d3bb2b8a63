package io.liveprofile.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.benchmark.GrowthPicture.Panel;
import io.liveprofile.benchmark.ThreadTimes.Group;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What was found: figures by section, what of it was to be reached, and the processor time behind it. */
final class Report {
    private static final int REASONS = 6;
    private static final double SMALLEST_SHARE = 0.005;
    private static final String ROW = "%-52s %,14.0f  %-11s";
    private static final String SMALL_ROW = "%-52s %,14.2f  %-11s";

    private final String title;
    private final Results results;
    private final Map<String, List<Figure>> sections = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> stages = new LinkedHashMap<>();
    private final List<String> detailed = new ArrayList<>();
    private final List<Panel> panels = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * @param title of the scale: what the figures are worth
     * @param results whose processor times are told too
     */
    Report(String title, Results results) {
        this.title = title;
        this.results = results;
    }

    void add(String section, List<Figure> figures) {
        sections.computeIfAbsent(section, none -> new ArrayList<>()).addAll(figures);
    }

    void add(Panel panel) {
        panels.add(panel);
    }

    /** Has the measurement's stages told side by side with others'. */
    void detail(String measurement) {
        detailed.add(measurement);
    }

    /** A profile of something that is no job. */
    void addStages(String name, Map<String, Double> shares) {
        stages.put(name, shares);
    }

    /** Something that a reader of the figures must know. */
    void note(String note) {
        notes.add(note);
    }

    void print(PrintStream out) {
        sections.forEach((section, figures) -> {
            out.printf("%n== %s%n%-52s %14s  %-11s %7s  %-14s %s%n",
                    section, "", "value", "unit", "ratio", "min to max", "baseline");
            figures.forEach(figure -> print(out, figure));
        });
        printGroups(out);
        printStages(out);
        printTargets(out);
        out.println();
        notes.forEach(note -> out.println("note: " + note));
    }

    /** Writes {@code report.json}, and {@code growth.svg} where there is anything to draw. */
    void write(Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode report = mapper.createObjectNode();
        report.put("title", title);
        report.putObject("machine")
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("heapBytes", Runtime.getRuntime().maxMemory())
                .put("java", Runtime.version().toString())
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.putObject("job")
                .put("parallelism", BenchmarkCluster.PARALLELISM)
                .put("stateBackend", "rocksdb")
                .put("checkpointSeconds", BenchmarkCluster.CHECKPOINT_INTERVAL.toSeconds());
        ArrayNode told = report.putArray("notes");
        notes.forEach(told::add);
        ArrayNode figures = report.putArray("figures");
        sections.forEach((section, each) -> each.forEach(figure -> write(section, figure, figures.addObject())));
        ArrayNode measurements = report.putArray("measurements");
        results.last().forEach(each -> write(each, measurements.addObject()));
        mapper.writerWithDefaultPrettyPrinter().writeValue(directory.resolve("report.json").toFile(), report);
        if (!panels.isEmpty()) {
            Files.writeString(directory.resolve("growth.svg"), GrowthPicture.svg(panels));
        }
    }

    private void print(PrintStream out, Figure figure) {
        out.printf(Locale.ROOT, Math.abs(figure.value()) < 1_000 ? SMALL_ROW : ROW,
                figure.name(), figure.value(), figure.unit());
        if (figure.baseline() != null) {
            Figure.Baseline baseline = figure.baseline();
            String range = baseline.ratios().length == 1
                    ? ""
                    : String.format(Locale.ROOT, "%.2f to %.2f", baseline.smallest(), baseline.largest());
            out.printf(Locale.ROOT, " %7.2f  %-14s %s", baseline.ratio(), range, baseline.name());
        }
        out.println();
    }

    private void printGroups(PrintStream out) {
        if (results.last().isEmpty()) {
            return;
        }
        out.printf("%n== CPU µs an event by threads, last round%n%-52s", "");
        for (Group group : Group.values()) {
            out.printf("%10s", group.title());
        }
        out.printf("%10s%16s%n", "all", "state B a user");
        for (Measurement each : results.last()) {
            out.printf("%-52s", each.name());
            for (Group group : Group.values()) {
                out.printf(Locale.ROOT, "%10.2f", each.cpuMicros(group));
            }
            out.printf(Locale.ROOT, "%10.2f%,16.0f%n", each.cpuMicros(), each.stateBytesAUser());
        }
    }

    private void printStages(PrintStream out) {
        List<Measurement> measurements = detailed.stream().map(results::last).toList();
        Set<String> rows = new LinkedHashSet<>();
        measurements.forEach(each -> rows.addAll(each.stages().keySet()));
        if (rows.isEmpty()) {
            return;
        }
        out.printf("%n== CPU a stage: µs an event, share of samples%n%-40s", "");
        detailed.forEach(name -> out.printf("%28s", name));
        out.println();
        for (String stage : rows) {
            if (measurements.stream().noneMatch(each -> each.stages().getOrDefault(stage, 0.0) >= SMALLEST_SHARE)) {
                continue;
            }
            out.printf("%-40s", stage);
            measurements.forEach(each -> out.printf(Locale.ROOT, "%18.2f %7.1f %%",
                    each.cpuMicros(stage), each.stages().getOrDefault(stage, 0.0) * 100));
            out.println();
        }
    }

    private void printTargets(PrintStream out) {
        out.printf("%n== To reach (%s)%n", title);
        sections.values().stream().flatMap(List::stream).filter(figure -> figure.target() != null).forEach(figure -> {
            out.printf(Locale.ROOT, "%-7s %s to %s: %.2f, to reach: %s%n", figure.isMissed() ? "missed" : "met",
                    figure.name(), figure.baseline().name(), figure.baseline().ratio(), figure.target());
            if (figure.isMissed()) {
                out.printf(Locale.ROOT, "        by %.2f. Where its time goes: %s%n",
                        figure.target().missedBy(figure.baseline().ratio()), reasons(figure));
            }
        });
    }

    private String reasons(Figure figure) {
        String largest = stages(figure).entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(REASONS)
                .map(stage -> String.format(Locale.ROOT, "%s %.0f %%", stage.getKey(), stage.getValue() * 100))
                .collect(Collectors.joining(", "));
        return largest.isEmpty() ? "no profile was taken" : largest;
    }

    private Map<String, Double> stages(Figure figure) {
        String name = figure.explainedBy();
        if (name == null) {
            return Map.of();
        }
        return stages.containsKey(name) ? stages.get(name) : results.last(name).stages();
    }

    private void write(String section, Figure figure, ObjectNode node) {
        node.put("section", section).put("name", figure.name()).put("unit", figure.unit()).put("value", figure.value());
        Figure.Baseline baseline = figure.baseline();
        node.put("baseline", baseline == null ? null : baseline.name());
        if (baseline != null) {
            node.put("baselineValue", baseline.value());
            node.put("ratio", baseline.ratio());
            ArrayNode ratios = node.putArray("ratios");
            for (double ratio : baseline.ratios()) {
                ratios.add(ratio);
            }
        }
        if (figure.target() != null) {
            node.put("target", figure.target().toString());
            node.put("met", !figure.isMissed());
            node.put("missedBy", figure.target().missedBy(baseline.ratio()));
            if (figure.isMissed()) {
                ObjectNode why = node.putObject("shareOfSamples");
                stages(figure).forEach(why::put);
            }
        }
    }

    private static void write(Measurement measurement, ObjectNode node) {
        node.put("name", measurement.name());
        node.put("users", measurement.users());
        node.put("events", measurement.events());
        node.put("seconds", measurement.seconds());
        node.put("eventsPerSecond", measurement.rate());
        node.put("stateBytesPerUser", measurement.stateBytesAUser());
        if (!measurement.cpu().isEmpty()) {
            node.put("cpuMicrosPerEvent", measurement.cpuMicros());
            ObjectNode threads = node.putObject("cpuMicrosPerEventByThreads");
            measurement.cpu().forEach((group, seconds) -> threads.put(group.title(), measurement.cpuMicros(group)));
        }
        if (!measurement.stages().isEmpty()) {
            ObjectNode stages = node.putObject("cpuMicrosPerEventByStage");
            measurement.stages().forEach((stage, share) -> stages.put(stage, measurement.cpuMicros(stage)));
            ObjectNode shares = node.putObject("shareOfSamples");
            measurement.stages().forEach(shares::put);
        }
    }
}
