package io.liveprofile.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.config.ConfigException;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.model.Contest;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.profile.ProfilerConfig;
import io.liveprofile.replay.Evaluation.Model;
import io.liveprofile.training.Finding;
import io.liveprofile.training.LabelPlan;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;

/** Evaluates a model on a data file: prints tables and writes {@code report.json} and the releases. */
public final class DataSetEvaluation {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final double FIRST_THIRD = 1 / 3.0;
    private static final int PROGRESS_EVERY = 1_000;

    private final List<Path> data;
    private final List<Mapping> mappings;
    private final FeaturePlan features;
    private final ProfilerConfig profiler;
    private final ModelConfig model;
    private final LabelPlan labels;
    private final List<Slice> slices;
    private final int samples;
    private final boolean writesRows;

    /**
     * @param data files that are merged by time
     * @param mappings one a file
     * @param slices parts of the vectors that are looked at apart
     * @param samples of the bootstrap behind each interval
     * @param writesRows whether each judged vector is written with its scores and labels, as {@code rows.csv}
     */
    public DataSetEvaluation(List<Path> data, List<Mapping> mappings, FeaturePlan features, ProfilerConfig profiler, ModelConfig model,
            LabelPlan labels, List<Slice> slices, int samples, boolean writesRows) {
        this.data = List.copyOf(data);
        this.mappings = List.copyOf(mappings);
        this.features = features;
        this.profiler = profiler;
        this.model = model;
        this.labels = labels;
        this.slices = slices;
        this.samples = samples;
        this.writesRows = writesRows;
    }

    private record Span(long first, long last, long events) {}

    /**
     * @param directory gets the report; created where it is not there
     * @param progress told the share of events taken, 0 to 1
     */
    public void run(Path directory, PrintStream out, DoubleConsumer progress) {
        Span span = span();
        if (span.events == 0) {
            throw new ConfigException(names() + ": gives no events");
        }
        out.printf(Locale.ROOT, "%,d events from %s to %s, %d features, heads %s%n", span.events,
                Instant.ofEpochMilli(span.first), Instant.ofEpochMilli(span.last), features.schema().size(),
                String.join(", ", model.headNames()));
        ModelStore store = new ModelStore(directory.resolve("models"));
        long freezeAt = span.first + (long) ((span.last - span.first) * FIRST_THIRD);
        try (Evaluation evaluation = new Evaluation(profiler, features, model, labels, slices,
                        (session, parent, learnedFrom, metrics, knownAt) -> release(store, session, parent, metrics, knownAt), freezeAt);
                MergedReplay replay = MergedReplay.open(data, mappings)) {
            long taken = 0;
            while (replay.hasNext()) {
                ReplayItem item = replay.next();
                evaluation.take(item);
                if (item instanceof ReplayItem.ReplayEvent && ++taken % PROGRESS_EVERY == 0) {
                    progress.accept((double) taken / span.events);
                }
            }
            evaluation.end();
            EvaluationReport report = new EvaluationReport(labels, slices, evaluation.rows(), span.first, span.last, samples);
            tell(evaluation, report, span, freezeAt, directory, out);
        }
    }

    private void tell(
            Evaluation evaluation, EvaluationReport report, Span span, long freezeAt, Path directory, PrintStream out) {
        List<EvaluationReport.Part> parts = report.parts();
        parts.forEach(part -> out.println(EvaluationReport.table(part)));
        List<EvaluationReport.Weeks> weeks = report.weeks();
        for (EvaluationReport.Weeks of : weeks) {
            out.printf(Locale.ROOT, "%s, mean over the whole weeks after the first third%n", of.head());
            for (Model each : Model.values()) {
                out.printf(Locale.ROOT, "  %-10s ROC-AUC %.4f  PR-AUC %.4f%n", each.name().toLowerCase(Locale.ROOT),
                        EvaluationReport.Weeks.mean(of.rocAuc()[each.ordinal()], of.start(), freezeAt),
                        EvaluationReport.Weeks.mean(of.prAuc()[each.ordinal()], of.start(), freezeAt));
            }
        }
        long releases = evaluation.findings().stream().filter(Finding.Released.class::isInstance).count();
        long rollbacks = evaluation.findings().stream()
                .filter(finding -> finding instanceof Finding.Released released && released.isRollback()).count();
        long tries = evaluation.findings().stream()
                .filter(finding -> finding instanceof Finding.Gate gate && !gate.isRollback()).count();
        long drifts = evaluation.findings().stream().filter(Finding.Drift.class::isInstance).count();
        out.printf(Locale.ROOT, "%d releases (%d of them rollbacks) in %d tries of the gate, %d alarms of drift, %d vectors without"
                + " room to wait%n", releases, rollbacks, tries, drifts, evaluation.dropped());
        write(parts, weeks, evaluation, span, directory);
        if (writesRows) {
            writeRows(evaluation.rows(), directory.resolve("rows.csv"));
        }
        List<Long> releaseTimes = evaluation.findings().stream().filter(Finding.Released.class::isInstance)
                .map(finding -> ((Finding.Released) finding).manifest().activationEventTime()).toList();
        for (int head = 0; head < weeks.size(); head++) {
            String picture = report.picture(head, weeks.get(head), releaseTimes);
            writeText(directory.resolve(weeks.get(head).head() + ".svg"), picture);
        }
        out.println("Written: " + directory.resolve("report.json") + " and the curves, "
                + String.join(", ", model.headNames().stream().map(head -> head + ".svg").toList()));
    }

