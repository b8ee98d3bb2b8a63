package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/**
 * What follows a paid order in days: an INQUIRY, a REVIEW, a REFUND, each at most once and each at its own chance.
 * Somebody who abuses refunds asks back three orders in four, and each such REFUND is confirmed as fraud 3 to 14 days
 * later.
 */
final class Aftermath {
    private static final String[] QUESTIONS = {
        "Where is my order?", "Can I change the delivery address?", "The parcel has not arrived yet.",
        "How do I return this?", "Please send the invoice."
    };
    private static final String[][] VERDICTS = {
        {"Broke after two days.", "Not as described.", "Would not buy again."},
        {"Disappointing for the price.", "Fits badly.", "Came late and scratched."},
        {"It is all right.", "Does what it should.", "Average quality."},
        {"Good value.", "Nice, would buy again.", "Works well so far."},
        {"Love it!", "Better than expected.", "Perfect, thank you."},
    };

    private final Shop shop;

    Aftermath(Shop shop) {
        this.shop = shop;
    }

    /** Schedules what follows an order that was paid now. */
    void of(Visit visit, int item, long amount, double worth) {
        Dice dice = visit.dice;
        boolean abuser = visit.shopper.persona == Persona.REFUND_ABUSER;
        int stars = (int) Math.max(1, Math.min(5, Math.round(3.4 + 0.6 * worth + 0.9 * dice.gaussian())));
        if (dice.chance(abuser ? 0.5 : 0.06)) {
            long at = after(visit, dice.uniform(0.5, 4));
            String text = QUESTIONS[dice.below(QUESTIONS.length)];
            add(visit.later("Q", at, EventType.INQUIRY, item, null, null, text));
        }
        if (dice.chance(abuser ? 0.03 : 0.18)) {
            long at = after(visit, dice.uniform(3, 10));
            String text = VERDICTS[stars - 1][dice.below(3)];
            add(visit.later("R", at, EventType.REVIEW, item, null, (double) stars, text));
        }
        double refund = abuser ? 0.75 : stars <= 2 ? 0.25 : 0.03;
        if (dice.chance(refund)) {
            long at = after(visit, dice.uniform(4, 18));
            BehaviorEvent event = visit.later("F", at, EventType.REFUND, item, amount, null, null);
            add(event);
            if (abuser) {
                long knownAt = at + (long) (dice.uniform(3, 14) * Calendar.DAY);
                shop.outcomes.add(OutcomeLabels.FRAUD, visit.shopper.id, event.getEventId(), knownAt);
            }
        }
    }

    private void add(BehaviorEvent event) {
        shop.followUps.add(event.getEventTime(), event);
    }

    private static long after(Visit visit, double days) {
        return visit.time() + (long) (days * Calendar.DAY);
    }
}
