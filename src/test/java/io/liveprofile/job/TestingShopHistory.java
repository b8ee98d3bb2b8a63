package io.liveprofile.job;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * The history of an old shop as CSV files, and the same events as they lie on a topic: event number n is one and the same
 * wherever it lies.
 */
final class TestingShopHistory {
    static final int USERS = 37;
    static final long START = 1_750_000_000_000L;
    static final long STEP = 20_000;

    /** Events 0 to 2,199 are in the history, 1,800 to 2,999 in the topic; the history counts until event 2,000. */
    static final int HISTORY = 2_200;
    static final int LIVE = 1_800;
    static final int UNTIL = 2_000;
    static final int ALL = 3_000;

    static final String MAPPING = """
            name: old-shop
            format: csv
            header: true
            columns: [number, user, at, did, sku, price, proof]
            skip:
              - {name: monitoring, when: row.user == 'probe'}
            fields:
              userId: user
              eventTime: {column: at, unit: ms}
              eventId: {template: "history-{number}"}
              itemId: sku
            events:
              - {name: order, when: row.did == 'buy', type: ORDER, amountMinor: {column: price, decimals: 0}, currency: {constant: EUR}}
              - {name: other, type: {column: did, map: {look: VIEW, keep: CART_ADD}}}
            outcomes:
              - {label: fraud, when: row.proof == 'fraud', about: order, delay: 7 d, outcomeId: {template: "fraud-{number}"}}
            """;

    private TestingShopHistory() {}

    /** A CSV file with a header; the further rows come first. */
    static void write(Path file, List<String> rows, List<String> further) throws IOException {
        try (OutputStream out = file.toString().endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file)) : Files.newOutputStream(file)) {
            List<String> lines = new ArrayList<>(List.of("number,user,at,did,sku,price,proof"));
            lines.addAll(further);
            lines.addAll(rows);
            out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Rows of the events of users whose number is even (0) or odd (1). */
    static List<String> rows(int from, int to, int parity) {
        return rows(from, to).stream()
                .filter(row -> Integer.parseInt(row.split(",")[0]) % USERS % 2 == parity)
                .toList();
    }

    static List<String> rows(int from, int to) {
        List<String> rows = new ArrayList<>();
        for (int n = from; n < to; n++) {
            String did = switch (type(n)) {
                case ORDER -> "buy";
                case CART_ADD -> "keep";
                default -> "look";
            };
            rows.add(String.join(",", n + "", user(n), time(n) + "", did, "sku-" + n % 17,
                    did.equals("buy") ? 1_000 + n % 7 + "" : "", isFraud(n) ? "fraud" : ""));
        }
        return rows;
    }

    static int frauds(int from, int to) {
        return (int) IntStream.range(from, to).filter(TestingShopHistory::isFraud).count();
    }

    static boolean isFraud(int n) {
        return type(n) == EventType.ORDER && n % 5 == 0;
    }

    static EventType type(int n) {
        return new EventType[] {EventType.VIEW, EventType.CART_ADD, EventType.VIEW, EventType.ORDER}[n / USERS % 4];
    }

    /** Under the id of the side that counts it. */
    static BehaviorEvent event(int n) {
        BehaviorEvent event = live(n);
        if (n < UNTIL) {
            event.setEventId("history-" + n);
        }
        return event;
    }

    static BehaviorEvent live(int n) {
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("live-" + n)
                .setUserId(user(n))
                .setEventTime(time(n))
                .setType(type(n))
                .setItemId("sku-" + n % 17)
                .build();
        if (type(n) == EventType.ORDER) {
            event.setAmountMinor(1_000L + n % 7);
            event.setCurrency("EUR");
        }
        return event;
    }

    static String user(int n) {
        return "user-" + n % USERS;
    }

    static long time(int n) {
        return START + n * STEP;
    }
}
