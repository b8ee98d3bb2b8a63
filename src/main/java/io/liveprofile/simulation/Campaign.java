package io.liveprofile.simulation;

import java.util.Map;

/**
 * Two days of lower prices in some categories.
 *
 * @param attributes what each event of these days carries: {@code campaign}, the campaign's name
 */
record Campaign(long key, double discount, Map<String, String> attributes) {

    /** One category in three takes part. */
    boolean covers(int category) {
        return Long.remainderUnsigned(Dice.hash(key, category), 3) == 0;
    }

    /** The price a shopper sees, at least 1. */
    long price(long listPrice, int category) {
        return covers(category) ? Math.max(1, Math.round(listPrice * (1 - discount))) : listPrice;
    }
}
