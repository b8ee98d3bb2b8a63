package io.liveprofile.training;

import io.liveprofile.event.EventType;
import io.liveprofile.event.ExampleLabel;
import io.liveprofile.event.LabelCertainty;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Examples and predictions as the records of the topics and back, heads by name. */
public final class ExampleRecords {
    private final LabelPlan plan;

    public ExampleRecords(LabelPlan plan) {
        this.plan = plan;
    }

    /** A vector from scored-features, as the label join takes it. */
    public Prediction prediction(ScoredFeatures scored) {
        return new Prediction(scored.getPredictionId(), scored.getEventId(), scored.getEventType(), scored.getAsOf(),
                scored.getSchemaHash(), floats(scored.getVector()), byHead(scored.getScores()), scored.getReleaseId());
    }

    /** @param example whose labels became known at one time */
    public TrainingExample record(String userId, LabeledExample example) {
        Prediction prediction = example.prediction();
        long knownAt = example.labels().get(0).knownAt();
        List<ExampleLabel> labels = new ArrayList<>();
        for (HeadLabel label : example.labels()) {
            labels.add(new ExampleLabel(plan.labels().get(label.head()).head(), label.isPositive(),
                    LabelCertainty.valueOf(label.certainty().name()), label.keptShare()));
        }
        Map<String, Double> scores = new HashMap<>();
        for (int head = 0; head < prediction.scores().length; head++) {
            if (!Float.isNaN(prediction.scores()[head])) {
                scores.put(plan.labels().get(head).head(), (double) prediction.scores()[head]);
            }
        }
        List<Float> vector = new ArrayList<>(prediction.vector().length);
        for (float value : prediction.vector()) {
            vector.add(value);
        }
        return new TrainingExample(prediction.id() + "@" + knownAt, prediction.id(), userId, prediction.eventId(),
                prediction.type(), prediction.asOf(), prediction.schemaHash(), vector, scores, prediction.releaseId(), knownAt,
                labels);
    }

    /** The example again; labels of heads that the model no longer has are left out. */
    public LabeledExample example(TrainingExample record) {
        List<HeadLabel> labels = new ArrayList<>();
        for (ExampleLabel label : record.getLabels()) {
            int head = plan.headOf(label.getHead());
            if (head >= 0) {
                labels.add(new HeadLabel(head, label.getPositive(), Certainty.valueOf(label.getCertainty().name()),
                        label.getKeptShare(), record.getKnownAt()));
            }
        }
        EventType type = record.getEventType();
        return new LabeledExample(
                new Prediction(record.getPredictionId(), record.getEventId(), type, record.getAsOf(), record.getSchemaHash(),
                        floats(record.getVector()), byHead(record.getScores()), record.getReleaseId()),
                labels);
    }

    private float[] byHead(Map<String, Double> scores) {
        float[] byHead = plan.unknown();
        scores.forEach((name, score) -> {
            int head = plan.headOf(name);
            if (head >= 0) {
                byHead[head] = score.floatValue();
            }
        });
        return byHead;
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
