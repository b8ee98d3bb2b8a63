package io.liveprofile.simulation;

/**
 * Shares of users with a fraudulent part; the rest are honest. Which users they are follows from the seed.
 *
 * @param bots share of accounts driven by crawlers, 0 to 1
 * @param takenOver share of honest accounts that strangers break into now and then, 0 to 1
 * @param cardTesters share of accounts used to try stolen cards, 0 to 1
 * @param refundAbusers share of shoppers who have most of what they buy refunded, 0 to 1
 */
public record FraudMix(double bots, double takenOver, double cardTesters, double refundAbusers) {

    public FraudMix {
        requireShare("fraud.bots", bots);
        requireShare("fraud.takenOver", takenOver);
        requireShare("fraud.cardTesters", cardTesters);
        requireShare("fraud.refundAbusers", refundAbusers);
        double sum = bots + takenOver + cardTesters + refundAbusers;
        if (sum > 1) {
            throw new IllegalArgumentException("fraud: the shares add up to " + sum + ", allowed: at most 1");
        }
    }

    /** 0.5 % bots, 1 % taken over, 0.5 % card testers, 1 % refund abusers. */
    public static FraudMix defaults() {
        return new FraudMix(0.005, 0.01, 0.005, 0.01);
    }

    /** Honest shoppers only. */
    public static FraudMix none() {
        return new FraudMix(0, 0, 0, 0);
    }

    private static void requireShare(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(key + ": " + value + ", allowed: 0 to 1");
        }
    }
}
