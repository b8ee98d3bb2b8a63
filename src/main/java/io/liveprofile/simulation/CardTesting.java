package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/**
 * Stolen cards tried one after the other: 10 to 40 small PAYMENT_FAILED, with a small PAYMENT wherever a card works and
 * one at the end. Accounts of a ring of about four share a device. Every PAYMENT is charged back 3 to 13 days later and
 * confirmed as fraud within the day after.
 */
final class CardTesting extends Visit {
    private static final int ACCOUNTS_A_RING = 4;

    private int cards;
    private final int item;

    CardTesting(Shop shop, Shopper shopper, long time) {
        super(shop, shopper, time);
        this.cards = dice.between(10, 40);
        this.item = shop.catalog.drawItem(shop.catalog.drawCategory(dice), dice);
        long rings = Math.max(1, Math.round(shop.config.users() * shop.config.fraud().cardTesters() / ACCOUNTS_A_RING));
        long ring = Long.remainderUnsigned(Dice.hash(shop.config.seed(), shopper.user, 0x5249_4E47L), rings);
        long key = Dice.hash(shop.config.seed(), ring, 0x4445_56L);
        use(deviceId(key), ip(91, key), "web");
    }

    @Override
    BehaviorEvent step() {
        cards--;
        boolean accepted = cards == 0 || dice.chance(0.03);
        String id = nextEventId();
        EventType type = accepted ? EventType.PAYMENT : EventType.PAYMENT_FAILED;
        BehaviorEvent payment = event(type, item, dice.between(50, 300), 1);
        if (accepted) {
            long chargedBackAt = time() + (long) (dice.uniform(3, 13) * Calendar.DAY);
            long confirmedAt = chargedBackAt + (long) (dice.uniform(0.05, 1) * Calendar.DAY);
            shop.outcomes.add(OutcomeLabels.CHARGEBACK, shopper.id, id, chargedBackAt);
            shop.outcomes.add(OutcomeLabels.FRAUD, shopper.id, id, confirmedAt);
        }
        pause(dice.logNormal(6, 0.5));
        if (cards == 0) {
            end();
        }
        return payment;
    }
}
