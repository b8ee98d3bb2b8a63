package io.liveprofile.simulation;

import java.util.Arrays;

/**
 * What users carry from visit to visit: the plan they follow, what lies in the cart, what they spent lately. 31 bytes a
 * user. Not thread-safe.
 */
final class ShopperMemory {
    static final int NONE = -1;

    private static final double SPENDING_FADES_DAYS = 14;

    private final long startMillis;
    private final int[] visits;
    private final short[] plan;
    private final float[] explored;
    private final int[] favourite;
    private final float[] favouriteWorth;
    private final int[] cart;
    private final byte[] hesitations;
    private final float[] spent;
    private final int[] spentAtMinute;

    ShopperMemory(long startMillis, int users) {
        this.startMillis = startMillis;
        visits = new int[users];
        plan = new short[users];
        explored = new float[users];
        favourite = new int[users];
        favouriteWorth = new float[users];
        cart = new int[users];
        hesitations = new byte[users];
        spent = new float[users];
        spentAtMinute = new int[users];
        Arrays.fill(plan, (short) NONE);
        Arrays.fill(favourite, NONE);
        Arrays.fill(cart, NONE);
    }

    /** Number of the visit that begins now, from 0. */
    int beginVisit(int user) {
        return visits[user]++;
    }

    int visits(int user) {
        return visits[user];
    }

    /** Category the user means to buy from, or {@link #NONE}. */
    int plan(int user) {
        return plan[user];
    }

    void beginPlan(int user, int category) {
        plan[user] = (short) category;
        explored[user] = 0;
        favourite[user] = NONE;
        hesitations[user] = 0;
    }

    /** Ends the plan and empties the cart. */
    void endPlan(int user) {
        plan[user] = NONE;
        explored[user] = 0;
        favourite[user] = NONE;
        cart[user] = NONE;
        hesitations[user] = 0;
    }

    /** Items of the plan looked at with care. */
    double explored(int user) {
        return explored[user];
    }

    void explore(int user, double care, int item, double worth) {
        explored[user] += (float) care;
        if (favourite[user] == NONE || worth > favouriteWorth[user]) {
            favourite[user] = item;
            favouriteWorth[user] = (float) worth;
        }
    }

    int favourite(int user) {
        return favourite[user];
    }

    double favouriteWorth(int user) {
        return favourite[user] == NONE ? Double.NEGATIVE_INFINITY : favouriteWorth[user];
    }

    int cart(int user) {
        return cart[user];
    }

    void fillCart(int user, int item) {
        cart[user] = item;
    }

    /** How often the user stood before the full cart and left. */
    int hesitations(int user) {
        return hesitations[user];
    }

    void hesitate(int user) {
        hesitations[user] = (byte) Math.min(100, hesitations[user] + 1);
    }

    /** Recent spending in multiples of median prices; fades by half in ten days. */
    double spent(int user, long time) {
        double days = (minute(time) - spentAtMinute[user]) / 1440.0;
        return spent[user] * Math.exp(-days / SPENDING_FADES_DAYS);
    }

    void spend(int user, long time, double amount) {
        spent[user] = (float) (spent(user, time) + amount);
        spentAtMinute[user] = minute(time);
    }

    private int minute(long time) {
        return (int) ((time - startMillis) / 60_000);
    }
}
