package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.ingest.Mapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped mappings on invented rows in the shape of each public set, with the quirks of its source. The sets
 * themselves are read by {@link PublicDataSetsTest}.
 */
class ShippedMappingsTest {
    private static final Path MAPPINGS = Path.of("flink-conf", "mappings");
    /** Rows of each set as NAME.csv, and what becomes of them as NAME.results. */
    private static final Path SAMPLES = Path.of("src", "test", "resources", "mappings");
    private static final String GA = "event_time_ms,visitor_id,session_id,hit_number,line_no,event_type,page_path,"
            + "event_category,event_action,checkout_step,product_sku,product_name,product_category,unit_price_usd,quantity,"
            + "transaction_id,transaction_revenue_usd\n";
    private static final String RETAIL =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n";

    @TempDir
    private Path folder;

    private record Replayed(List<BehaviorEvent> events, List<LabeledOutcome> outcomes, Map<String, Long> skipped,
            Map<String, Long> unmappable) {
        List<EventType> types() {
            return events.stream().map(BehaviorEvent::getType).toList();
        }

        List<Long> amounts() {
            return events.stream().map(BehaviorEvent::getAmountMinor).toList();
        }

        List<Instant> times() {
            return events.stream().map(e -> Instant.ofEpochMilli(e.getEventTime())).toList();
        }
    }

