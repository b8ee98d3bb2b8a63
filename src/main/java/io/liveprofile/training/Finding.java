package io.liveprofile.training;

import io.liveprofile.model.Manifest;
import io.liveprofile.model.ReleaseGate.Decision;

/** What the trainer found out or did. */
public sealed interface Finding {

    /**
     * How good a model was of late, each example judged before it was learned.
     *
     * @param model what the figures are of: {@code challenger} or {@code champion}
     * @param judged examples of the head since the beginning
     */
    record Figures(String head, String model, long judged, Prequential.Figures figures) implements Finding {}

    /**
     * The mean of something changed by more than chance explains.
     *
     * @param signal such as {@code purchase_24h.score}, {@code input.views_1h.mean} or {@code input.views_1h.missing_share}
     * @param detector {@code adwin} or {@code page-hinkley}
     */
    record Drift(String signal, String detector, long judged) implements Finding {}

    /**
     * A try of the gate.
     *
     * @param isRollback whether it was the predecessor that tried to come back
     * @param champion release that serves; null = none yet, and the baseline is the share of positives so far
     */
    record Gate(boolean isRollback, String champion, Decision decision) implements Finding {}

    /** A model that serves from its activation on. */
    record Released(Manifest manifest, boolean isRollback) implements Finding {}
}
