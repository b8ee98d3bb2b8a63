package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LabelPlanTest {
    private static final Path SHIPPED = Path.of("flink-conf");

    static Stream<Path> shipped() throws Exception {
        try (Stream<Path> evaluations = Files.list(SHIPPED.resolve("evaluations"))) {
            return Stream.concat(Stream.of(SHIPPED), evaluations.toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theShippedLabelsAreThoseOfTheShippedModels(Path directory) {
        ModelConfig model = ModelConfig.read(directory.resolve("model.yaml"));
        assertThat(LabelPlan.read(directory.resolve("labels.yaml"), model.headNames()).labels())
                .extracting(Label::head).isEqualTo(model.headNames());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ horizon: 1 h } | positive",
        "{ positive: { events: [ORDER] } } | 'horizon'",
        "{ positive: { events: [ORDRE] }, horizon: 1 h } | ORDRE",
        "{ positive: { events: [ORDER], silence: all }, horizon: 1 h } | must have one of events, outcomes, silence",
        "{ positive: { outcomes: [] }, horizon: 1 h } | must name at least one label, and none that is empty",
        "{ positive: { outcomes: '' }, horizon: 1 h } | must name at least one label, and none that is empty",
        "{ positive: { outcomes: [fraud], where: 'true' }, horizon: 1 h } | goes with events only",
        "{ positive: { events: [ORDER] }, horizon: 1 h, negative_after: 2 h } | must be at most the horizon",
        "{ positive: { silence: all }, horizon: 1 h, negative_after: 30 min } | has no meaning for silence",
        "{ positive: { events: [ORDER] }, horizon: 1 h, keep_negatives: 0 } | keep_negatives",
        "{ positive: { events: [ORDER] }, horizon: 1 h, judge: [VIEW] } | judge"
    })
    void aWrongLabelIsRefusedByName(String label, String problem) {
        assertThatThrownBy(() -> plan("labels: { bought: " + label + " }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("labels.yaml:1: ")
                .hasMessageContaining(problem);
    }

    @Test
    void headsAndLabelsBelongTogether() {
        String labels = "labels: { bought: { positive: { events: [ORDER] }, horizon: 1 h } }";

        assertThatThrownBy(() -> plan(labels, "bought", "fraud"))
                .isInstanceOf(ConfigException.class).hasMessageContaining("has no label for the model's head fraud");
        assertThatThrownBy(() -> plan(labels, "fraud"))
                .isInstanceOf(ConfigException.class).hasMessageContaining("is no head of the model; heads: fraud");
    }

    private static LabelPlan plan(String yaml, String... heads) {
        ConfigNode root = ConfigNode.parse("labels.yaml", yaml);
        return LabelPlan.parse(root, heads.length == 0 ? List.copyOf(root.get("labels").keys()) : List.of(heads));
    }
}
