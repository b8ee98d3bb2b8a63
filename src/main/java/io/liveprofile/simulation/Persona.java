package io.liveprofile.simulation;

/** What a simulated account is really used for. Never written into an event: only outcomes tell. */
public enum Persona {
    /** Shops, and nobody else uses the account. */
    SHOPPER,
    /** Views dozens of items a second for minutes, then is silent for days. */
    BOT,
    /** Shops; now and then a stranger breaks in and orders. */
    TAKEN_OVER,
    /** Tries stolen cards with small payments; shops a little as a cover. */
    CARD_TESTER,
    /** Shops, and has most orders refunded. */
    REFUND_ABUSER;

    private static final long SALT = 0x5045_5253L;

    /** The persona of a user: a function of seed, user number and the mix alone. */
    static Persona of(SimulationConfig config, int user) {
        FraudMix mix = config.fraud();
        double u = Dice.uniform(Dice.hash(config.seed(), user, SALT));
        if ((u -= mix.bots()) < 0) {
            return BOT;
        }
        if ((u -= mix.takenOver()) < 0) {
            return TAKEN_OVER;
        }
        if ((u -= mix.cardTesters()) < 0) {
            return CARD_TESTER;
        }
        return u - mix.refundAbusers() < 0 ? REFUND_ABUSER : SHOPPER;
    }
}
