package io.liveprofile.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShopSimulationTest {
    private static final Set<EventType> ABOUT_AN_ITEM = Set.of(
            EventType.VIEW, EventType.CLICK, EventType.FAVORITE, EventType.CART_ADD, EventType.CART_REMOVE,
            EventType.ORDER, EventType.PAYMENT, EventType.PAYMENT_FAILED, EventType.REFUND, EventType.REVIEW,
            EventType.INQUIRY);

    private final SimulationConfig small = SimulationConfig.defaults().withUsers(500).withEventsPerSecond(0.5);

    @Test
    void equalConfigsGiveEqualStreams() {
        List<Simulated> first = ShopSimulation.take(small, Duration.ofDays(2));
        assertThat(first).hasSizeGreaterThan(20_000).isEqualTo(ShopSimulation.take(small, Duration.ofDays(2)));
        assertThat(ShopSimulation.take(small.withSeed(2), Duration.ofDays(2))).isNotEqualTo(first);
    }

    @Test
    void takingASpanEndsBeforeItsEnd() {
        List<Simulated> events = ShopSimulation.take(small, Duration.ofHours(6));
        assertThat(events.get(0).time()).isGreaterThanOrEqualTo(small.startMillis());
        assertThat(events.get(events.size() - 1).time())
                .isLessThan(small.startMillis() + Duration.ofHours(6).toMillis());
    }

    @Test
    void takingEventsLeavesOutOutcomes() {
        List<BehaviorEvent> events = ShopSimulation.takeEvents(small, 1_000);
        assertThat(events).hasSize(1_000);
        Set<String> ids = new HashSet<>();
        ShopSimulation simulation = new ShopSimulation(small);
        for (BehaviorEvent event : events) {
            assertThat(simulation.next()).isEqualTo(new SimulatedEvent(event));
            assertThat(ids.add(event.getEventId())).isTrue();
        }
    }

    @Property(tries = 25)
    void anyStreamIsOrderedAndValidAndItsOutcomesFollowTheirEvents(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int users,
            @ForAll @DoubleRange(min = 0.01, max = 2) double eventsPerUserSecond) {
        SimulationConfig config = new SimulationConfig(seed, users, 300, 20, 15,
                SimulationConfig.defaults().startMillis(), eventsPerUserSecond * users,
                new FraudMix(0.01, 0.2, 0.1, 0.2));
        ShopSimulation simulation = new ShopSimulation(config);
        Set<String> eventIds = new HashSet<>();
        Set<String> outcomeIds = new HashSet<>();
        long time = config.startMillis();
        for (int i = 0; i < 20_000; i++) {
            long announced = simulation.nextTime();
            Simulated next = simulation.next();
            assertThat(next.time()).isEqualTo(announced).isGreaterThanOrEqualTo(time);
            time = next.time();
            if (next instanceof SimulatedEvent simulated) {
                requireValid(simulated.event(), config);
                assertThat(eventIds.add(simulated.event().getEventId())).isTrue();
            } else if (next instanceof SimulatedOutcome known) {
                assertThat(eventIds).contains(known.outcome().getEventId());
                assertThat(outcomeIds.add(known.outcome().getOutcomeId())).isTrue();
            }
        }
    }

    @Test
    void theRateIsKeptOverWeeks() {
        SimulationConfig config = SimulationConfig.defaults().withUsers(2_000).withEventsPerSecond(1);
        for (SimulationConfig each : List.of(config, config.withSeed(2).withFraud(FraudMix.none()))) {
            int days = 28;
            long events = ShopSimulation.take(each, Duration.ofDays(days)).stream()
                    .filter(SimulatedEvent.class::isInstance)
                    .count();
            assertThat(events / (days * 86_400.0)).isCloseTo(each.eventsPerSecond(), within(0.1 * each.eventsPerSecond()));
        }
    }

    @Test
    void theGroundTruthKnowsOnlyItsUsers() {
        ShopSimulation simulation = new ShopSimulation(small.withFraud(new FraudMix(0, 1, 0, 0)));
        assertThat(simulation.personaOf("u499")).isEqualTo(Persona.TAKEN_OVER);
        assertThatIllegalArgumentException().isThrownBy(() -> simulation.personaOf("u500"));
        assertThatIllegalArgumentException().isThrownBy(() -> simulation.personaOf("x"));
    }

    @Test
    void everyoneMayBeABot() {
        SimulationConfig bots = small.withUsers(5).withFraud(new FraudMix(1, 0, 0, 0));
        List<Simulated> stream = ShopSimulation.take(bots, Duration.ofDays(20));
        assertThat(stream).anyMatch(SimulatedOutcome.class::isInstance);
        assertThat(stream).filteredOn(SimulatedEvent.class::isInstance)
                .allMatch(s -> ((SimulatedEvent) s).event().getType() == EventType.VIEW);
    }

    @Test
    void outcomesSayWhatTheyAreAbout() {
        List<LabeledOutcome> outcomes = ShopSimulation.take(small, Duration.ofDays(20)).stream()
                .filter(SimulatedOutcome.class::isInstance)
                .map(s -> ((SimulatedOutcome) s).outcome())
                .toList();
        assertThat(outcomes).isNotEmpty().allSatisfy(outcome -> {
            assertThat(outcome.getLabel()).isIn(OutcomeLabels.FRAUD, OutcomeLabels.CHARGEBACK);
            assertThat(outcome.getValue()).isEqualTo(1.0);
            assertThat(outcome.getOutcomeId()).isEqualTo(outcome.getLabel() + ":" + outcome.getEventId());
        });
    }

    private static void requireValid(BehaviorEvent event, SimulationConfig config) {
        assertThat(Integer.parseInt(event.getUserId().substring(1))).isBetween(0, config.users() - 1);
        assertThat(event.getEventId()).hasSizeLessThan(24);
        assertThat(event.getType()).isNotEqualTo(EventType.UNKNOWN);
        assertThat(event.getLatitude()).isBetween(-90.0, 90.0);
        assertThat(event.getLongitude()).isBetween(-180.0, 180.0);
        assertThat(event.getSessionId()).isNotBlank();
        assertThat(event.getDeviceId()).isNotBlank();
        assertThat(event.getIp()).matches("\\d{1,3}(\\.\\d{1,3}){3}");
        assertThat(event.getChannel()).isNotBlank();
        if (ABOUT_AN_ITEM.contains(event.getType())) {
            assertThat(event.getItemId()).isNotNull();
            assertThat(event.getCategoryId()).isNotNull();
            assertThat(event.getBrand()).isNotNull();
        }
        if (event.getAmountMinor() != null) {
            assertThat(event.getAmountMinor()).isPositive();
            assertThat(event.getCurrency()).isEqualTo("EUR");
        }
        switch (event.getType()) {
            case ORDER, PAYMENT, PAYMENT_FAILED -> {
                assertThat(event.getAmountMinor()).isNotNull();
                assertThat(event.getQuantity()).isPositive();
            }
            case VIEW, CART_ADD, REFUND -> assertThat(event.getAmountMinor()).isNotNull();
            case SEARCH, INQUIRY -> assertThat(event.getText()).isNotBlank();
            case REVIEW -> {
                assertThat(event.getText()).isNotBlank();
                assertThat(event.getRating()).isBetween(1.0, 5.0);
            }
            default -> { }
        }
    }
}
