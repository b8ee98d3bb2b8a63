package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.simulation.FraudMix;
import io.liveprofile.simulation.ShopSimulation;
import io.liveprofile.simulation.Simulated;
import io.liveprofile.simulation.SimulatedEvent;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/**
 * Simulated events of honest shoppers as they come from the broker: encoded, then decoded, checked and pseudonymised as in
 * the job. Without bots, since what is quarantined costs less than what is counted.
 */
final class SimulatedRecords implements GeneratorFunction<Long, IngestedRecord> {
    private static final long serialVersionUID = 1L;
    private static final EventLimits LIMITS =
            new EventLimits(Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(400), 10_000, 256,
                    1_024, 1 << 20);
    private static final double EVENTS_PER_USER_SECOND = 0.001;

    private final int users;
    private final String keyset;

    private transient ShopSimulation simulation;
    private transient SingleObject<BehaviorEvent> encoding;
    private transient EventDecoder decoder;
    private transient String subtask;
    private transient byte[] encoded;

    SimulatedRecords(int users, int parallelism, String keyset) {
        this.users = Math.max(1, users / parallelism);
        this.keyset = keyset;
    }

    @Override
    public void open(SourceReaderContext context) {
        begin(context.getIndexOfSubtask());
    }

    /** Each subtask has users of its own, so that the events of one user stay in order. */
    void begin(int number) {
        subtask = number + "-";
        simulation = new ShopSimulation(SimulationConfig.defaults()
                .withFraud(FraudMix.none())
                .withUsers(users)
                .withEventsPerSecond(users * EVENTS_PER_USER_SECOND)
                .withSeed(number + 1));
        encoding = new SingleObject<>(BehaviorEvent.class);
        decoder = EventDecoder.avro(LIMITS, Pseudonymizer.ofKeyset(keyset));
    }

    @Override
    public IngestedRecord map(Long number) {
        Simulated simulated = simulation.next();
        while (!(simulated instanceof SimulatedEvent)) {
            simulated = simulation.next();
        }
        BehaviorEvent event = ((SimulatedEvent) simulated).event();
        event.setUserId(subtask + event.getUserId());
        encoded = encoding.encode(event);
        return decoder.decode(Topic.BEHAVIOR_EVENTS.topicName(), 0, number, event.getEventTime(), null, encoded)
                .get(0);
    }

    /** The newest event as it came from the broker. */
    byte[] encoded() {
        return encoded;
    }
}
