package io.liveprofile.ingest;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.SingleObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.MissingSchemaException;

/**
 * Turns the bytes of a broker record into an event that every later stage can rely on, its user already a pseudonym, or
 * into a dead letter with the reason and the original bytes. Never throws on what the bytes hold. One instance a thread.
 */
public final class EventDecoder {
    private final SingleObject<BehaviorEvent> avro;
    private final EventLimits limits;
    private final EventValidator validator;
    private final Pseudonymizer pseudonymizer;

    public EventDecoder(EventLimits limits, Pseudonymizer pseudonymizer) {
        this(limits, pseudonymizer, SchemaHistory.of(BehaviorEvent.class));
    }

    EventDecoder(EventLimits limits, Pseudonymizer pseudonymizer, List<Schema> olderSchemas) {
        this.avro = new SingleObject<>(BehaviorEvent.class, olderSchemas);
        this.limits = limits;
        this.validator = new EventValidator(limits);
        this.pseudonymizer = pseudonymizer;
    }

    /**
     * @param key record key, may be null
     * @param value record value, null for a tombstone
     */
    public IngestedRecord decode(
            String topic, int partition, long offset, long brokerTimeMillis, byte[] key, byte[] value) {
        IngestedRecord record = new IngestedRecord(topic, partition, offset, brokerTimeMillis, null, null);
        try {
            BehaviorEvent event = event(value);
            validator.check(event, brokerTimeMillis);
            event.setUserId(pseudonymizer.pseudonym(event.getUserId()));
            record.setEvent(event);
        } catch (RejectedRecordException e) {
            record.setDeadLetter(
                    new DeadLetter(topic, partition, offset, e.reason(), e.getMessage(), kept(key), kept(value)));
        }
        return record;
    }

    private BehaviorEvent event(byte[] value) throws RejectedRecordException {
        if (value == null || value.length == 0) {
            throw new RejectedRecordException("empty-value", "the record has no value");
        }
        if (value.length > limits.maxRecordBytes()) {
            throw new RejectedRecordException("record-too-large", "the value has " + value.length + " bytes, allowed are "
                    + limits.maxRecordBytes() + "; this dead letter holds as many of its first ones");
        }
        try {
            return avro.decode(value);
        } catch (BadHeaderException e) {
            throw new RejectedRecordException("not-single-object", "the value is not in Avro single-object encoding");
        } catch (MissingSchemaException e) {
            throw new RejectedRecordException("unknown-schema", "the writer's schema fingerprint is not known");
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // Whatever bytes make the decoder throw, the same ones would make it throw after a restart. It runs out of
            // memory on a length that the bytes merely claim, where Avro's own limits were read before SingleObject set
            // them; nothing was allocated then.
            throw new RejectedRecordException("broken-value", "the value ends early or does not fit its schema");
        }
    }

    private ByteBuffer kept(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, limits.maxRecordBytes()));
    }
}
