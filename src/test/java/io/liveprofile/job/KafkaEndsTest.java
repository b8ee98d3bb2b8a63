package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class KafkaEndsTest {
    @Test
    void letsFailOnlyAsManyCheckpointsAsTheTransactionsOfExactlyOnceOutlast() {
        assertThat(tolerated(Options.Delivery.EXACTLY_ONCE, "15 min", "10 min")).isZero();
        assertThat(tolerated(Options.Delivery.EXACTLY_ONCE, "2 h", "10 min")).isEqualTo(10);
        assertThat(tolerated(Options.Delivery.EXACTLY_ONCE, "1 d", "10 min")).isEqualTo(30);
        assertThat(tolerated(Options.Delivery.AT_LEAST_ONCE, "15 min", "10 min")).isEqualTo(30);
    }

    @Test
    void refusesTransactionsThatNoCheckpointIsSureToCommit() {
        assertThatThrownBy(() -> tolerated(Options.Delivery.EXACTLY_ONCE, "5 min", "10 min"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("delivery.transaction-timeout = 5 min must be at least the interval and the timeout of a checkpoint,"
                        + " 610 s");
    }

    @Test
    void aTransactionIsAnIntervalOlderThanTheCheckpointThatCommitsIt() {
        assertThat(commitWithin(Options.Delivery.EXACTLY_ONCE)).isEqualTo(Duration.ofSeconds(15 * 60 - 10));
        assertThat(commitWithin(Options.Delivery.AT_LEAST_ONCE)).isNull();
    }

    private static Duration commitWithin(Options.Delivery delivery) {
        Configuration options = new Configuration();
        options.set(Options.DELIVERY, delivery);
        Configuration settings = new Configuration();
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        return new KafkaEnds(options, "").commitWithin(StreamExecutionEnvironment.getExecutionEnvironment(settings));
    }

    private static int tolerated(Options.Delivery delivery, String transactionTimeout, String checkpointTimeout) {
        Configuration options = new Configuration();
        options.set(Options.DELIVERY, delivery);
        options.setString(Options.TRANSACTION_TIMEOUT.key(), transactionTimeout);
        Configuration settings = new Configuration();
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        settings.setString(CheckpointingOptions.CHECKPOINTING_TIMEOUT.key(), checkpointTimeout);
        settings.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 30);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        new KafkaEnds(options, "").limitFailedCheckpoints(env);
        return env.getCheckpointConfig().getTolerableCheckpointFailureNumber();
    }
}
