package io.liveprofile.training;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.model.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings as the records of model-evaluations and model-releases. */
public final class FindingRecords {

    /** @param knownAt event time up to which labels are known, ms UTC */
    public ModelEvaluation evaluation(Finding finding, long knownAt) {
        ModelEvaluation record = new ModelEvaluation("", EvaluationKind.UNKNOWN, knownAt, null, null, null, List.of(), Map.of());
        if (finding instanceof Finding.Figures figures) {
            record.setKind(EvaluationKind.FIGURES);
            record.setHead(figures.head());
            record.setModel(figures.model());
            record.setMetrics(metrics(figures));
        } else if (finding instanceof Finding.Drift drift) {
            record.setKind(EvaluationKind.DRIFT);
            record.setModel(drift.signal());
            record.setReasons(List.of(drift.detector()));
            record.setMetrics(Map.of("judged", (double) drift.judged()));
        } else if (finding instanceof Finding.Gate gate) {
            record.setKind(gate.isRollback() ? EvaluationKind.ROLLBACK : EvaluationKind.GATE);
            record.setModel(gate.champion());
            record.setPassed(gate.decision().isPassed());
            record.setReasons(gate.decision().reasons());
            record.setMetrics(metrics(gate));
        } else if (finding instanceof Finding.Released released) {
            record.setKind(EvaluationKind.RELEASED);
            record.setModel(released.manifest().id());
            record.setMetrics(new LinkedHashMap<>(released.manifest().metrics()));
        }
        record.setEvaluationId(knownAt + ":" + record.getKind() + ":" + record.getHead() + ":" + record.getModel());
        return record;
    }

    public ModelRelease release(Finding.Released released) {
        Manifest manifest = released.manifest();
        return new ModelRelease(manifest.id(), manifest.parent(), manifest.schemaHash(), manifest.sha256(),
                manifest.activationEventTime(), manifest.createdAt(), released.isRollback(), new LinkedHashMap<>(manifest.metrics()));
    }

    private static Map<String, Double> metrics(Finding.Figures figures) {
        Prequential.Figures of = figures.figures();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("judged", (double) figures.judged());
        metrics.put("examples", (double) of.examples());
        metrics.put("positives", (double) of.positives());
        metrics.put("roc_auc", of.rocAuc());
        metrics.put("pr_auc", of.prAuc());
        metrics.put("log_loss", of.logLoss());
        metrics.put("brier", of.brier());
        metrics.put("calibration_error", of.calibrationError());
        metrics.put("precision", of.calls().precision());
        metrics.put("recall", of.calls().recall());
        metrics.put("f1", of.calls().f1());
        metrics.put("accuracy", of.calls().accuracy());
        metrics.values().removeIf(value -> value.isNaN());
        return metrics;
    }

    private static Map<String, Double> metrics(Finding.Gate gate) {
        Map<String, Double> metrics = new LinkedHashMap<>(gate.decision().comparison().metrics(gate.champion() == null ? "prior" : "champion"));
        metrics.values().removeIf(value -> value.isNaN());
        return metrics;
    }
}
