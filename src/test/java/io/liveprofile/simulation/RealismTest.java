package io.liveprofile.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Four weeks of 3,000 honest shoppers look like a shop. */
class RealismTest {
    private static final SimulationConfig CONFIG =
            SimulationConfig.defaults().withUsers(3_000).withEventsPerSecond(0.6).withFraud(FraudMix.none());

    private static List<BehaviorEvent> events;

    @BeforeAll
    static void simulate() {
        events = ShopSimulation.take(CONFIG, Duration.ofDays(28)).stream()
                .filter(SimulatedEvent.class::isInstance)
                .map(s -> ((SimulatedEvent) s).event())
                .toList();
    }

    @Test
    void eveningsAreBusyAndNightsQuiet() {
        long[] hours = new long[24];
        for (BehaviorEvent event : events) {
            hours[(int) (event.getEventTime() / Calendar.HOUR % 24)]++;
        }
        assertThat(hours[19]).isGreaterThan(8 * hours[2]).isGreaterThan(hours[9]);
        assertThat(hours[9]).isGreaterThan(3 * hours[2]);
    }

    @Test
    void weekendsAndCampaignDaysAreBusier() {
        long[] weekdays = new long[7];
        long[] ordinary = new long[28];
        long[] campaign = new long[28];
        for (BehaviorEvent event : events) {
            int day = (int) ((event.getEventTime() - CONFIG.startMillis()) / Calendar.DAY);
            weekdays[day % 7]++;
            (event.getAttributes().containsKey("campaign") ? campaign : ordinary)[day]++;
        }
        assertThat(Arrays.stream(campaign).filter(n -> n > 0).count()).isEqualTo(4);
        double onCampaign = Arrays.stream(campaign).filter(n -> n > 0).average().orElseThrow();
        double onOther = Arrays.stream(ordinary).filter(n -> n > 0).average().orElseThrow();
        assertThat(onCampaign / onOther).isBetween(1.3, 2.0);
        // The default start is a Monday.
        assertThat(weekdays[5] + weekdays[6]).isGreaterThan(weekdays[0] + weekdays[1]);
    }

    @Test
    void aFewUsersAndItemsMakeMostOfTheTraffic() {
        Map<String, Integer> users = new HashMap<>();
        Map<String, Integer> items = new HashMap<>();
        for (BehaviorEvent event : events) {
            users.merge(event.getUserId(), 1, Integer::sum);
            if (event.getType() == EventType.VIEW) {
                items.merge(event.getItemId(), 1, Integer::sum);
            }
        }
        // Zipf-Mandelbrot with offset 30: ln(60 / 30) / ln(3030 / 30) = 15 % for the first 30 of 3,000.
        assertThat(headShare(users.values(), CONFIG.users() / 100)).isBetween(0.12, 0.26);
        assertThat(headShare(items.values(), CONFIG.items() / 100)).isBetween(0.15, 0.6);
        assertThat(headShare(users.values(), 1)).isLessThan(0.02);
    }

    @Test
    void oneToFivePerCentOfSessionsOrder() {
        Set<String> sessions = new HashSet<>();
        Set<String> ordering = new HashSet<>();
        Map<EventType, Integer> types = new EnumMap<>(EventType.class);
        for (BehaviorEvent event : events) {
            types.merge(event.getType(), 1, Integer::sum);
            sessions.add(event.getSessionId());
            if (event.getType() == EventType.ORDER) {
                ordering.add(event.getSessionId());
            }
        }
        assertThat((double) ordering.size() / sessions.size()).isBetween(0.01, 0.05);
        Set<EventType> all = new HashSet<>(List.of(EventType.values()));
        all.remove(EventType.UNKNOWN);
        all.remove(EventType.OUTCOME);
        assertThat(types.keySet()).isEqualTo(all);
        assertThat(types.get(EventType.VIEW) / (double) events.size()).isBetween(0.6, 0.9);
        assertThat(types.get(EventType.CART_ADD)).isGreaterThan(types.get(EventType.ORDER));
        assertThat(types.get(EventType.ORDER)).isGreaterThan(2 * types.get(EventType.REFUND));
        assertThat(types.get(EventType.PAYMENT)).isLessThanOrEqualTo(types.get(EventType.ORDER));
    }

    @Test
    void everyOrderFollowsACartOfTheSameItem() {
        Map<String, Set<String>> carts = new HashMap<>();
        for (BehaviorEvent event : events) {
            if (event.getType() == EventType.CART_ADD) {
                carts.computeIfAbsent(event.getUserId(), u -> new HashSet<>()).add(event.getItemId());
            } else if (event.getType() == EventType.ORDER) {
                assertThat(carts.getOrDefault(event.getUserId(), Set.of())).contains(event.getItemId());
            }
        }
    }

    @Test
    void aUserHasOneToThreeDevicesAndOneHome() {
        Map<String, Set<String>> devices = new HashMap<>();
        Map<String, Double> latitudes = new HashMap<>();
        for (BehaviorEvent event : events) {
            devices.computeIfAbsent(event.getUserId(), u -> new HashSet<>()).add(event.getDeviceId());
            double first = latitudes.computeIfAbsent(event.getUserId(), u -> event.getLatitude());
            assertThat(Math.abs(event.getLatitude() - first)).isLessThan(0.2);
        }
        assertThat(devices.values()).allMatch(d -> d.size() <= 3).anyMatch(d -> d.size() == 3);
    }

    @Test
    void tastesDrift() {
        int turned = 0;
        for (int user = 0; user < 100; user++) {
            float[] now = new Shopper(CONFIG, user, CONFIG.startMillis()).taste;
            float[] nextDay = new Shopper(CONFIG, user, CONFIG.startMillis() + Calendar.DAY).taste;
            float[] later = new Shopper(CONFIG, user, CONFIG.startMillis() + 56 * Calendar.DAY).taste;
            assertThat(distance(now, nextDay)).isLessThan(0.4);
            turned += distance(now, later) > 1 ? 1 : 0;
        }
        assertThat(turned).isGreaterThan(60);
    }

    private static double headShare(Collection<Integer> counts, int head) {
        long total = counts.stream().mapToLong(Integer::longValue).sum();
        long top = counts.stream().sorted(Comparator.reverseOrder()).limit(head).mapToLong(Integer::longValue).sum();
        return (double) top / total;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        }
        return Math.sqrt(sum);
    }
}
