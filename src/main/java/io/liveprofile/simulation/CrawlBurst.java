package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/** A bot's VIEWs, 15 to 40 a second for 60 to 150 s, item after item; confirmed as fraud 1 to 3 days later. */
final class CrawlBurst extends Visit {
    /** Mean length of a burst. */
    static final double MEAN_EVENTS = 27.5 * 105;

    private final double meanPause;
    private final long until;
    private int item;

    CrawlBurst(Shop shop, Shopper shopper, long time) {
        super(shop, shopper, time);
        this.meanPause = 1 / dice.uniform(15, 40);
        this.until = time + dice.between(60_000, 150_000);
        this.item = dice.below(shop.config.items());
        use(deviceId(dice.bits()), ip(45, dice.bits()), "web");
    }

    @Override
    BehaviorEvent step() {
        String id = nextEventId();
        BehaviorEvent view = event(EventType.VIEW, item);
        item = (item + 1) % shop.config.items();
        pause(meanPause * dice.uniform(0.5, 1.5));
        if (time() > until) {
            long knownAt = view.getEventTime() + (long) (dice.uniform(1, 3) * Calendar.DAY);
            shop.outcomes.add(OutcomeLabels.FRAUD, shopper.id, id, knownAt);
            end();
        }
        return view;
    }
}
