package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShopTrafficTest {
    @Test
    void everyHourOfADayHasEventsAndAllOfThemAreCounted() throws Exception {
        ShopTraffic day = new ShopTraffic(2_000, Duration.ofHours(24));
        long[] until = day.eventsUntil(Duration.ofHours(1));
        assertThat(until).hasSize(24).isSorted().doesNotHaveDuplicates();
        assertThat(until[0]).isPositive();
        assertThat(until[23]).isEqualTo(day.events());
        assertThat(new ShopTraffic(2_000, Duration.ofHours(24)).eventsUntil(Duration.ofHours(7)))
                .as("the last part is shorter").containsExactly(until[6], until[13], until[20], until[23]);
    }
}
