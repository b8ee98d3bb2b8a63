package io.liveprofile.job;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.job.types.UserUpdateTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The operator of the users in a harness, with room for one user in memory; what tests of it send and see. */
abstract class UserUpdateOperatorHarness {
    static final long START = 1_750_000_000_000L;
    static final long DAY = 86_400_000L;

    final Configuration options = new Configuration();
    KeyedOneInputStreamOperatorTestHarness<String, IngestedRecord, UserUpdate> harness;
    UserUpdateOperator operator;

    @BeforeEach
    void setUp() throws Exception {
        options.set(Options.HOT_USERS, new MemorySize(2_000)); // one user
        options.set(Options.REFRESH, Duration.ZERO);
        open(null);
    }

    @AfterEach
    void tearDown() throws Exception {
        harness.close();
    }

    double statistic(UserUpdate update, String name) {
        List<String> names = ProfileJobConfig.of(options).featurePlan().aggregates().statisticNames();
        return update.values().statistics()[names.indexOf(name)];
    }

    void open(OperatorSubtaskState state) throws Exception {
        operator = new UserUpdateOperator(ProfileJobConfig.of(options));
        harness = new KeyedOneInputStreamOperatorTestHarness<>(
                operator, record -> record.getEvent().getUserId(), Types.STRING);
        harness.setup(UserUpdateTypeInfo.INSTANCE.createSerializer(new ExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    void send(BehaviorEvent event) throws Exception {
        harness.processElement(
                new IngestedRecord("behavior-events", 0, 0L, event.getEventTime(), event, null, null, null, 0), event.getEventTime());
    }

    List<UserUpdate> updates() {
        return new ArrayList<>(harness.extractOutputValues());
    }

    long count(String name) {
        return operator.counted(name);
    }

    static BehaviorEvent event(String user, String id, long time) {
        return BehaviorEvent.newBuilder()
                .setEventId(id)
                .setUserId(user)
                .setEventTime(time)
                .setType(EventType.VIEW)
                .build();
    }
}
