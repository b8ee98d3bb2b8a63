package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.ingest.Mapping;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/** Evaluates a model on a data file: prints tables and writes {@code report.json} and the releases. */
public final class DataSetEvaluation {
    private static final double FIRST_THIRD = 1 / 3.0;
    private static final int PROGRESS_EVERY = 1_000;
    /** Not that of a store that serves, as it is emptied. */
    private static final String STORE = "evaluated-models";

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
     * @param directory gets the report and the releases, in the place of those of a run before; created where it is not there
     * @param progress told the share of events taken, 0 to 1
     * @throws ConfigException when there are no events, or none that can be judged
     */
    public void run(Path directory, PrintStream out, DoubleConsumer progress) {
        Span span = span();
        if (span.events == 0) {
            throw new ConfigException(names() + ": gives no events");
        }
        out.printf(Locale.ROOT, "%,d events from %s to %s, %d features, heads %s%n", span.events,
                Instant.ofEpochMilli(span.first), Instant.ofEpochMilli(span.last), features.schema().size(),
                String.join(", ", model.headNames()));
        ModelStore store = emptyStore(directory.resolve(STORE));
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
            List<EvaluationAccount.Line> account = evaluation.account().lines(replay, taken);
            EvaluationReport report = new EvaluationReport(labels, slices, evaluation.rows(), span.first, span.last,
                    evaluation.reached(), samples);
            tell(evaluation, account, report, span, freezeAt, directory, out);
        }
    }

    private void tell(
            Evaluation evaluation, List<EvaluationAccount.Line> account, EvaluationReport report, Span span, long freezeAt,
            Path directory, PrintStream out) {
        List<EvaluationReport.Part> parts = report.parts();
        List<String> notJudged = report.notJudged();
        if (parts.isEmpty()) {
            throw new ConfigException(names() + ": " + String.join("; ", notJudged));
        }
        parts.forEach(part -> out.println(EvaluationReport.table(part)));
        notJudged.forEach(out::println);
        List<EvaluationReport.Weeks> weeks = report.weeks();
        for (EvaluationReport.Weeks of : weeks) {
            out.printf(Locale.ROOT, "%s, mean over the whole weeks after the first third%n", of.head());
            for (Model each : Model.values()) {
                out.printf(Locale.ROOT, "  %-10s ROC-AUC %.4f  PR-AUC %.4f%n", each.name().toLowerCase(Locale.ROOT),
                        EvaluationReport.Weeks.mean(of.rocAuc()[each.ordinal()], of.start(), freezeAt),
                        EvaluationReport.Weeks.mean(of.prAuc()[each.ordinal()], of.start(), freezeAt));
            }
        }
        List<Finding.Released> releases = evaluation.findings().stream().filter(Finding.Released.class::isInstance)
                .map(Finding.Released.class::cast).toList();
        long tries = evaluation.findings().stream()
                .filter(finding -> finding instanceof Finding.Gate gate && !gate.isRollback()).count();
        long drifts = evaluation.findings().stream().filter(Finding.Drift.class::isInstance).count();
        out.printf(Locale.ROOT, "%d releases (%d of them rollbacks) in %d tries of the gate, %d alarms of drift%n",
                releases.size(), releases.stream().filter(Finding.Released::isRollback).count(), tries, drifts);
        account.forEach(out::println);
        EvaluationJson json = new EvaluationJson(names(), span.events, span.first, span.last);
        parts.forEach(json::add);
        weeks.forEach(json::add);
        releases.forEach(json::add);
        account.forEach(json::add);
        json.write(directory.resolve("report.json"));
        if (writesRows) {
            writeRows(evaluation.rows(), directory.resolve("rows.csv"));
        }
        List<Long> releaseTimes = releases.stream().map(each -> each.manifest().activationEventTime()).toList();
        for (int head = 0; head < weeks.size(); head++) {
            String picture = report.picture(head, weeks.get(head), releaseTimes);
            writeText(directory.resolve(weeks.get(head).head() + ".svg"), picture);
        }
        out.println("Written: " + directory.resolve("report.json") + " and the curves, "
                + String.join(", ", model.headNames().stream().map(head -> head + ".svg").toList()));
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

    /** Nobody compares live vectors with it, so what it has learned from is left out. */
    private Manifest release(ModelStore store, MlpSession session, String parent, Map<String, Double> metrics, long knownAt) {
        return store.publish(
                new Manifest.Draft(parent, features.schema(), model.headNames(), metrics, knownAt, knownAt),
                path -> session.export(path));
    }

    private static ModelStore emptyStore(Path directory) {
        if (Files.exists(directory)) {
            try (Stream<Path> tree = Files.walk(directory)) {
                for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Emptying " + directory + " failed: " + e.getMessage(), e);
            }
        }
        return new ModelStore(directory);
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
