package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.ingest.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every shipped mapping over the whole of its public data set, against the counts that the sets' publishers and gatherers
 * give. Needs the sets: {@code -Dliveprofile.data=FOLDER} or {@code LIVEPROFILE_DATA}; skipped without.
 */
class PublicDataSetsTest {
    private static final Path MAPPINGS = Path.of("flink-conf", "mappings");

    private static final class Totals {
        long rows;
        long outcomes;
        long events;
        final Map<String, Long> types = new TreeMap<>();
        final Map<String, Long> amounts = new TreeMap<>();
        final Set<String> users = new HashSet<>();
        final Set<String> ids = new HashSet<>();
        final Map<String, Long> distinctOrderAmounts = new HashMap<>();
        Map<String, Long> skipped;
        Map<String, Long> unmappable;
        boolean isInTimeOrder = true;
        long latest = Long.MIN_VALUE;
        long earliest = Long.MAX_VALUE;
    }

    @Test
    void mapsTheTaobaoSlice() {
        Totals t = replay("taobao.yaml", "taobao-userbehavior/site-slice.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(
                Map.of("VIEW", 98_353L, "CART_ADD", 6_063L, "FAVORITE", 3_383L, "ORDER", 2_493L));
        assertThat(t.users).hasSize(66_448);
        assertWholeAndDistinct(t, 110_292, 110_292);
        assertThat(t.earliest).isEqualTo(1_511_658_000_000L); // 2017-11-26 01:00:00 UTC
        assertThat(t.latest).isEqualTo(1_511_665_811_000L); // 03:10:11
    }

    @Test
    void mapsWholeTaobaoUsersByTime() {
        Totals t = replay("taobao.yaml", "taobao-userbehavior/whole-users.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(
                Map.of("VIEW", 75_693L, "CART_ADD", 4_494L, "FAVORITE", 2_351L, "ORDER", 1_749L));
        assertThat(t.users).hasSize(814);
        assertWholeAndDistinct(t, 84_287, 84_287);
    }

    @Test
    void mapsTmallAndKeepsRepeatedRows() {
        Totals t = replay("tmall.yaml", "tmall-2014/user-actions.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(
                Map.of("CLICK", 174_539L, "ORDER", 6_984L, "FAVORITE", 1_204L, "CART_ADD", 153L));
        assertThat(t.users).hasSize(884);
        assertWholeAndDistinct(t, 182_880, 182_880);
        assertThat(t.earliest).isEqualTo(1_397_491_200_000L); // 2014-04-15 00:00 in Shanghai
        assertThat(t.latest).isEqualTo(1_408_032_000_000L); // 2014-08-15 00:00 in Shanghai
    }