    private void write(List<EvaluationReport.Part> parts, List<EvaluationReport.Weeks> weeks, Evaluation evaluation, Span span,
            Path directory) {
        ObjectNode root = JSON.createObjectNode();
        root.put("data", names()).put("events", span.events)
                .put("first", Instant.ofEpochMilli(span.first).toString())
                .put("last", Instant.ofEpochMilli(span.last).toString());
        ArrayNode comparisons = root.putArray("comparisons");
        for (EvaluationReport.Part part : parts) {
            ObjectNode node = comparisons.addObject().put("head", part.head()).put("slice", part.slice())
                    .put("period", part.period()).put("rows", part.contest().rows())
                    .put("positives", part.contest().positives()).put("users", part.contest().users());
            ArrayNode models = node.putArray("models");
            for (Contest.Entry entry : part.contest().entries()) {
                ObjectNode of = models.addObject().put("model", entry.model());
                put(of, "roc_auc", entry.rocAuc());
                put(of, "pr_auc", entry.prAuc());
                put(of, "log_loss", entry.logLoss());
                of.put("brier", entry.brier()).put("calibration_error", entry.calibrationError())
                        .put("precision", entry.calls().precision()).put("recall", entry.calls().recall())
                        .put("f1", entry.calls().f1()).put("accuracy", entry.calls().accuracy());
            }
        }
        ArrayNode byWeek = root.putArray("weeks");
        for (EvaluationReport.Weeks of : weeks) {
            for (int week = 0; week < of.start().length; week++) {
                ObjectNode node = byWeek.addObject().put("head", of.head())
                        .put("start", Instant.ofEpochMilli(of.start()[week]).toString());
                for (Model each : Model.values()) {
                    String name = each.name().toLowerCase(Locale.ROOT);
                    node.put(name + ".roc_auc", of.rocAuc()[each.ordinal()][week]);
                    node.put(name + ".pr_auc", of.prAuc()[each.ordinal()][week]);
                }
            }
        }
        ArrayNode releases = root.putArray("releases");
        for (Finding finding : evaluation.findings()) {
            if (finding instanceof Finding.Released released) {
                releases.addObject().put("id", released.manifest().id()).put("rollback", released.isRollback())
                        .put("activation", Instant.ofEpochMilli(released.manifest().activationEventTime()).toString());
            }
        }
        try {
            Files.createDirectories(directory);
            JSON.writeValue(directory.resolve("report.json").toFile(), root);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to " + directory + " failed: " + e.getMessage(), e);
        }
    }

    /** Time, user by number, then of each head what came of it and what each model said; empty = not known. */
    private void writeRows(JudgedRows rows, Path file) {
        int heads = labels.labels().size();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("time,user");
            for (String head : model.headNames()) {
                out.write("," + head);
                for (Model each : Model.values()) {
                    out.write("," + head + "." + each.name().toLowerCase(Locale.ROOT));
                }
            }
            out.newLine();
            for (JudgedRows.Row row : rows.rows()) {
                StringBuilder line = new StringBuilder().append(row.time).append(',').append(row.user);
                for (int head = 0; head < heads; head++) {
                    line.append(',').append(Float.isNaN(row.labels[head]) ? "" : Integer.toString((int) row.labels[head]));
                    for (Model each : Model.values()) {
                        line.append(',').append(row.scores[each.ordinal() * heads + head]);
                    }
                }
                out.append(line);
                out.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Writing " + file + " failed: " + e.getMessage(), e);
        }
    }

    private String names() {
        return String.join(", ", data.stream().map(file -> file.getFileName().toString()).toList());
    }

    private static void writeText(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing " + file + " failed: " + e.getMessage(), e);
        }
    }

    private static void put(ObjectNode node, String name, Contest.Figure figure) {
        node.put(name, figure.value()).put(name + "_low", figure.low()).put(name + "_high", figure.high());
        if (!Double.isNaN(figure.difference())) {
            node.put("online_less_this_" + name, figure.difference())
                    .put("online_less_this_" + name + "_low", figure.differenceLow())
                    .put("online_less_this_" + name + "_high", figure.differenceHigh());
        }
    }

    /** Nobody compares live vectors with it, so what it has learned from is left out. */
    private Manifest release(ModelStore store, MlpSession session, String parent, Map<String, Double> metrics, long knownAt) {
        return store.publish(
                new Manifest.Draft(parent, features.schema(), model.headNames(), metrics, knownAt, knownAt),
                path -> session.export(path));
    }

    private Span span() {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long events = 0;
        try (MergedReplay replay = MergedReplay.open(data, mappings)) {
            while (replay.hasNext()) {
                if (replay.next() instanceof ReplayItem.ReplayEvent event) {
                    first = Math.min(first, event.event().getEventTime());
                    last = Math.max(last, event.event().getEventTime());
                    events++;
                }
            }
        }
        return new Span(first, last, events);
    }
}
