package io.liveprofile.simulation;

/** Labels of the simulated outcomes. Each has value 1.0 and names the event it is about; 0.0 is never sent. */
public final class OutcomeLabels {

    /**
     * Confirmed fraud, in days after the event: last VIEW of a bot's burst 1 to 3; ORDER by a stranger in a taken-over
     * account 1 to 5; PAYMENT with a stolen card 3 to 14; REFUND to an abuser 3 to 14.
     */
    public static final String FRAUD = "fraud";

    /** The card's owner took the money of a PAYMENT back: 3 to 13 days after it, and before the confirmed fraud. */
    public static final String CHARGEBACK = "chargeback";

    private OutcomeLabels() {}
}
