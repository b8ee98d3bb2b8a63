package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/**
 * A stranger in a shopper's account: a new device far away, 4 to 12 LOGIN_FAILED, LOGIN, then 1 to 4 dear orders of no
 * regard to the shopper's taste. The owner reports each ORDER 1 to 5 days later.
 */
final class Takeover extends Visit {
    private enum Stage { GUESS, ENTER, LOOK, ORDER, PAY }

    private Stage stage = Stage.GUESS;
    private int guesses;
    private int looks;
    private int orders;
    private int item;
    private int quantity;

    Takeover(Shop shop, Shopper shopper, long time) {
        super(shop, shopper, time);
        this.guesses = dice.between(4, 12);
        this.orders = dice.between(1, 4);
        this.looks = dice.between(1, 4);
        Place place = Place.ABROAD[dice.below(Place.ABROAD.length)];
        use(deviceId(dice.bits()), ip(185, dice.bits()), "web");
        moveTo(place.latitude() + 0.1 * dice.gaussian(), place.longitude() + 0.1 * dice.gaussian());
    }

    @Override
    BehaviorEvent step() {
        BehaviorEvent event;
        switch (stage) {
            case GUESS -> {
                event = event(EventType.LOGIN_FAILED);
                if (--guesses == 0) {
                    stage = Stage.ENTER;
                }
                pause(dice.uniform(1, 4));
            }
            case ENTER -> {
                event = event(EventType.LOGIN);
                stage = Stage.LOOK;
                pause(dice.uniform(2, 10));
            }
            case LOOK -> {
                item = shop.catalog.drawDear(dice);
                event = event(EventType.VIEW, item);
                if (--looks <= 0) {
                    stage = Stage.ORDER;
                }
                pause(dice.uniform(3, 15));
            }
            case ORDER -> {
                quantity = dice.between(1, 3);
                String id = nextEventId();
                event = event(EventType.ORDER, item, quantity * shop.price(item, time()), quantity);
                long knownAt = time() + (long) (dice.uniform(1, 5) * Calendar.DAY);
                shop.outcomes.add(OutcomeLabels.FRAUD, shopper.id, id, knownAt);
                stage = Stage.PAY;
                pause(dice.uniform(3, 10));
            }
            case PAY -> {
                EventType type = dice.chance(0.75) ? EventType.PAYMENT : EventType.PAYMENT_FAILED;
                event = event(type, item, quantity * shop.price(item, time()), quantity);
                stage = Stage.LOOK;
                looks = 1;
                if (--orders == 0) {
                    end();
                }
                pause(dice.uniform(5, 20));
            }
            default -> throw new IllegalStateException(stage.name());
        }
        return event;
    }
}
