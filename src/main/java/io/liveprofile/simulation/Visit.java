package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.List;
import java.util.Map;

/**
 * One session of one user, played event by event. Event ids are USER.VISIT.NUMBER in base 36, so they are unique in a
 * stream. Times never go back within a visit. Not thread-safe.
 */
abstract class Visit {
    static final String CURRENCY = "EUR";

    private static final String[] CHANNELS = {"web", "web", "app", "app", "search", "email", "ads", "social"};

    final Shop shop;
    final Shopper shopper;
    final Dice dice;
    final String idPrefix;
    private final String sessionId;
    private String deviceId;
    private String ip;
    private String channel;
    private Double latitude;
    private Double longitude;
    private long time;
    private int number;
    private boolean over;

    /** A visit from home, by one of the user's own devices. */
    Visit(Shop shop, Shopper shopper, long time) {
        this.shop = shop;
        this.shopper = shopper;
        this.time = time;
        int user = shopper.user;
        int visit = shop.memory.beginVisit(user);
        long seed = shop.config.seed();
        this.dice = new Dice(Dice.hash(seed, user, visit));
        this.idPrefix = Integer.toString(user, 36) + '.' + Integer.toString(visit, 36) + '.';
        this.sessionId = idPrefix + 's';
        long device = Dice.hash(seed, user, ~(long) dice.below(shopper.devices));
        this.deviceId = deviceId(device);
        // Seven visits in ten come from home, the rest from a mobile network's pool.
        this.ip = dice.chance(0.7) ? ip(81, device) : ip(109, dice.bits());
        this.latitude = shopper.latitude + 0.01 * dice.gaussian();
        this.longitude = shopper.longitude + 0.015 * dice.gaussian();
        this.channel = CHANNELS[dice.below(CHANNELS.length)];
        if (shop.calendar.campaignAt(time) != null && dice.chance(0.4)) {
            this.channel = dice.chance(0.6) ? "email" : "ads";
        }
    }

    /** The event due at {@link #time}; moves on to the next one or ends the visit. */
    abstract BehaviorEvent step();

    /** Event time of the next event, ms UTC. */
    final long time() {
        return time;
    }

    final boolean isOver() {
        return over;
    }

    final void end() {
        over = true;
    }

    /** Puts the next event so many seconds later, at least 1 ms. */
    final void pause(double seconds) {
        time += Math.max(1, (long) (seconds * 1000));
    }

    /** Id of the event that {@link #event} makes next. */
    final String nextEventId() {
        return idPrefix + Integer.toString(number, 36);
    }

    final void use(String device, String address, String via) {
        deviceId = device;
        ip = address;
        channel = via;
    }

    final void moveTo(double lat, double lon) {
        latitude = lat;
        longitude = lon;
    }

    final BehaviorEvent event(EventType type) {
        return make(nextId(), time, type, ShopperMemory.NONE, null, null, null, null);
    }

    final BehaviorEvent event(EventType type, String text) {
        return make(nextId(), time, type, ShopperMemory.NONE, null, null, null, text);
    }

    /** An event about an item at the price now seen. */
    final BehaviorEvent event(EventType type, int item) {
        return make(nextId(), time, type, item, shop.price(item, time), null, null, null);
    }

    /** An event about money; the item may be {@link ShopperMemory#NONE}. */
    final BehaviorEvent event(EventType type, int item, long amount, int quantity) {
        return make(nextId(), time, type, item, amount, quantity, null, null);
    }

    /**
     * An event of this visit's user and device days later.
     *
     * @param idSuffix a capital letter, one for each such event of a visit: the numbers of a visit have small ones
     */
    final BehaviorEvent later(String idSuffix, long at, EventType type, int item, Long amount, Double rating, String text) {
        return make(idPrefix + idSuffix, at, type, item, amount, null, rating, text);
    }

    static String deviceId(long key) {
        return "d" + Long.toString(key >>> 20, 36);
    }

    static String ip(int network, long key) {
        return network + "." + (key & 255) + "." + (key >>> 8 & 255) + "." + (1 + (key >>> 16 & 255) % 254);
    }

    private String nextId() {
        String id = nextEventId();
        number++;
        return id;
    }

    private BehaviorEvent make(
            String id, long at, EventType type, int item, Long amount, Integer quantity, Double rating, String text) {
        Catalog catalog = shop.catalog;
        boolean isItem = item != ShopperMemory.NONE;
        Campaign campaign = shop.calendar.campaignAt(at);
        return new BehaviorEvent(
                id,
                shopper.id,
                at,
                type,
                isItem ? catalog.itemId(item) : null,
                isItem ? catalog.categoryId(catalog.categoryOf(item)) : null,
                isItem ? catalog.brandId(catalog.brandOf(item)) : null,
                amount,
                amount == null ? null : CURRENCY,
                quantity,
                sessionId,
                deviceId,
                ip,
                latitude,
                longitude,
                channel,
                rating,
                text,
                List.of(),
                campaign == null ? Map.of() : campaign.attributes());
    }
}
