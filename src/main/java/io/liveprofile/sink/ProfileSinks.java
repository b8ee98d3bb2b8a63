package io.liveprofile.sink;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import org.apache.flink.api.connector.sink2.Sink;

/** Where the profile job's streams end; Kafka in production, whatever collects them in tests and benchmarks. */
public record ProfileSinks(
        Sink<EncodedRecord> profiles,
        Sink<EncodedRecord> scoredFeatures,
        Sink<RiskAlert> alerts,
        Sink<LateEvent> lateEvents,
        Sink<QuarantinedEvent> quarantine,
        Sink<DeadLetter> deadLetters,
        Sink<DeadLetter> outcomeDeadLetters,
        Sink<LabeledOutcome> outcomes,
        Sink<ModelEvaluation> evaluations) {}
