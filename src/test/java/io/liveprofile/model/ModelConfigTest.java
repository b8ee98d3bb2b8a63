package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {

    @Test
    void theShippedFileSaysTheDefaults() {
        assertThat(ModelConfig.read(Path.of("flink-conf/model.yaml")))
                .isEqualTo(ModelConfig.defaults("purchase_24h", "fraud"));
    }

    @Test
    void whatIsLeftOutIsTheDefault() {
        assertThat(ModelConfig.parse(ConfigNode.parse("m.yaml", "hidden_layers: [64, 64, 64]\nheads: [{name: churn}]")))
                .isEqualTo(ModelConfig.defaults("churn"));
    }

    @Test
    void readsWhatIsThere() {
        ModelConfig config = ModelConfig.parse(ConfigNode.parse("m.yaml", """
                hidden_layers: []
                activation: selu
                missing_indicator: false
                input_clip: 3.5
                heads:
                  - {name: fraud, positive_weight: balanced, loss_weight: 2}
                training: {learning_rate: 0.01, batch_size: 32, epochs: 2, patience: 1, l2: 0, dropout: 0.3, clip_norm: 5, seed: -4}
                """));
        assertThat(config).isEqualTo(new ModelConfig(List.of(), Activation.SELU, false, 3.5,
                List.of(new ModelConfig.Head("fraud", ModelConfig.BALANCED, 2)),
                new ModelConfig.Training(0.01, 32, 2, 1, 0, 0.3, 5, -4)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "hidden_layers: [64, 0]                          | m.yaml:1: hidden_layers[1] = '0': must be from 1 to 4096",
        "activation: gelu                                | m.yaml:2: activation = 'gelu': must be one of [RELU, TANH, ELU, SELU]",
        "missing_indicator: maybe                        | m.yaml:2: missing_indicator = 'maybe': must be true or false",
        "training: {learning_rate: 2}                    | m.yaml:2: training.learning_rate = '2': must be from 1.0E-9 to 1.0",
        "training: {dropout: 1}                          | m.yaml:2: training.dropout = '1': must be from 0.0 to 0.95",
        "training: {epoch: 3}                            | m.yaml:2: training.epoch: unknown key; allowed: learning_rate, batch_size, epochs, patience, l2, dropout, clip_norm, seed",
        "layers: [3]                                     | m.yaml:2: layers: unknown key; allowed: hidden_layers, activation, missing_indicator, input_clip, linear_path, embeddings, heads, training, online",
        "embeddings: {buckets: 0}                        | m.yaml:2: embeddings.buckets = '0': must be from 1 to 16777216",
        "online: {replay_steps: -1}                      | m.yaml:2: online.replay_steps = '-1': must be from 0 to 1000",
        "heads: []                                       | m.yaml:1: heads: must list at least one head",
        "heads: [{name: Fraud}]                          | m.yaml:1: heads[0].name = 'Fraud': must be lower-case letters, digits and _, a letter first",
        "heads: [{name: a}, {name: a}]                   | m.yaml:1: heads[1].name = 'a': stands twice",
        "heads: [{name: a, positive_weight: 0}]          | m.yaml:1: heads[0].positive_weight = '0': must be from 1.0E-6 to 1000000.0"
    })
    void anErrorNamesFileLineKeyValueAndWhatIsAllowed(String line, String message) {
        String yaml = line.startsWith("hidden_layers") ? line + "\nheads: [{name: a}]"
                : line.startsWith("heads") ? line + "\nhidden_layers: [4]"
                : "hidden_layers: [4]\n" + line + "\nheads: [{name: a}]";
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ModelConfig.parse(ConfigNode.parse("m.yaml", yaml)))
                .withMessage(message);
    }
}
