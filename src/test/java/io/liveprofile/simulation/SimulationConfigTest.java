package io.liveprofile.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulationConfigTest {
    private final SimulationConfig defaults = SimulationConfig.defaults();

    @Test
    void anErrorNamesKeyValueAndAllowedRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withUsers(0))
                .withMessage("simulation.users: 0, allowed: 1 to 4000000");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withEventsPerSecond(0))
                .withMessageContaining("simulation.eventsPerSecond: 0.0, allowed: above 0 to 100000");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withEventsPerSecond(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withStartMillis(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FraudMix(-0.1, 0, 0, 0))
                .withMessage("fraud.bots: -0.1, allowed: 0 to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new FraudMix(0.5, 0.5, 0.5, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimulationConfig(1, 10, 20, 30, 5, 0, 1, FraudMix.none()))
                .withMessage("simulation.items: 20, allowed: 30 to 1000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoiseMix(1, 0, 0, 0, 0, Duration.ofDays(1), Duration.ofDays(1)))
                .withMessageContaining("noise.lateBy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NoiseMix(1, 2, 0, 0, 0, Duration.ofSeconds(1), Duration.ofDays(1)))
                .withMessage("noise.duplicates: 2.0, allowed: 0 to 1");
    }

    @Test
    void eachWithChangesOneValue() {
        assertThat(defaults.withSeed(7).seed()).isEqualTo(7);
        assertThat(defaults.withUsers(7).users()).isEqualTo(7);
        assertThat(defaults.withStartMillis(7).startMillis()).isEqualTo(7);
        assertThat(defaults.withEventsPerSecond(7).eventsPerSecond()).isEqualTo(7);
        assertThat(defaults.withFraud(FraudMix.none()).fraud()).isEqualTo(FraudMix.none());
        assertThat(defaults.withSeed(7).withSeed(defaults.seed())).isEqualTo(defaults);
    }

    @Test
    void theMixDecidesHowManyUsersAreOfEachPersona() {
        SimulationConfig config = defaults.withUsers(100_000);
        int[] counts = new int[Persona.values().length];
        for (int user = 0; user < config.users(); user++) {
            counts[Persona.of(config, user).ordinal()]++;
        }
        // Five standard deviations of a binomial: 5 * sqrt(1000) = 158, 5 * sqrt(500) = 112.
        assertThat(counts[Persona.BOT.ordinal()]).isBetween(388, 612);
        assertThat(counts[Persona.TAKEN_OVER.ordinal()]).isBetween(842, 1158);
        assertThat(counts[Persona.CARD_TESTER.ordinal()]).isBetween(388, 612);
        assertThat(counts[Persona.REFUND_ABUSER.ordinal()]).isBetween(842, 1158);
    }
}
