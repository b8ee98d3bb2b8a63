package io.liveprofile.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.simulation.NoisyEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NoisyEventsTest {
    private static final NoiseMix MUCH =
            new NoiseMix(3, 0.1, 0.2, 0.05, 0.05, Duration.ofMinutes(1), Duration.ofHours(2));

    private final SimulationConfig config = SimulationConfig.defaults().withUsers(50).withEventsPerSecond(1);

    private List<NoisyEvent> noisy(NoiseMix mix, int events) {
        List<Simulated> source = new ArrayList<>();
        ShopSimulation.takeEvents(config, events).forEach(event -> source.add(new SimulatedEvent(event)));
        List<NoisyEvent> messages = new ArrayList<>();
        new NoisyEvents(source.iterator(), mix).forEachRemaining(messages::add);
        return messages;
    }

    @Test
    void everyEventComesOnceAndTheRestOnTop() {
        List<NoisyEvent> messages = noisy(MUCH, 5_000);
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        Set<String> counted = new HashSet<>();
        for (NoisyEvent message : messages) {
            counts.merge(message.kind(), 1, Integer::sum);
            switch (message.kind()) {
                case GOOD, DELAYED -> assertThat(counted.add(message.event().getEventId())).isTrue();
                case DUPLICATE -> assertThat(counted).contains(message.event().getEventId());
                case LATE -> assertThat(counted).doesNotContain(message.event().getEventId());
                case MALFORMED -> assertThat(message.event()).isNull();
            }
        }
        assertThat(counts.get(Kind.GOOD) + counts.get(Kind.DELAYED)).isEqualTo(5_000);
        // Five standard deviations of a binomial with n = 5,000.
        assertThat(counts.get(Kind.DELAYED)).isBetween(1_000 - 142, 1_000 + 142);
        assertThat(counts.get(Kind.DUPLICATE)).isBetween(500 - 107, 500 + 107);
        assertThat(counts.get(Kind.LATE)).isBetween(200 - 71, 200 + 71);
        assertThat(counts.get(Kind.MALFORMED)).isBetween(250 - 78, 250 + 78);
    }

    @Property(tries = 10)
    void nothingIsLateButWhatIsCalledLate(@ForAll long seed) {
        NoiseMix mix = new NoiseMix(seed, 0.1, 0.3, 0.05, 0.05, Duration.ofMinutes(1), Duration.ofHours(2));
        Map<String, Long> newest = new HashMap<>();
        boolean outOfOrder = false;
        for (NoisyEvent message : noisy(mix, 2_000)) {
            if (message.kind() == Kind.MALFORMED) {
                continue;
            }
            long time = message.event().getEventTime();
            long behind = newest.getOrDefault(message.userId(), time) - time;
            if (message.kind() == Kind.LATE) {
                assertThat(behind).isGreaterThanOrEqualTo(mix.lateBy().toMillis());
                continue;
            }
            assertThat(behind).isLessThanOrEqualTo(mix.maxDelay().toMillis());
            outOfOrder |= message.kind() == Kind.DELAYED && behind > 0;
            newest.merge(message.userId(), time, Math::max);
        }
        assertThat(outOfOrder).isTrue();
    }

    @Test
    void onlyMalformedMessagesCannotBeRead() throws Exception {
        SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
        for (NoisyEvent message : noisy(MUCH, 5_000)) {
            if (message.kind() == Kind.MALFORMED) {
                assertThatThrownBy(() -> codec.decode(message.message())).isInstanceOf(Exception.class);
            } else {
                assertThat(codec.decode(message.message())).isEqualTo(message.event());
            }
        }
    }

    @Test
    void equalMixesGiveEqualMessages() {
        List<NoisyEvent> first = noisy(MUCH, 500);
        assertThat(noisy(MUCH, 500)).usingRecursiveFieldByFieldElementComparatorIgnoringFields().isEqualTo(first);
    }

    @Test
    void withoutNoiseTheSourceComesAsItIs() {
        NoiseMix none = new NoiseMix(1, 0, 0, 0, 0, Duration.ofSeconds(1), Duration.ofDays(1));
        assertThat(noisy(none, 300)).extracting(NoisyEvent::event)
                .isEqualTo(ShopSimulation.takeEvents(config, 300));
    }

    @Test
    void endsWithItsSource() {
        NoisyEvents empty = new NoisyEvents(Collections.emptyIterator(), MUCH);
        assertThat(empty.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(empty::next);
    }
}
