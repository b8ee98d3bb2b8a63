package io.liveprofile.benchmark;

import java.util.List;
import java.util.stream.Collectors;

/** The features.yaml of those measurements that the shipped one does not fit, as text. */
final class FeatureFiles {
    private static final int MOST_WINDOWS = 15;

    private record Window(String name, String length, String hop) {}

    /** The five that are shipped, among others of all lengths. Six of nine hops serve two. */
    private static final List<Window> WINDOWS = List.of(
            new Window("1h", "1 h", "1 min"),
            new Window("5m", "5 min", "10 s"),
            new Window("1d", "1 d", "1 h"),
            new Window("7d", "7 d", "6 h"),
            new Window("30d", "30 d", "1 d"),
            new Window("10m", "10 min", "10 s"),
            new Window("15m", "15 min", "30 s"),
            new Window("30m", "30 min", "30 s"),
            new Window("2h", "2 h", "1 min"),
            new Window("6h", "6 h", "5 min"),
            new Window("12h", "12 h", "10 min"),
            new Window("2d", "2 d", "1 h"),
            new Window("3d", "3 d", "2 h"),
            new Window("14d", "14 d", "6 h"),
            new Window("60d", "60 d", "1 d"));

    private FeatureFiles() {}

    /** What {@link SlidingWindows} computes, in a window of the same length and hop. */
    static String countsAndSums() {
        return file(WINDOWS.subList(0, 1), """
                  events:    { op: count, windows: all }
                  views:     { op: count, events: [VIEW, CLICK], windows: all }
                  cart_adds: { op: count, events: [CART_ADD], windows: all }
                  orders:    { op: count, events: [ORDER], windows: all }
                  spend:     { op: sum, field: amountMinor, events: [ORDER], windows: all }
                  viewed:    { op: sum, field: amountMinor, events: [VIEW, CLICK], windows: all }
                """, "[events, views, cart_adds, orders, spend, viewed]");
    }

    /** The same, with or without what it costs to ask an event's item and device. */
    static String keyed(boolean isKeyed) {
        return file(WINDOWS.subList(0, 2), """
                  views:  { op: count, events: [VIEW, CLICK], windows: all }
                  orders: { op: count, events: [ORDER], windows: all }
                  spend:  { op: sum, field: amountMinor, events: [ORDER], windows: all }
                """ + (isKeyed ? """
                  item_views:   { key: itemId, op: count, events: [VIEW, CLICK], windows: all }
                  item_orders:  { key: itemId, op: count, events: [ORDER], windows: all }
                  device_users: { key: deviceId, op: distinct, field: userId, windows: [1h] }
                """ : ""), "[views, orders, spend" + (isKeyed ? ", item_views, item_orders, device_users]" : "]"));
    }

    /**
     * The same twelve aggregates in more and more windows.
     *
     * @param count 1 to 15; of five, they are the shipped ones
     */
    static String windows(int count) {
        if (count < 1 || count > MOST_WINDOWS) {
            throw new IllegalArgumentException(count + " windows: must be from 1 to " + MOST_WINDOWS);
        }
        return file(WINDOWS.subList(0, count), """
                  views:         { op: count, events: [VIEW, CLICK], windows: all }
                  searches:      { op: count, events: [SEARCH], windows: all }
                  cart_adds:     { op: count, events: [CART_ADD], windows: all }
                  orders:        { op: count, events: [ORDER], windows: all }
                  logins:        { op: count, events: [LOGIN], windows: all }
                  spend:         { op: sum, field: amountMinor, events: [ORDER], windows: all }
                  refunded:      { op: sum, field: amountMinor, events: [REFUND], windows: all }
                  price_average: { op: average, field: amountMinor, events: [VIEW, CLICK, CART_ADD], windows: all }
                  spend_stddev:  { op: stddev, field: amountMinor, events: [ORDER, PAYMENT], windows: all }
                  spend_max:     { op: max, field: amountMinor, events: [ORDER, PAYMENT], windows: all }
                  items_viewed:  { op: distinct, field: itemId, events: [VIEW, CLICK], windows: all }
                  sessions:      { op: distinct, field: sessionId, windows: all }
                """, "[views, searches, cart_adds, orders, logins, spend, refunded, price_average, spend_stddev, spend_max,"
                + " items_viewed, sessions]");
    }

    private static String file(List<Window> windows, String aggregates, String statistics) {
        return windows.stream()
                        .map(each -> "  " + each.name() + ": { length: " + each.length() + ", hop: " + each.hop() + " }\n")
                        .collect(Collectors.joining("", "windows:\n", ""))
                + "aggregates:\n" + aggregates
                + "features:\n  - statistics: " + statistics + "\n    transform: log1p\n";
    }
}
