package io.liveprofile.simulation;

/**
 * Lasting traits of one user, a function of seed, user number and time alone, so that none need be stored. Tastes turn
 * slowly: a quarter of a circle takes 3 to 12 weeks.
 */
final class Shopper {
    private static final long SALT = 0x5348_4F50L;
    private static final double WEEK = 7.0 * Calendar.DAY;

    final int user;
    final String id;
    final Persona persona;
    final Place home;
    final double latitude;
    final double longitude;
    /** Local time minus UTC, a late riser's habit included, ms. */
    final long clockOffset;
    final float[] taste = new float[Catalog.DIMENSIONS];
    /** Price the shopper pays without pain, as a multiple of the category's median. */
    final double budget;
    final double priceSensitivity;
    /** Items looked at with care before a purchase. */
    final double thoroughness;
    /** How much the shopper likes to look at things out of reach, 0 to 1. */
    final double aspiration;
    /** Chance that a visit without a plan starts one. */
    final double wantRate;
    /** Share of visits made with half an eye. */
    final double haste;
    final double loginShare;
    final int devices;
    private final long brandKey;

    Shopper(SimulationConfig config, int user, long time) {
        this.user = user;
        this.id = "u" + user;
        this.persona = Persona.of(config, user);
        this.clockOffset = clockOffset(config.seed(), user);
        this.home = home(config.seed(), user);
        Dice dice = new Dice(Dice.hash(config.seed(), user, SALT));
        this.latitude = home.latitude() + 0.08 * dice.gaussian();
        this.longitude = home.longitude() + 0.12 * dice.gaussian();
        double turn = Math.PI / 2 * ((time - config.startMillis()) / (WEEK * dice.uniform(3, 12)) + dice.uniform(0, 4));
        double cos = Math.cos(turn);
        double sin = Math.sin(turn);
        for (int d = 0; d < taste.length; d++) {
            // Half lasting, half turning; unit variance at any time.
            taste[d] = (float) (0.7 * dice.gaussian() + 0.714 * (cos * dice.gaussian() + sin * dice.gaussian()));
        }
        this.budget = dice.logNormal(0.9, 0.6);
        this.priceSensitivity = dice.uniform(2.5, 7);
        this.thoroughness = dice.uniform(3, 14);
        this.aspiration = dice.uniform() * dice.uniform();
        double want = dice.uniform();
        this.wantRate = 0.03 + 0.22 * want * want;
        this.haste = dice.uniform(0.1, 0.65);
        this.loginShare = dice.uniform(0.1, 0.6);
        this.devices = 1 + dice.below(3);
        this.brandKey = dice.bits();
    }

    /** What the schedule needs of a user, without the rest. */
    static long clockOffset(long seed, int user) {
        long habit = (long) (1.5 * Calendar.HOUR * (2 * Dice.uniform(Dice.hash(seed, user, SALT + 2)) - 1));
        return home(seed, user).clockHours() * Calendar.HOUR - habit;
    }

    private static Place home(long seed, int user) {
        return Place.HOMES[(int) Long.remainderUnsigned(Dice.hash(seed, user, SALT + 1), Place.HOMES.length)];
    }

    /** About one brand in eight. */
    boolean likesBrand(int brand) {
        return (Dice.hash(brandKey, brand) & 7) == 0;
    }

    /**
     * How good an item is for the shopper at a price: taste, brand and quality less the pain of the price, which starts
     * at the shopper's means, and less the doubt about what is far too cheap.
     *
     * @param means multiple of the category's median price that the shopper can pay now
     */
    double worth(Catalog catalog, int item, double price, double means) {
        double ratio = price / (catalog.basePriceOf(catalog.categoryOf(item)) * means);
        double log = Math.log(ratio);
        double pain = log > 0 ? priceSensitivity * log : log < -1.1 ? 0.8 * (-1.1 - log) : 0;
        return catalog.fit(taste, item)
                + 0.4 * catalog.qualityOf(item)
                + (likesBrand(catalog.brandOf(item)) ? 0.7 : 0)
                - pain;
    }
}
