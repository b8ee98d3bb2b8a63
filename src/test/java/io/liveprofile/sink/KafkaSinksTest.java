package io.liveprofile.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {
    /** Flink refuses to start two sinks of one job that have the same: they would take back each other's transactions. */
    @Test
    void eachSinkOfAJobHasTransactionsOfItsOwn() throws Exception {
        KafkaSinks sinks = new KafkaSinks("127.0.0.1:1", DeliveryGuarantee.EXACTLY_ONCE, "job", Duration.ofMinutes(15));
        assertThat(prefixes(sinks.profileSinks()))
                .hasSize(9)
                .doesNotHaveDuplicates()
                .contains("job-user-profiles", "job-dead-letters", "job-outcome-dead-letters");
        assertThat(prefixes(sinks.trainingSinks())).hasSize(3).doesNotHaveDuplicates();
    }

    private static List<Object> prefixes(Record sinks) throws Exception {
        Field prefix = KafkaSink.class.getDeclaredField("transactionalIdPrefix");
        prefix.setAccessible(true);
        List<Object> prefixes = new ArrayList<>();
        for (RecordComponent each : sinks.getClass().getRecordComponents()) {
            prefixes.add(prefix.get(((RestorableSink<?>) each.getAccessor().invoke(sinks)).sink()));
        }
        return prefixes;
    }
}
