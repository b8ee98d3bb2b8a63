package io.liveprofile.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each kind of fraud leaves its traces, and its outcome comes late. */
class FraudTest {
    private static final SimulationConfig CONFIG = SimulationConfig.defaults().withUsers(400).withEventsPerSecond(0.25);

    /** Events by id in order of time, and the outcomes about them. */
    private record Stream(Map<String, BehaviorEvent> events, List<LabeledOutcome> outcomes) {

        static Stream of(FraudMix fraud, int days) {
            Stream stream = new Stream(new LinkedHashMap<>(), new ArrayList<>());
            for (Simulated next : ShopSimulation.take(CONFIG.withFraud(fraud), Duration.ofDays(days))) {
                if (next instanceof SimulatedEvent simulated) {
                    stream.events.put(simulated.event().getEventId(), simulated.event());
                } else if (next instanceof SimulatedOutcome known) {
                    stream.outcomes.add(known.outcome());
                }
            }
            return stream;
        }

        Map<String, List<BehaviorEvent>> sessionsWithOutcomes() {
            Map<String, List<BehaviorEvent>> sessions = new HashMap<>();
            outcomes.forEach(o -> sessions.put(events.get(o.getEventId()).getSessionId(), new ArrayList<>()));
            events.values().stream()
                    .filter(e -> sessions.containsKey(e.getSessionId()))
                    .forEach(e -> sessions.get(e.getSessionId()).add(e));
            return sessions;
        }

        void requireOutcomes(String label, EventType about, double fromDays, double toDays) {
            assertThat(outcomes).filteredOn(o -> o.getLabel().equals(label)).isNotEmpty().allSatisfy(outcome -> {
                BehaviorEvent event = events.get(outcome.getEventId());
                assertThat(event.getType()).isEqualTo(about);
                assertThat(event.getUserId()).isEqualTo(outcome.getUserId());
                assertThat((outcome.getOutcomeTime() - event.getEventTime()) / (double) Calendar.DAY)
                        .isBetween(fromDays, toDays);
            });
        }
    }

    @Test
    void aBotViewsDozensASecondForMinutes() {
        Stream stream = Stream.of(new FraudMix(0.02, 0, 0, 0), 15);
        stream.requireOutcomes(OutcomeLabels.FRAUD, EventType.VIEW, 1, 3);
        Map<String, List<BehaviorEvent>> sessions = stream.sessionsWithOutcomes();
        for (LabeledOutcome outcome : stream.outcomes()) {
            List<BehaviorEvent> burst = sessions.get(stream.events().get(outcome.getEventId()).getSessionId());
            BehaviorEvent last = burst.get(burst.size() - 1);
            double seconds = (last.getEventTime() - burst.get(0).getEventTime()) / 1000.0;
            assertThat(last.getEventId()).isEqualTo(outcome.getEventId());
            assertThat(seconds).isBetween(59.0, 150.0);
            assertThat(burst.size() / seconds).isBetween(13.0, 43.0);
        }
    }

    @Test
    void aStrangerLogsInFromFarAwayAndOrdersDearThings() {
        Stream stream = Stream.of(new FraudMix(0, 0.2, 0, 0), 15);
        stream.requireOutcomes(OutcomeLabels.FRAUD, EventType.ORDER, 1, 5);
        Map<String, List<BehaviorEvent>> sessions = stream.sessionsWithOutcomes();
        for (LabeledOutcome outcome : stream.outcomes()) {
            BehaviorEvent order = stream.events().get(outcome.getEventId());
            List<BehaviorEvent> breakIn = sessions.get(order.getSessionId());
            List<EventType> types = breakIn.stream().map(BehaviorEvent::getType).toList();
            int login = types.indexOf(EventType.LOGIN);
            assertThat(login).isBetween(4, 12);
            assertThat(types.subList(0, login)).containsOnly(EventType.LOGIN_FAILED);
            Shopper owner = new Shopper(CONFIG, Integer.parseInt(order.getUserId().substring(1)), order.getEventTime());
            double degrees = Math.abs(order.getLatitude() - owner.latitude)
                    + Math.abs(order.getLongitude() - owner.longitude);
            assertThat(degrees).isGreaterThan(30);
        }
        assertThat(meanAmount(stream, true)).isGreaterThan(3 * meanAmount(stream, false));
    }

    @Test
    void aCardTesterFailsManySmallPaymentsOnASharedDevice() {
        Stream stream = Stream.of(new FraudMix(0, 0, 0.1, 0), 20);
        stream.requireOutcomes(OutcomeLabels.FRAUD, EventType.PAYMENT, 3, 14);
        stream.requireOutcomes(OutcomeLabels.CHARGEBACK, EventType.PAYMENT, 3, 13);
        Map<String, List<BehaviorEvent>> sessions = stream.sessionsWithOutcomes();
        Map<String, Set<String>> usersOfDevice = new HashMap<>();
        for (LabeledOutcome outcome : stream.outcomes()) {
            BehaviorEvent payment = stream.events().get(outcome.getEventId());
            List<BehaviorEvent> session = sessions.get(payment.getSessionId());
            assertThat(session).hasSizeBetween(10, 40).allMatch(e -> e.getAmountMinor() <= 300);
            assertThat(session).filteredOn(e -> e.getType() == EventType.PAYMENT_FAILED)
                    .hasSizeGreaterThan(session.size() / 2);
            usersOfDevice.computeIfAbsent(payment.getDeviceId(), d -> new HashSet<>()).add(payment.getUserId());
        }
        assertThat(usersOfDevice.values()).anyMatch(users -> users.size() > 1);
    }

    @Test
    void aRefundAbuserGetsMostOrdersRefunded() {
        Stream stream = Stream.of(new FraudMix(0, 0, 0, 0.2), 50);
        stream.requireOutcomes(OutcomeLabels.FRAUD, EventType.REFUND, 3, 14);
        assertThat(refundShare(stream, true)).isBetween(0.45, 0.8);
        assertThat(refundShare(stream, false)).isBetween(0.01, 0.2);
    }

    @Test
    void honestShoppersHaveNoOutcomes() {
        assertThat(Stream.of(FraudMix.none(), 20).outcomes()).isEmpty();
    }

    private static double meanAmount(Stream stream, boolean fraudulent) {
        Set<String> ids = new HashSet<>();
        stream.outcomes().forEach(o -> ids.add(o.getEventId()));
        return stream.events().values().stream()
                .filter(e -> e.getType() == EventType.ORDER && ids.contains(e.getEventId()) == fraudulent)
                .mapToLong(BehaviorEvent::getAmountMinor)
                .average()
                .orElseThrow();
    }

    private static double refundShare(Stream stream, boolean ofAbusers) {
        Set<String> abusers = new HashSet<>();
        stream.outcomes().forEach(o -> abusers.add(o.getUserId()));
        long[] counts = new long[2];
        stream.events().values().stream()
                .filter(e -> abusers.contains(e.getUserId()) == ofAbusers)
                .forEach(e -> counts[0] += e.getType() == EventType.REFUND ? 1 : 0);
        stream.events().values().stream()
                .filter(e -> abusers.contains(e.getUserId()) == ofAbusers)
                .forEach(e -> counts[1] += e.getType() == EventType.ORDER ? 1 : 0);
        return (double) counts[0] / counts[1];
    }
}
