package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;

/**
 * A shopper's session. A purchase needs a plan (a category), enough looking with care, something worth its price to this
 * shopper at what is left of the budget, and a moment fit for checking out. Without a plan people browse by taste. Who
 * has looked for long without finding anything gives up; who looks in haste or half asleep learns little.
 */
final class ShoppingVisit extends Visit {
    private enum Stage { RETRY_LOGIN, LOGIN, SEARCH, VIEW, CLICK, FAVORITE, CART_ADD, CART_REMOVE, ORDER, PAY, PAY_AGAIN }

    private enum Attention {
        SKIMMING(4, 0.1, 1.6), FOCUSED(28, 1.0, 1.0), DISTRACTED(110, 0.15, 0.7);

        final double medianPause;
        /** How much of a view is taken in. */
        final double care;
        final double length;

        Attention(double medianPause, double care, double length) {
            this.medianPause = medianPause;
            this.care = care;
            this.length = length;
        }
    }

    private static final double WORTH_BUYING = 0.6;
    private static final double GIVE_UP = 2.0;
    private static final int PATIENCE = 3;

    private final ShopperMemory memory;
    private final Catalog catalog;
    private final int user;
    private final Attention attention;
    private final boolean follows;
    private final int length;
    private final double means;
    private Stage stage;
    private int looks;
    private int item = ShopperMemory.NONE;
    private double worth;
    private boolean decided;
    private int quantity;
    private long amount;

    ShoppingVisit(Shop shop, Shopper shopper, long time) {
        super(shop, shopper, time);
        this.memory = shop.memory;
        this.catalog = shop.catalog;
        this.user = shopper.user;
        double a = dice.uniform();
        this.attention = a < shopper.haste
                ? Attention.SKIMMING
                : a < shopper.haste + 0.15 ? Attention.DISTRACTED : Attention.FOCUSED;
        // Recent spending leaves less: half the means after about four median purchases.
        this.means = shopper.budget / (1 + memory.spent(user, time) / (4 * shopper.budget));
        this.follows = followsPlan(time);
        double mean = (follows ? 14 : 9) * attention.length;
        this.length = 1 + (int) Math.min(120, dice.exponential(mean));
        this.stage = dice.chance(shopper.loginShare)
                ? dice.chance(0.06) ? Stage.RETRY_LOGIN : Stage.LOGIN
                : firstLook();
    }

    @Override
    BehaviorEvent step() {
        return switch (stage) {
            case RETRY_LOGIN -> next(event(EventType.LOGIN_FAILED), Stage.LOGIN, dice.uniform(3, 20));
            case LOGIN -> next(event(EventType.LOGIN), firstLook(), dice.uniform(2, 15));
            case SEARCH -> next(event(EventType.SEARCH, query()), Stage.VIEW, dice.logNormal(8, 0.6));
            case VIEW -> view();
            case CLICK, FAVORITE -> {
                EventType type = stage == Stage.CLICK ? EventType.CLICK : EventType.FAVORITE;
                yield next(event(type, item), decide(), dwell() * 0.5);
            }
            case CART_ADD -> {
                memory.fillCart(user, item);
                yield next(event(EventType.CART_ADD, item), decide(), dwell());
            }
            case CART_REMOVE -> {
                memory.endPlan(user);
                yield next(event(EventType.CART_REMOVE, item), looks < length ? Stage.VIEW : null, dwell());
            }
            case ORDER -> {
                quantity = dice.chance(0.85) ? 1 : dice.between(2, 3);
                amount = quantity * shop.price(item, time());
                yield next(event(EventType.ORDER, item, amount, quantity), Stage.PAY, dice.logNormal(15, 0.7));
            }
            case PAY, PAY_AGAIN -> pay();
        };
    }

    private boolean followsPlan(long time) {
        if (memory.plan(user) != ShopperMemory.NONE) {
            return dice.chance(0.85);
        }
        Campaign campaign = shop.calendar.campaignAt(time);
        double want = shopper.wantRate * (shopper.persona == Persona.REFUND_ABUSER ? 2 : 1);
        // Who has just spent much wants less.
        want *= 1 / (1 + 0.5 * memory.spent(user, time));
        int category = favouriteCategory(5);
        if (campaign != null && campaign.covers(category)) {
            want *= 2;
        }
        if (!dice.chance(want)) {
            return false;
        }
        memory.beginPlan(user, category);
        return true;
    }

