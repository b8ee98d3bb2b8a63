package io.liveprofile.simulation;

import java.util.Map;

/**
 * How busy a shop is at a time: hours of the day, days of the week, campaign days. The mean of {@link #activity} over
 * any 14-day campaign cycle is 1. Every cycle holds one campaign of two days. Not thread-safe.
 */
final class Calendar {
    static final long HOUR = 3_600_000L;
    static final long DAY = 24 * HOUR;

    private static final int CYCLE_DAYS = 14;
    private static final int CAMPAIGN_DAYS = 2;
    private static final double CAMPAIGN_RUSH = 1.6;
    private static final double[] HOURS = {
        0.25, 0.15, 0.10, 0.08, 0.10, 0.20, 0.45, 0.80, 1.00, 1.10, 1.15, 1.20,
        1.30, 1.20, 1.10, 1.10, 1.15, 1.30, 1.50, 1.80, 2.00, 1.90, 1.40, 0.70
    };
    /** From Monday. */
    private static final double[] WEEKDAYS = {0.95, 0.92, 0.93, 0.95, 1.00, 1.15, 1.20};
    /** How ready people are to check out, by hour: evenings over working hours over the night. */
    private static final double[] READINESS = {
        0.5, 0.4, 0.4, 0.4, 0.4, 0.5, 0.6, 0.7, 0.7, 0.7, 0.7, 0.8,
        1.1, 1.0, 0.7, 0.7, 0.8, 0.9, 1.2, 1.4, 1.5, 1.4, 1.1, 0.7
    };

    private final long seed;
    private final double[] hours = normalised(HOURS);
    private final double[] weekdays = normalised(WEEKDAYS);
    private final double quiet;
    private final double peak;
    private long cachedDay = Long.MIN_VALUE;
    private Campaign cachedCampaign;

    Calendar(long seed) {
        this.seed = seed;
        this.quiet = CYCLE_DAYS / (CYCLE_DAYS - CAMPAIGN_DAYS + CAMPAIGN_DAYS * CAMPAIGN_RUSH);
        double hour = 0;
        for (double h : hours) {
            hour = Math.max(hour, h);
        }
        double weekday = 0;
        for (double w : weekdays) {
            weekday = Math.max(weekday, w);
        }
        this.peak = hour * weekday * quiet * CAMPAIGN_RUSH;
    }

    /** Relative rate of visits at a time for somebody whose clock is ahead of UTC by so many ms. */
    double activity(long time, long clockOffset) {
        long local = time + clockOffset;
        double rush = campaignAt(time) == null ? 1 : CAMPAIGN_RUSH;
        return quiet * rush * hours[hourOf(local)] * weekdays[(int) Math.floorMod(Math.floorDiv(local, DAY) + 3, 7L)];
    }

    /** Upper bound of {@link #activity}. */
    double peak() {
        return peak;
    }

    /** The time itself, or if that is between 1 and 7 in local time, as long after 7 as it was after 1. */
    long awake(long time, long clockOffset) {
        int hour = hourOf(time + clockOffset);
        return hour >= 1 && hour < 7 ? time + 6 * HOUR : time;
    }

    double checkoutReadiness(long time, long clockOffset) {
        return READINESS[hourOf(time + clockOffset)];
    }

    /** The campaign of the UTC day, or null. */
    Campaign campaignAt(long time) {
        long day = Math.floorDiv(time, DAY);
        if (day != cachedDay) {
            cachedDay = day;
            cachedCampaign = campaignOf(day);
        }
        return cachedCampaign;
    }

    private Campaign campaignOf(long day) {
        long cycle = Math.floorDiv(day, CYCLE_DAYS);
        Dice dice = new Dice(Dice.hash(seed, cycle, 0x4341_4D50L));
        long first = cycle * CYCLE_DAYS + 5 + dice.below(4);
        if (day < first || day >= first + CAMPAIGN_DAYS) {
            return null;
        }
        return new Campaign(dice.bits(), dice.uniform(0.15, 0.30), Map.of("campaign", "sale-" + cycle));
    }

    private static int hourOf(long local) {
        return (int) Math.floorMod(Math.floorDiv(local, HOUR), 24L);
    }

    private static double[] normalised(double[] weights) {
        double sum = 0;
        for (double w : weights) {
            sum += w;
        }
        double[] result = weights.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= result.length / sum;
        }
        return result;
    }
}
