package io.liveprofile.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.model.Contest;
import io.liveprofile.replay.Evaluation.Model;
import io.liveprofile.training.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/** {@code report.json}; what has no value is null. */
final class EvaluationJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode root = JSON.createObjectNode();
    private final ArrayNode comparisons;
    private final ArrayNode weeks;
    private final ArrayNode releases;
    private final ObjectNode account;

    /**
     * @param data names of the files
     * @param first event time of the first event, ms UTC
     * @param last event time of the last, ms UTC
     */
    EvaluationJson(String data, long events, long first, long last) {
        root.put("data", data).put("events", events).put("first", time(first)).put("last", time(last));
        comparisons = root.putArray("comparisons");
        weeks = root.putArray("weeks");
        releases = root.putArray("releases");
        account = root.putObject("account");
    }

    void add(EvaluationReport.Part part) {
        ObjectNode node = comparisons.addObject().put("head", part.head()).put("slice", part.slice())
                .put("period", part.period()).put("rows", part.contest().rows())
                .put("positives", part.contest().positives()).put("users", part.contest().users());
        ArrayNode models = node.putArray("models");
        for (Contest.Entry entry : part.contest().entries()) {
            ObjectNode of = models.addObject().put("model", entry.model());
            put(of, "roc_auc", entry.rocAuc());
            put(of, "pr_auc", entry.prAuc());
            put(of, "log_loss", entry.logLoss());
            put(of, "brier", entry.brier());
            put(of, "calibration_error", entry.calibrationError());
            put(of, "precision", entry.calls().precision());
            put(of, "recall", entry.calls().recall());
            put(of, "f1", entry.calls().f1());
            put(of, "accuracy", entry.calls().accuracy());
        }
    }

    void add(EvaluationReport.Weeks of) {
        for (int week = 0; week < of.start().length; week++) {
            ObjectNode node = weeks.addObject().put("head", of.head()).put("start", time(of.start()[week]));
            for (Model each : Model.values()) {
                String name = each.name().toLowerCase(Locale.ROOT);
                put(node, name + ".roc_auc", of.rocAuc()[each.ordinal()][week]);
                put(node, name + ".pr_auc", of.prAuc()[each.ordinal()][week]);
            }
        }
    }

    void add(Finding.Released released) {
        releases.addObject().put("id", released.manifest().id()).put("rollback", released.isRollback())
                .put("activation", time(released.manifest().activationEventTime()));
    }

    void add(EvaluationAccount.Line line) {
        ObjectNode of = account.putObject(line.what()).put("total", line.total());
        line.parts().forEach(of::put);
    }

    void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            JSON.writeValue(file.toFile(), root);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing " + file + " failed: " + e.getMessage(), e);
        }
    }

    private static void put(ObjectNode node, String name, Contest.Figure figure) {
        put(node, name, figure.value());
        put(node, name + "_low", figure.low());
        put(node, name + "_high", figure.high());
        if (!Double.isNaN(figure.difference())) {
            put(node, "online_less_this_" + name, figure.difference());
            put(node, "online_less_this_" + name + "_low", figure.differenceLow());
            put(node, "online_less_this_" + name + "_high", figure.differenceHigh());
        }
    }

    /** JSON knows no NaN. */
    private static void put(ObjectNode node, String name, double value) {
        node.put(name, Double.isNaN(value) ? null : (Double) value);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
