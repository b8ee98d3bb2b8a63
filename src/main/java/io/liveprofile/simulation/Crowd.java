package io.liveprofile.simulation;

/**
 * Who visits how often. Activity is Zipf-Mandelbrot: user k visits in proportion to 1 / (k + users / 100), so that the
 * busiest hundredth makes 15 % of the visits and the busiest of 10,000 shoppers one in 460. Bots do not shop: they burst so
 * that each per cent of bots adds 16 % of the events, at most 30 %.
 */
final class Crowd {
    private static final double OFFSET_SHARE = 0.01;
    private static final double BOT_EVENTS_A_BOT = 16;
    private static final double MOST_BOT_EVENTS = 0.3;

    private final Shop shop;
    private final Pace pace;
    private final double totalWeight;
    private final double meanBurstGap;

    Crowd(Shop shop) {
        this.shop = shop;
        SimulationConfig config = shop.config;
        double weight = 0;
        int bots = 0;
        for (int user = 0; user < config.users(); user++) {
            if (Persona.of(config, user) == Persona.BOT) {
                bots++;
            } else {
                weight += weight(user);
            }
        }
        this.totalWeight = weight;
        double botShare = bots == config.users()
                ? 1
                : Math.min(MOST_BOT_EVENTS, BOT_EVENTS_A_BOT * bots / config.users());
        this.pace = new Pace(config.eventsPerSecond() * (1 - botShare));
        this.meanBurstGap = bots * CrawlBurst.MEAN_EVENTS / (botShare * config.eventsPerSecond() / 1000);
        for (int user = 0; user < config.users(); user++) {
            scheduleNext(user, Persona.of(config, user) == Persona.BOT, config.startMillis());
        }
    }

    /** Opens the first visit of the schedule and schedules the user's next regular one. */
    Visit openFirst() {
        VisitSchedule schedule = shop.schedule;
        long time = schedule.firstTime();
        int user = schedule.firstUser();
        boolean isReturn = schedule.isFirstReturn();
        schedule.removeFirst();
        Shopper shopper = new Shopper(shop.config, user, time);
        Visit visit = open(shopper, time, isReturn);
        boolean isBot = shopper.persona == Persona.BOT;
        if (!isReturn) {
            scheduleNext(user, isBot, time);
            if (!isBot) {
                pace.countVisit();
            }
        }
        return visit;
    }

    /** Counts an event of a shopper, not of a bot. */
    void countEvent() {
        pace.countEvent();
    }

    private Visit open(Shopper shopper, long time, boolean isReturn) {
        double u = Dice.uniform(Dice.hash(shop.config.seed() + 1, shopper.user, shop.memory.visits(shopper.user)));
        return switch (shopper.persona) {
            case BOT -> new CrawlBurst(shop, shopper, time);
            case TAKEN_OVER -> !isReturn && u < 0.05
                    ? new Takeover(shop, shopper, time)
                    : new ShoppingVisit(shop, shopper, time);
            case CARD_TESTER -> !isReturn && u < 0.3
                    ? new CardTesting(shop, shopper, time)
                    : new ShoppingVisit(shop, shopper, time);
            case SHOPPER, REFUND_ABUSER -> new ShoppingVisit(shop, shopper, time);
        };
    }

    private void scheduleNext(int user, boolean isBot, long now) {
        Dice dice = new Dice(Dice.hash(shop.config.seed() + 2, user, shop.memory.visits(user)));
        if (isBot) {
            shop.schedule.add(now + 1 + (long) dice.exponential(meanBurstGap), user, false);
            return;
        }
        Calendar calendar = shop.calendar;
        double peak = calendar.peak();
        double meanGap = totalWeight / (weight(user) * pace.visitsPerMilli() * peak);
        long clockOffset = Shopper.clockOffset(shop.config.seed(), user);
        // Thinning (Lewis, Shedler 1979): candidates at the peak rate, kept at the ratio of the rate then to the peak.
        double time = now;
        do {
            time += dice.exponential(meanGap);
        } while (time - now < 400.0 * Calendar.DAY
                && dice.uniform() * peak > calendar.activity((long) time, clockOffset));
        shop.schedule.add((long) time + 1, user, false);
    }

    private double weight(int user) {
        return 1 / (user + 1 + OFFSET_SHARE * shop.config.users());
    }
}
