package io.liveprofile.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class OutlierFilterTest {
    private static final OutlierConfig CONFIG =
            new OutlierConfig(1_000_000, 8, Duration.ofSeconds(10), 50, 20, 8, 8);

    private final OutlierFilter filter = new OutlierFilter(CONFIG);
    private OutlierState state = new OutlierState();
    private long time = 1_000_000_000;

    @Test
    void anOrderFarAboveTheUsersOwnIsAnOutlierWithItsFigures() {
        for (int i = 0; i < 10; i++) {
            assertThat(order(1_000 + i * 10)).isEmpty();
        }
        List<Reason> reasons = order(100_000);
        assertThat(reasons).singleElement().satisfies(reason -> {
            assertThat(reason.getCode()).isEqualTo("amount-outlier");
            assertThat(reason.getField()).isEqualTo("amountMinor");
            assertThat(reason.getValue()).isEqualTo(100_000);
            // median 1045 as logarithm, MAD below the floor of 0.25: exp(ln 1046 + 8 * 1.4826 * 0.25) - 1
            assertThat(reason.getLimit()).isCloseTo(20_288, within(300.0));
            assertThat(reason.getText()).isEqualTo(String.format(
                    "amount 100000 is far above this user's usual ones, at most %.0f", reason.getLimit()));
        });
        assertThat(order(10)).as("cheap is no error").isEmpty();
    }

    @Test
    void aLastingChangeOfLevelBecomesNormal() {
        for (int i = 0; i < 32; i++) {
            order(1_000);
        }
        int outliers = 0;
        for (int i = 0; i < 40; i++) {
            outliers += order(500_000).size();
        }
        assertThat(outliers).isBetween(10, 17);
        assertThat(order(500_000)).isEmpty();
    }

    @Test
    void hardLimitsHoldFromTheFirstEventAndForEveryType() {
        BehaviorEvent view = TestingEvents.event("e", EventType.VIEW, time);
        view.setAmountMinor(1_000_001L);
        assertThat(filter.judge(state, view)).extracting(Reason::getCode).containsExactly("amount-hard-max");
        view.setAmountMinor(1_000_000L);
        assertThat(filter.judge(state, view)).isEmpty();
    }

    @Test
    void aBurstIsAnOutlierAgainstTheUsersOwnPace() {
        for (int interval = 0; interval < 10; interval++) {
            time += 10_000;
            for (int i = 0; i < 2; i++) {
                assertThat(view()).isEmpty();
            }
        }
        time += 10_000;
        for (int i = 0; i < 20; i++) {
            assertThat(view()).as("always allowed").isEmpty();
        }
        // Usual pace: median 2, MAD floor 1: at most 2 + 8 * 1.4826.
        assertThat(view()).extracting(Reason::getCode).containsExactly("rate-outlier");
        for (int i = 0; i < 29; i++) {
            view();
        }
        assertThat(view()).extracting(Reason::getCode).containsExactly("rate-hard-max");
        time += 10_000;
        assertThat(view()).isEmpty();
    }

    @Test
    void stateBringsTheSameVerdicts() throws IOException {
        Random random = new Random(7);
        OutlierState kept = new OutlierState();
        for (int i = 0; i < 3_000; i++) {
            time += random.nextInt(random.nextInt(50) == 0 ? 60_000 : 600);
            BehaviorEvent event = TestingEvents.event("e", EventType.ORDER, time);
            event.setAmountMinor((long) Math.exp(random.nextGaussian() * 2 + 6));
            assertThat(filter.judge(state, event)).isEqualTo(filter.judge(kept, event));
            if (random.nextInt(3) == 0) {
                state = copy(state);
            }
        }
    }

    @Test
    void medianAndDeviationAreThoseOfTheDefinition() {
        RobustLimit limit = new RobustLimit(2, 0.001);
        RobustLimit.History history = new RobustLimit.History(5);
        for (double value : new double[] {99, 98, 1, 2, 4, 8, 16}) {
            history.add(value);
        }
        assertThat(history.values()).containsExactly(1, 2, 4, 8, 16);
        // median 4; deviations 3 2 0 4 12, their median 3
        assertThat(limit.after(history)).isCloseTo(4 + 2 * 1.4826 * 3, within(1e-9));
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new OutlierConfig(1, 8, Duration.ofSeconds(10), 10, 20, 8, 8))
                .isInstanceOf(ConfigException.class)
                .hasMessage("anomaly.rate.hard-max = '10': must be at least anomaly.rate.always-allowed (20)");
    }

    private List<Reason> order(long amount) {
        time += 60_000;
        BehaviorEvent event = TestingEvents.event("e", EventType.ORDER, time);
        event.setAmountMinor(amount);
        return filter.judge(state, event);
    }

    private List<Reason> view() {
        return filter.judge(state, TestingEvents.event("e", EventType.VIEW, time));
    }

    private static OutlierState copy(OutlierState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        state.write(encoder);
        return OutlierState.read(DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
