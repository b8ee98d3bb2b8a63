package io.liveprofile.ingest;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns the values of labeled-outcomes into events of the type OUTCOME, which happen when the outcome became known, or into
 * dead letters. Attributes of such an event: {@code label}, {@code value} and, where the outcome is about an event,
 * {@code eventId}.
 */
public final class OutcomeDecoder {
    private static final String EVENT_ID = "eventId";

    private final EventLimits limits;
    private final EventValidator validator;
    private final Pseudonymizer pseudonymizer;
    private final SingleObject<LabeledOutcome> encoding = new SingleObject<>(LabeledOutcome.class);

    public OutcomeDecoder(EventLimits limits, Pseudonymizer pseudonymizer) {
        this.limits = limits;
        this.validator = new EventValidator(limits);
        this.pseudonymizer = pseudonymizer;
    }

    /** Event that an outcome is about, by what {@link #decode} made of it; null = the user as a whole. */
    public static String eventIdOf(BehaviorEvent outcome) {
        return outcome.getAttributes().get(EVENT_ID);
    }

    /** An outcome as an event of the user of that pseudonym. */
    public static BehaviorEvent event(LabeledOutcome outcome, String pseudonym) {
        Map<String, String> about = outcome.getEventId() == null ? Map.of() : Map.of(EVENT_ID, outcome.getEventId());
        Map<String, String> attributes = new HashMap<>(about);
        attributes.put("label", outcome.getLabel());
        attributes.put("value", Double.toString(outcome.getValue()));
        return BehaviorEvent.newBuilder()
                .setEventId(outcome.getOutcomeId())
                .setUserId(pseudonym)
                .setEventTime(outcome.getOutcomeTime())
                .setType(EventType.OUTCOME)
                .setAttributes(attributes)
                .build();
    }

    /**
     * One record, an event or a dead letter.
     *
     * @param key record key, may be null
     * @param value record value, null for a tombstone
     */
    public IngestedRecord decode(
            String topic, int partition, long offset, long brokerTimeMillis, byte[] key, byte[] value) {
        IngestedRecord record = new IngestedRecord(topic, partition, offset, brokerTimeMillis, null, null, null, null, 0);
        try {
            LabeledOutcome outcome = outcome(value);
            validator.check(outcome, brokerTimeMillis);
            record.setEvent(event(outcome, pseudonymizer.pseudonym(outcome.getUserId())));
        } catch (RejectedRecordException e) {
            record.setDeadLetter(e.deadLetter(record, key, value, limits));
        } catch (RuntimeException e) {
            // What nobody foresaw would be thrown again after a restart.
            record.setDeadLetter(RejectedRecordException.unforeseen(e).deadLetter(record, key, value, limits));
        }
        return record;
    }

    private LabeledOutcome outcome(byte[] value) throws RejectedRecordException {
        if (value == null || value.length == 0) {
            throw new RejectedRecordException("empty-value", "the record has no value");
        }
        try {
            return encoding.decode(value);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new RejectedRecordException("broken-value", "the value is no labelled outcome in Avro single-object encoding");
        }
    }
}
