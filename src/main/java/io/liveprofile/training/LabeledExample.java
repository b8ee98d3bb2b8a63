package io.liveprofile.training;

import java.util.List;

/**
 * A vector and what is now known of one or more of its heads.
 *
 * @param labels of the heads that were decided; of one head at most one
 */
public record LabeledExample(Prediction prediction, List<HeadLabel> labels) {

    /** How sure a label is, and so what it is for. */
    public enum Certainty {
        /** Known for good: learned, and judged by. */
        MATURED,
        /** Negative before its horizon is over: learned, judged by later. */
        EARLY_NEGATIVE,
        /** Positive after it was learned as an early negative: learned, and judged by. */
        LATE_POSITIVE,
        /** The horizon of an early negative is over and it is one: judged by, as it was learned already. */
        CONFIRMED_NEGATIVE;

        public boolean isLearned() {
            return this != CONFIRMED_NEGATIVE;
        }

        public boolean isJudged() {
            return this != EARLY_NEGATIVE;
        }
    }

    /**
     * @param head number of the head in the model
     * @param keptShare share of the vectors of such a label that become examples, above 0 to 1
     * @param knownAt event time at which it became known, ms UTC
     */
    public record HeadLabel(int head, boolean isPositive, Certainty certainty, double keptShare, long knownAt) {}
}
