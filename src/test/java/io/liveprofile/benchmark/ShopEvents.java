package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Events of a shop with every field that an aggregate looks at, and cheap to make: no shopper behind them, but the mix of
 * types, the tastes and the number of devices of one. Amounts stay within a factor of 15, so that none is an outlier.
 * Seeded.
 */
final class ShopEvents {
    private static final int CATEGORIES = 200;
    private static final int ITEMS_A_CATEGORY = 50;
    private static final int BRANDS = 300;
    private static final int TASTES = 6;
    private static final long SESSION_MILLIS = 1_800_000;
    private static final char[] DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();

    /** Each type as often as it comes in a hundred events. */
    private static final EventType[] TYPES = types();

    private static final String[] ITEMS = numbered("item-", CATEGORIES * ITEMS_A_CATEGORY);
    private static final String[] CATEGORY = numbered("category-", CATEGORIES);
    private static final String[] BRAND = numbered("brand-", BRANDS);
    private static final String[] SESSIONS = numbered("session-", 1 << 16);
    private static final String[] DEVICES = numbered("device-", 1 << 14);
    private static final String[] ADDRESSES = numbered("10.1.2.", 1 << 14);
    private static final String[] SEARCHES = numbered("red shoes size ", 1 << 10);

    private final SplittableRandom random;
    private final long idsFrom;
    private long made;

    /** @param seed 0 to 65,535; also what tells the event ids of two of these apart */
    ShopEvents(int seed) {
        this.random = new SplittableRandom(seed);
        this.idsFrom = (long) seed << 48;
    }

    /** As long as a pseudonym; another one for each number. */
    static String userId(long user) {
        byte[] id = new byte[22];
        long first = mix(user);
        long second = mix(~user);
        for (int i = 0; i < 11; i++) {
            id[i] = (byte) DIGITS[(int) (first >>> (6 * i)) & 63];
            id[i + 11] = (byte) DIGITS[(int) (second >>> (6 * i)) & 63];
        }
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    BehaviorEvent next(long user, String userId, long timeMillis) {
        long dice = random.nextLong();
        long self = mix(user);
        EventType type = TYPES[below(dice, TYPES.length)];
        BehaviorEvent event = new BehaviorEvent();
        event.setEventId(Long.toHexString(mix(idsFrom + made++)));
        event.setUserId(userId);
        event.setEventTime(timeMillis);
        event.setType(type);
        event.setSessionId(SESSIONS[below(mix(self + timeMillis / SESSION_MILLIS), SESSIONS.length)]);
        event.setDeviceId(DEVICES[below(self + (dice >>> 62), DEVICES.length)]);
        event.setIp(ADDRESSES[below(self >>> 7, ADDRESSES.length)]);
        event.setChannel((dice & 1) == 0 ? "web" : "app");
        event.setCurrency("EUR");
        event.setEmbedding(List.of());
        event.setAttributes(Map.of());
        switch (type) {
            case LOGIN, LOGIN_FAILED -> {}
            case SEARCH -> event.setText(SEARCHES[below(dice >>> 8, SEARCHES.length)]);
            default -> addItem(event, self, dice);
        }
        return event;
    }

    /** Three of four come from the user's own few categories. */
    private static void addItem(BehaviorEvent event, long self, long dice) {
        long wish = mix(dice);
        int category = (dice >>> 16 & 3) == 0
                ? below(wish, CATEGORIES)
                : below(mix(self + below(wish, TASTES)), CATEGORIES);
        int item = category * ITEMS_A_CATEGORY + below(wish >>> 20, ITEMS_A_CATEGORY);
        event.setItemId(ITEMS[item]);
        event.setCategoryId(CATEGORY[category]);
        event.setBrand(BRAND[item % BRANDS]);
        event.setQuantity(1);
        event.setAmountMinor(1_000L + item * 7 % 14_000);
        if (event.getType() == EventType.REVIEW) {
            event.setRating((double) (1 + below(wish >>> 40, 5)));
        }
    }

    /** In 0 to bound - 1, of the lower 31 bits. */
    private static int below(long bits, int bound) {
        return (int) (((bits & 0x7FFF_FFFF) * bound) >>> 31);
    }

    /** A permutation of the 64-bit numbers: the finaliser of SplitMix64. */
    private static long mix(long z) {
        z += 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    private static EventType[] types() {
        Map<EventType, Integer> shares = Map.ofEntries(
                Map.entry(EventType.VIEW, 52),
                Map.entry(EventType.CLICK, 10),
                Map.entry(EventType.SEARCH, 10),
                Map.entry(EventType.FAVORITE, 3),
                Map.entry(EventType.CART_ADD, 8),
                Map.entry(EventType.CART_REMOVE, 2),
                Map.entry(EventType.ORDER, 3),
                Map.entry(EventType.PAYMENT, 3),
                Map.entry(EventType.REFUND, 1),
                Map.entry(EventType.REVIEW, 2),
                Map.entry(EventType.LOGIN, 4),
                Map.entry(EventType.LOGIN_FAILED, 2));
        EventType[] types = new EventType[100];
        int next = 0;
        for (EventType type : EventType.values()) {
            for (int i = 0; i < shares.getOrDefault(type, 0); i++) {
                types[next++] = type;
            }
        }
        return types;
    }

    private static String[] numbered(String name, int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = name + i;
        }
        return names;
    }
}
