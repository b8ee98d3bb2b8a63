package io.liveprofile.training;

/**
 * Weights that make learning from early negatives unbiased. A vector is learned as negative before its horizon is over; if it
 * turns out positive later it is learned again, as positive. So negatives are too many, and some positives stand among them.
 * The cure is importance sampling of the observed distribution (Ktena et al., "Addressing Delayed Feedback for Continuous
 * Training with Neural Networks in CTR prediction", RecSys 2019, sec. 3.2.4, fake negative weighted loss), here with a
 * waiting time (Yang et al., "Capturing Delayed Feedback in Conversion Rate Prediction via Elapsed-Time Sampling", AAAI 2021,
 * eq. 7 to 9), which needs the chance that a positive comes late.
 *
 * <p>With p the probability that the vector is positive and s the share of positives that come after the waiting time, the
 * observed distribution has p positives to 1 − p + p s negatives of a mass of 1 + p s. The weights are the true over the
 * observed probability, times that mass:
 *
 * <pre>
 * positive: 1 + p s             negative: (1 + p s) (1 − p) / (1 − p + p s)
 * </pre>
 *
 * <p>s = 0: both 1. s = 1: (1 + p) and (1 + p)(1 − p), the fake negative weights. p is the model's own and is taken as a
 * constant where the loss is derived.
 */
public final class DelayedFeedback {
    private DelayedFeedback() {}

    /**
     * @param probability that the vector is positive, 0 to 1
     * @param lateShare share of positives that come after the waiting time, 0 to 1
     */
    public static double weight(boolean isPositive, double probability, double lateShare) {
        double late = probability * lateShare;
        double mass = 1 + late;
        double negatives = 1 - probability + late;
        return isPositive || negatives == 0 ? mass : mass * (1 - probability) / negatives;
    }
}