    /** The best of a few categories met by popularity. */
    private int favouriteCategory(int met) {
        int best = 0;
        double bestFit = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < met; i++) {
            int category = catalog.drawCategory(dice);
            double fit = catalog.fit(shopper.taste, catalog.drawItem(category, dice)) + 0.5 * dice.gaussian();
            if (fit > bestFit) {
                best = category;
                bestFit = fit;
            }
        }
        return best;
    }

    private Stage firstLook() {
        return dice.chance(follows ? 0.55 : 0.25) ? Stage.SEARCH : Stage.VIEW;
    }

    private String query() {
        int category = follows && hasPlan() ? memory.plan(user) : favouriteCategory(2);
        if (item != ShopperMemory.NONE && dice.chance(0.2)) {
            return catalog.words(category) + " " + catalog.brandId(catalog.brandOf(item));
        }
        return catalog.words(category);
    }

    private BehaviorEvent view() {
        looks++;
        boolean forPlan = follows && hasPlan() && dice.chance(0.9);
        boolean again = forPlan && looks == 1 && memory.cart(user) != ShopperMemory.NONE;
        item = again ? memory.cart(user) : pick(forPlan ? memory.plan(user) : ShopperMemory.NONE);
        worth = shopper.worth(catalog, item, shop.price(item, time()), means);
        if (forPlan) {
            memory.explore(user, attention.care, item, worth);
        }
        Stage then = worth > -0.5 && dice.chance(0.3)
                ? Stage.CLICK
                : worth > 1.2 && dice.chance(0.08) ? Stage.FAVORITE : decide();
        return next(event(EventType.VIEW, item), then, dwell());
    }

    /** The most appealing of a few items; out-of-reach prices put off all but those who like to dream. */
    private int pick(int category) {
        int best = 0;
        double bestAppeal = Double.NEGATIVE_INFINITY;
        double looked = means * (1 + 2 * shopper.aspiration);
        for (int i = 0; i < 3; i++) {
            int ofCategory = category != ShopperMemory.NONE ? category : catalog.drawCategory(dice);
            int candidate = catalog.drawItem(ofCategory, dice);
            double appeal = shopper.worth(catalog, candidate, catalog.priceOf(candidate), looked) + dice.gaussian();
            if (appeal > bestAppeal) {
                best = candidate;
                bestAppeal = appeal;
            }
        }
        return best;
    }

    /** What comes after an event with an item: null = leave. */
    private Stage decide() {
        boolean full = memory.cart(user) != ShopperMemory.NONE;
        if (follows && hasPlan()) {
            double explored = memory.explored(user);
            boolean ready = explored >= shopper.thoroughness && memory.favouriteWorth(user) > WORTH_BUYING;
            if (!full && ready && dice.chance(0.5)) {
                item = memory.favourite(user);
                return Stage.CART_ADD;
            }
            if (full && !decided && looks >= Math.min(3, length)) {
                decided = true;
                item = memory.cart(user);
                if (checksOut()) {
                    return Stage.ORDER;
                }
                memory.hesitate(user);
                if (memory.hesitations(user) > PATIENCE) {
                    return Stage.CART_REMOVE;
                }
            }
            if (!full && explored > GIVE_UP * shopper.thoroughness) {
                memory.endPlan(user);
            }
        } else if (!full && item != ShopperMemory.NONE && stage == Stage.CLICK && dice.chance(0.02)) {
            // Put aside without a plan: it becomes one if the shopper comes back to it.
            memory.beginPlan(user, catalog.categoryOf(item));
            return Stage.CART_ADD;
        }
        if (looks < length) {
            return dice.chance(0.06) ? Stage.SEARCH : Stage.VIEW;
        }
        return null;
    }

    private boolean checksOut() {
        int inCart = memory.cart(user);
        double now = shopper.worth(catalog, inCart, shop.price(inCart, time()), means);
        // Rises with worth, and falls steeply below the bar, where a price is out of reach.
        double keen = now <= 0 ? 0.02 : Math.min(1, 0.1 + 0.5 * now);
        double moment = shop.calendar.checkoutReadiness(time(), shopper.clockOffset);
        double doubt = 1 / (1 + 0.6 * memory.hesitations(user));
        double mind = attention == Attention.FOCUSED ? 1 : 0.15;
        return dice.chance(Math.min(0.95, 0.75 * keen * moment * doubt * mind));
    }

    private BehaviorEvent pay() {
        boolean accepted = dice.chance(stage == Stage.PAY ? 0.95 : 0.8);
        EventType type = accepted ? EventType.PAYMENT : EventType.PAYMENT_FAILED;
        BehaviorEvent payment = event(type, item, amount, quantity);
        if (accepted) {
            double share = amount / catalog.basePriceOf(catalog.categoryOf(item));
            memory.spend(user, time(), share);
            shop.aftermath.of(this, item, amount, worth(item));
        }
        boolean retries = !accepted && stage == Stage.PAY;
        if (!retries) {
            memory.endPlan(user);
        }
        Stage then = retries ? Stage.PAY_AGAIN : dice.chance(0.25) ? Stage.VIEW : null;
        return next(payment, then, dice.logNormal(20, 0.6));
    }

    private double worth(int bought) {
        return shopper.worth(catalog, bought, shop.price(bought, time()), means);
    }

    private boolean hasPlan() {
        return memory.plan(user) != ShopperMemory.NONE;
    }

    private double dwell() {
        return dice.logNormal(attention.medianPause, 0.7);
    }

    private BehaviorEvent next(BehaviorEvent event, Stage then, double seconds) {
        stage = then;
        pause(seconds);
        if (then == null) {
            end();
            comeBack();
        }
        return event;
    }

    /** An unfinished plan brings half of the shoppers back, most within a day. */
    private void comeBack() {
        if (hasPlan() && dice.chance(memory.cart(user) == ShopperMemory.NONE ? 0.45 : 0.6)) {
            long gap = (long) (Calendar.HOUR * dice.logNormal(9, 0.9));
            shop.schedule.add(shop.calendar.awake(time() + gap, shopper.clockOffset), user, true);
        }
    }
}