    static Stream<Path> mappings() throws IOException {
        try (Stream<Path> files = Files.list(MAPPINGS)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).toList().stream();
        }
    }

    /** Every field of every event and outcome; {@code -Dmappings.write=true} writes what a mapping makes now, to be read. */
    @ParameterizedTest
    @MethodSource("mappings")
    void makesOfItsSampleWhatItShould(Path mapping) throws IOException {
        String results = results(Mapping.read(mapping), sample(mapping));
        Path expected = SAMPLES.resolve(stem(mapping) + ".results");
        if (Boolean.getBoolean("mappings.write")) {
            Files.writeString(expected, results);
        }
        assertThat(results).isEqualTo(Files.readString(expected));
    }

    /** What a sample does not reach, it does not test. */
    @ParameterizedTest
    @MethodSource("mappings")
    void noLineCanBeTakenAwayUnnoticed(Path mapping) throws IOException {
        List<String> lines = Files.readAllLines(mapping);
        String whole = results(Mapping.read(mapping), sample(mapping));
        SoftAssertions each = new SoftAssertions();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank() || lines.get(i).startsWith("#")) {
                continue;
            }
            List<String> others = new ArrayList<>(lines);
            others.remove(i);
            try {
                Mapping without = Mapping.parse(mapping.getFileName().toString(), String.join("\n", others));
                each.assertThat(results(without, sample(mapping))).as("without line %d: %s", i + 1, lines.get(i)).isNotEqualTo(whole);
            } catch (ConfigException e) {
                // Refused: noticed.
            }
        }
        each.assertAll();
    }

    @Test
    void theGuideNamesEachMapping() throws IOException {
        String guide = Files.readString(MAPPINGS.resolve("README.md"));
        assertThat(mappings()).isNotEmpty().allSatisfy(mapping ->
                assertThat(guide).contains("| `" + mapping.getFileName() + "` |"));
    }

    @Test
    void compilesTheTemplateOfTheGuide() throws IOException {
        String guide = Files.readString(MAPPINGS.resolve("README.md"));
        String template = guide.substring(guide.indexOf("```yaml\n") + 8, guide.indexOf("\n```\n"));
        assertThat(Mapping.parse("template", template).name()).isEqualTo("my-shop");
    }

    @Test
    void mapsTaobao() throws IOException {
        Replayed r = replay("taobao.yaml", "7,70,3,buy,1511658002\n8,71,3,pv,1511658000\n8,71,3,cart,1511658000\n"
                + "9,72,4,fav,1511658001\n9,72,4,gone,1511658001\n9,72,4\n");
        assertThat(r.types()).containsExactly(EventType.VIEW, EventType.CART_ADD, EventType.FAVORITE, EventType.ORDER);
        assertThat(r.events.get(3).getUserId()).isEqualTo("7");
        assertThat(r.events.get(3).getItemId()).isEqualTo("70");
        assertThat(r.events.get(3).getCategoryId()).isEqualTo("3");
        assertThat(r.times().get(3)).isEqualTo(Instant.parse("2017-11-26T01:00:02Z"));
        assertThat(r.unmappable).isEqualTo(Map.of("unknown-value", 1L, "wrong-column-count", 1L));
    }

    @Test
    void mapsTmallAndKeepsRepeatedRowsApart() throws IOException {
        Replayed r = replay("tmall.yaml", "user_id,brand_id,type,visit_datetime\n5,50,0,6-4\n5,50,0,6-4\n5,51,1,4-15\n");
        assertThat(r.types()).containsExactly(EventType.ORDER, EventType.CLICK, EventType.CLICK);
        assertThat(r.times()).containsExactly(Instant.parse("2014-04-14T16:00:00Z"),
                Instant.parse("2014-06-03T16:00:00Z"), Instant.parse("2014-06-03T16:00:00Z"));
        assertThat(r.events.stream().map(BehaviorEvent::getEventId)).doesNotHaveDuplicates();
        assertThat(r.events.get(0).getBrand()).isEqualTo("51");
    }

    @Test
    void mapsRetailrocket() throws IOException {
        Replayed r = replay("retailrocket.yaml", "timestamp,visitorid,event,itemid,transactionid\n"
                + "1430624530502,1,view,10,\n1430624530503,1,addtocart,10,\n1430624530504,1,transaction,10,99\n");
        assertThat(r.types()).containsExactly(EventType.VIEW, EventType.CART_ADD, EventType.ORDER);
        assertThat(r.events.get(0).getAttributes()).isEmpty();
        assertThat(r.events.get(2).getAttributes()).isEqualTo(Map.of("order_id", "99"));
    }

    @Test
    void mapsRees46() throws IOException {
        Replayed r = replay("rees46.yaml",
                "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n"
                        + "2019-10-01 00:00:01 UTC,view,1,20,,,33.20,5,s-1\n"
                        + "2019-10-01 00:00:02 UTC,purchase,1,20,a.b,acme,0.29,5,s-1\n");
        assertThat(r.types()).containsExactly(EventType.VIEW, EventType.ORDER);
        assertThat(r.amounts()).containsExactly(3320L, 29L);
        assertThat(r.times().get(0)).isEqualTo(Instant.parse("2019-10-01T00:00:01Z"));
        assertThat(r.events.get(0).getBrand()).isNull();
        assertThat(r.events.get(1).getAttributes()).isEqualTo(Map.of("category_code", "a.b"));
        assertThat(r.events.get(1).getSessionId()).isEqualTo("s-1");
    }

    @Test
    void mapsOnlineRetailWithReturnsAndBookkeeping() throws IOException {
        Replayed r = replay("online-retail.yaml", RETAIL
                + "600001,10A,\"MUG, \"\"BLUE\"\"\",6,2011-07-01 08:26:00,2.55,17,United Kingdom\r\n"
                + "C600002,10A,MUG,-24,2011-12-01 09:49:00,0.29,17,United Kingdom\r\n"
                + "600003,10A,MUG,1,2011-12-01 09:50:00,2.55,,United Kingdom\r\n"
                + "600004,10A,damaged,-7,2011-12-01 09:51:00,0,,United Kingdom\r\n"
                + "A600005,B,Adjust,1,2011-12-01 09:52:00,-11062.06,,United Kingdom\r\n"
                + "600006,10A,gift,1,2011-12-01 09:53:00,0,17,United Kingdom");
        assertThat(r.types()).containsExactly(EventType.ORDER, EventType.REFUND);
        assertThat(r.amounts()).containsExactly(1530L, 696L);
        assertThat(r.events.stream().map(BehaviorEvent::getQuantity)).containsExactly(6, 24);
        assertThat(r.times()).containsExactly(Instant.parse("2011-07-01T07:26:00Z"), Instant.parse("2011-12-01T09:49:00Z"));
        assertThat(r.events.get(0).getCurrency()).isEqualTo("GBP");
        assertThat(r.events.get(0).getAttributes()).isEqualTo(
                Map.of("invoice", "600001", "description", "MUG, \"BLUE\"", "country", "United Kingdom"));
        assertThat(r.skipped).isEqualTo(Map.of("no-customer", 2L, "bad-debt-adjustment", 1L, "free-of-charge", 1L));
    }

    @Test
    void mapsCardFraudThatBecomesKnownLater() throws IOException {
        Replayed r = replay("card-fraud-simulated.yaml",
                "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO\n"
                        + "1,2018-04-01 00:00:31,5,31,57.16,0,0\n2,2018-04-01 00:02:10,6,34,146.0,1,2\n");
        assertThat(r.types()).containsExactly(EventType.PAYMENT, EventType.PAYMENT);
        assertThat(r.amounts()).containsExactly(5716L, 14600L);
        assertThat(r.events.get(0).getAttributes()).isEqualTo(Map.of("terminal", "31"));
        assertThat(r.outcomes).containsExactly(new LabeledOutcome("tx-2-fraud", "6", "fraud", 1.0,
                Instant.parse("2018-04-08T00:02:10Z").toEpochMilli(), "tx-2"));
    }

    @Test
    void mapsSignupsAndOrdersByTime() throws IOException {
        Replayed r = replay("ecommerce-fraud.yaml",
                "user_id,signup_time,purchase_time,purchase_value,device_id,source,browser,sex,age,ip_address,class\n"
                        + "1,2015-02-24 22:55,2015-04-18 02:47,34,D1,SEO,Chrome,M,39,732758368.8,0\n"
                        + "2,2015-01-01 18:52,2015-01-01 18:52,15,D2,Ads,Opera,F,53,,1\n");
        assertThat(r.types()).containsExactly(EventType.LOGIN, EventType.ORDER, EventType.LOGIN, EventType.ORDER);
        assertThat(r.events.stream().map(BehaviorEvent::getUserId)).containsExactly("2", "2", "1", "1");
        assertThat(r.amounts()).containsExactly(null, 1500L, null, 3400L);
        assertThat(r.events.get(0).getIp()).isNull();
        assertThat(r.events.get(2).getIp()).isEqualTo("43.173.1.96");
        assertThat(r.events.get(2).getAttributes()).isEqualTo(
                Map.of("browser", "Chrome", "sex", "M", "age", "39", "action", "signup"));
        assertThat(r.outcomes).containsExactly(new LabeledOutcome("order-2-fraud", "2", "fraud", 1.0,
                Instant.parse("2015-01-31T18:52:00Z").toEpochMilli(), "order-2"));
    }

    @Test
    void countsTheRevenueOfTheMerchandiseStoreOnce() throws IOException {
        String order = ",0042,7,5,%d,purchase,/done,,,,SKU%d,Mug %d,,10.00,%s,ORD1,%s\n";
        String reload = ",0042,7,9,1,purchase,/done,,,,SKU1,Mug 1,,10.00,2,ORD1,45.5\n";
        Replayed r = replay("ga-merchandise-store.yaml", GA
                + "1000" + order.formatted(1, 1, 1, "2", "45.5")
                + "1000" + order.formatted(2, 2, 2, "1", "45.5")
                + "1040" + order.formatted(1, 1, 1, "", "")
                + "1040" + order.formatted(2, 2, 2, "", "")
                + "9000" + reload);
        assertThat(r.types()).containsOnly(EventType.ORDER).hasSize(3);
        assertThat(r.amounts()).containsExactly(4550L, null, 4550L);
        assertThat(r.skipped).isEqualTo(Map.of("order-reported-again", 2L));
        // the reloaded page is the same event again, which deduplication drops
        assertThat(r.events.get(2).getEventId()).isEqualTo(r.events.get(0).getEventId())
                .isNotEqualTo(r.events.get(1).getEventId());
        assertThat(r.events.get(0).getUserId()).isEqualTo("0042");
        assertThat(r.events.get(0).getSessionId()).isEqualTo("0042-7");
        assertThat(r.events.get(1).getItemId()).isEqualTo("SKU2");
        assertThat(r.events.get(1).getAttributes()).isEqualTo(
                Map.of("action", "purchase", "page_path", "/done", "product_name", "Mug 2", "order_id", "ORD1"));
    }

    @Test
    void mapsTheOtherHitsOfTheMerchandiseStore() throws IOException {
        Replayed r = replay("ga-merchandise-store.yaml", GA
                + "1,01,7,1,0,page_view,/home,,,,,,,,,,\n"
                + "2,01,7,2,1,product_click,/list,E,Quickview Click,,S,\"Mug, red\",Home/,11.99,,,\n"
                + "3,01,7,3,1,product_view,/mug,,,,S,Mug,Home/,11.99,,,\n"
                + "4,01,7,4,1,add_to_cart,/mug,E,Add to Cart,,S,Mug,Home/,11.99,3,,\n"
                + "5,01,7,5,1,remove_from_cart,/mug,E,Remove,,S,Mug,Home/,11.99,1,,\n"
                + "6,01,7,6,1,checkout,/pay,,,2,S,Mug,,1.049,2,,\n"
                + "6,01,7,6,2,checkout,/pay,,,2,T,Cap,,9,1,,\n"
                + "7,01,7,7,0,other_event,/home,E,Promotion Click,,,,,,,,\n"
                + "8,01,7,8,0,other_event,/home,Contact Us,Onsite Click,,,,,,,,\n");
        assertThat(r.types()).containsExactly(EventType.VIEW, EventType.CLICK, EventType.VIEW, EventType.CART_ADD,
                EventType.CART_REMOVE, EventType.CLICK, EventType.UNKNOWN, EventType.INQUIRY);
        assertThat(r.amounts()).containsExactly(null, 1199L, 1199L, 3597L, 1199L, null, null, null);
        assertThat(r.events.get(1).getAttributes()).containsEntry("product_name", "Mug, red");
        assertThat(r.events.get(5).getAttributes()).containsEntry("checkout_step", "2");
        assertThat(r.events.get(6).getAttributes()).containsEntry("label", "Promotion Click");
        assertThat(r.skipped).isEqualTo(Map.of("checkout-further-line", 1L));
        assertThat(r.unmappable).isEmpty();
    }

    private static Path sample(Path mapping) {
        return SAMPLES.resolve(stem(mapping) + ".csv");
    }

    private static String stem(Path mapping) {
        return mapping.getFileName().toString().replace(".yaml", "");
    }

    /** One line each in the order of the replay, fields without a value left out; then what became of the other rows. */
    private static String results(Mapping mapping, Path sample) throws IOException {
        StringBuilder results = new StringBuilder();
        try (FileReplay replay = FileReplay.open(sample, mapping)) {
            while (replay.hasNext()) {
                ReplayItem item = replay.next();
                if (item instanceof ReplayItem.ReplayEvent e) {
                    results.append("event ").append(filled(e.event())).append('\n');
                } else if (item instanceof ReplayItem.ReplayOutcome o) {
                    results.append("outcome ").append(filled(o.outcome())).append('\n');
                }
            }
            results.append("skipped ").append(new TreeMap<>(replay.skipped())).append('\n');
            results.append("unmappable ").append(new TreeMap<>(replay.unmappable())).append('\n');
        }
        return results.toString();
    }

    private static Map<String, Object> filled(SpecificRecord record) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            if (value instanceof Map<?, ?> map) {
                value = new TreeMap<>(map);
            }
            if (value != null && !value.equals(Map.of()) && !value.equals(List.of())) {
                values.put(field.name(), value);
            }
        }
        return values;
    }

    private Replayed replay(String mapping, String content) throws IOException {
        Path file = Files.write(folder.resolve("rows.csv"), content.getBytes(StandardCharsets.UTF_8));
        List<BehaviorEvent> events = new ArrayList<>();
        List<LabeledOutcome> outcomes = new ArrayList<>();
        try (FileReplay replay = FileReplay.open(file, Mapping.read(MAPPINGS.resolve(mapping)))) {
            replay.forEachRemaining(item -> {
                if (item instanceof ReplayItem.ReplayEvent e) {
                    events.add(e.event());
                } else if (item instanceof ReplayItem.ReplayOutcome o) {
                    outcomes.add(o.outcome());
                }
            });
            return new Replayed(events, outcomes, replay.skipped(), replay.unmappable());
        }
    }
}