    @Test
    void mapsRetailrocket() {
        Totals t = replay("retailrocket.yaml", "retailrocket-sample/events.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(Map.of("VIEW", 5_366L, "CART_ADD", 131L, "ORDER", 29L));
        assertThat(t.users).hasSize(2_989);
        assertWholeAndDistinct(t, 5_526, 5_526);
    }

    @Test
    void mapsRees46() {
        Totals t = replay("rees46.yaml", "rees46-sample/events.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(Map.of("VIEW", 17_055L, "CART_ADD", 165L, "ORDER", 214L));
        assertThat(t.users).hasSize(4_504);
        assertWholeAndDistinct(t, 17_434, 17_434);
    }

    @Test
    void mapsOnlineRetailWithReturns() {
        Totals t = replay("online-retail.yaml", "online-retail/invoice-lines.csv.gz");
        assertThat(t.skipped).containsExactlyInAnyOrderEntriesOf(
                Map.of("bad-debt-adjustment", 3L, "no-customer", 135_077L, "free-of-charge", 40L));
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(Map.of("ORDER", 397_884L, "REFUND", 8_905L));
        assertWholeAndDistinct(t, 541_909, 406_789);
    }

    @Test
    void mapsEcommerceFraud() {
        Totals t = replay("ecommerce-fraud.yaml", "ecommerce-fraud/fraud_data.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(Map.of("LOGIN", 51_689L, "ORDER", 51_689L));
        assertThat(t.outcomes).isEqualTo(4_832);
        assertThat(t.users).hasSize(51_689);
        assertWholeAndDistinct(t, 51_689, 103_378);
    }

    @Test
    void mapsCardFraud() {
        Totals t = replay("card-fraud-simulated.yaml", "card-fraud-simulated/transactions.csv.gz");
        assertThat(t.types).containsExactlyInAnyOrderEntriesOf(Map.of("PAYMENT", 1_022_256L));
        assertThat(t.outcomes).isEqualTo(8_151);
        assertThat(t.users).hasSize(2_953);
        assertWholeAndDistinct(t, 1_022_256, 1_022_256);
    }

    @Test
    void mapsTheMerchandiseStoreAndCountsRevenueOnce() {
        Totals t = replay("ga-merchandise-store.yaml", "ga-merchandise-store/events.csv.gz");
        assertThat(t.rows).isEqualTo(784_462);
        assertThat(t.unmappable).isEqualTo(Map.of("out-of-range", 1L)); // puts 10^16 of an item into the cart
        assertThat(t.isInTimeOrder).isTrue();
        assertThat(t.users).hasSize(117_647);
        assertThat(t.users).allSatisfy(user -> assertThat(user).matches("\\d{1,19}"));
        // 11,262 purchase rows, of which 5,547 with a quantity; 45,088 checkout rows, one of each step kept
        assertThat(t.skipped).containsExactlyInAnyOrderEntriesOf(
                Map.of("order-reported-again", 5_715L, "checkout-further-line", 29_714L));
        assertThat(t.types.get("ORDER")).isEqualTo(5_547);
        assertThat(t.types.get("CART_ADD")).isEqualTo(21_014 - 1);
        assertThat(t.types.get("CART_REMOVE")).isEqualTo(2_666);
        assertThat(t.types.get("VIEW")).isEqualTo(508_837 + 75_983);
        assertThat(t.types.get("CLICK")).isEqualTo(92_455 + 15_374);
        assertThat(t.types.get("INQUIRY") + t.types.get("UNKNOWN")).isEqualTo(27_157);
        assertThat(t.amounts.get("ORDER")).isEqualTo(25_668_824L); // 256,688.24 USD, once for each hit
        // without the reloaded confirmation pages; the sessions file says 256,153
        assertThat(t.distinctOrderAmounts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(25_625_577L);
    }

    private static void assertWholeAndDistinct(Totals t, long rows, int events) {
        assertThat(t.rows).isEqualTo(rows);
        assertThat(t.unmappable).isEmpty();
        assertThat(t.events).isEqualTo(events);
        assertThat(t.ids).hasSize(events);
        assertThat(t.isInTimeOrder).isTrue();
    }

    private static Totals replay(String mapping, String file) {
        String folder = System.getProperty("liveprofile.data", System.getenv("LIVEPROFILE_DATA"));
        assumeTrue(folder != null, "set -Dliveprofile.data or LIVEPROFILE_DATA to the folder of the public data sets");
        Path path = Path.of(folder).resolve(file);
        assumeTrue(Files.exists(path), file + " is not there");
        Totals t = new Totals();
        Mapping compiled = Mapping.read(MAPPINGS.resolve(mapping));
        double rowsPerSecond = rowsPerSecond(path, compiled);
        try (FileReplay replay = FileReplay.open(path, compiled)) {
            replay.forEachRemaining(item -> count(t, item));
            t.rows = replay.rows();
            t.skipped = replay.skipped();
            t.unmappable = replay.unmappable();
            assertThat(replay.progress()).isEqualTo(1.0);
            assertThat(replay.mapped() + sum(t.skipped) + sum(t.unmappable)).isEqualTo(t.rows);
        }
        System.out.printf("%s: rows %,d, events %,d %s, amounts %s, skipped %s, unmappable %s, outcomes %,d, users %,d, "
                + "distinct ids %,d, %,.0f rows/s%n", file, t.rows, t.events, t.types, t.amounts, t.skipped, t.unmappable,
                t.outcomes, t.users.size(), t.ids.size(), rowsPerSecond);
        return t;
    }

    private static double rowsPerSecond(Path path, Mapping mapping) {
        double best = 0;
        for (int run = 0; run < 3; run++) {
            long start = System.nanoTime();
            try (FileReplay replay = FileReplay.open(path, mapping)) {
                while (replay.hasNext()) {
                    replay.next();
                }
                best = Math.max(best, replay.rows() * 1e9 / (System.nanoTime() - start));
            }
        }
        return best;
    }

    private static void count(Totals t, ReplayItem item) {
        if (item instanceof ReplayItem.ReplayOutcome) {
            t.outcomes++;
        } else if (item instanceof ReplayItem.ReplayEvent e) {
            BehaviorEvent event = e.event();
            t.events++;
            t.isInTimeOrder &= event.getEventTime() >= t.latest;
            t.latest = Math.max(t.latest, event.getEventTime());
            t.earliest = Math.min(t.earliest, event.getEventTime());
            t.types.merge(event.getType().name(), 1L, Long::sum);
            t.users.add(event.getUserId());
            t.ids.add(event.getEventId());
            if (event.getAmountMinor() != null) {
                t.amounts.merge(event.getType().name(), event.getAmountMinor(), Long::sum);
                t.distinctOrderAmounts.put(event.getEventId(), event.getType().name().equals("ORDER") ? event.getAmountMinor() : 0);
            }
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
