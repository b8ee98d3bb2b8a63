package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.feature.FeaturePlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class FeatureFilesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15})
    void eachWindowHoldsTheSameAggregates(int windows) {
        FeaturePlan plan = FeaturePlan.read(ConfigNode.parse("features.yaml", FeatureFiles.windows(windows)));
        assertThat(plan.aggregates().statisticNames()).hasSize(12 * windows);
        assertThat(plan.schema().size()).isEqualTo(12 * windows);
    }

    @Test
    void thereIsAnEndToWindows() {
        assertThatThrownBy(() -> FeatureFiles.windows(16)).hasMessageContaining("from 1 to 15");
        assertThatThrownBy(() -> FeatureFiles.windows(0)).hasMessageContaining("from 1 to 15");
    }
}
