package io.liveprofile.ingest;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.SingleObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.MissingSchemaException;

/**
 * Turns the bytes of a broker record, or of a history file's row, into events that every later stage can rely on, their
 * user already a pseudonym, and into labelled outcomes, their user the shop's own; or into a dead letter with the reason
 * and the original bytes. Never throws on what the bytes hold. One instance a thread.
 */
public final class EventDecoder {
    private final ValueReader values;
    private final EventLimits limits;
    private final EventValidator validator;
    private final Pseudonymizer pseudonymizer;
    private final EventSpan span;

    /** How the value of a record becomes events and outcomes. */
    private interface ValueReader {
        /** {@code offset} stands for the row's number where a mapping asks for it. */
        MappedRow read(byte[] value, long offset) throws RejectedRecordException;
    }

    private interface Admission {
        void run() throws RejectedRecordException;
    }

    private EventDecoder(ValueReader values, EventLimits limits, Pseudonymizer pseudonymizer, EventSpan span) {
        this.values = values;
        this.limits = limits;
        this.validator = new EventValidator(limits);
        this.pseudonymizer = pseudonymizer;
        this.span = span;
    }

    /** Of values in Avro single-object encoding, of this or an earlier release. */
    public static EventDecoder avro(EventLimits limits, Pseudonymizer pseudonymizer) {
        return avro(limits, pseudonymizer, SchemaHistory.of(BehaviorEvent.class));
    }

    static EventDecoder avro(EventLimits limits, Pseudonymizer pseudonymizer, List<Schema> olderSchemas) {
        SingleObject<BehaviorEvent> encoding = new SingleObject<>(BehaviorEvent.class, olderSchemas);
        return new EventDecoder((value, offset) -> MappedRow.of(avroEvent(encoding, value)), limits, pseudonymizer,
                EventSpan.ALWAYS);
    }

    /** Of values that are CSV lines (without a header) or JSON objects of a foreign system. */
    public static EventDecoder mapped(EventLimits limits, Pseudonymizer pseudonymizer, Mapping mapping) {
        return new EventDecoder(
                (value, offset) -> topicRow(mapping, value, offset), limits, pseudonymizer, EventSpan.ALWAYS);
    }

    /**
     * Of values that are rows of a file. Unlike those of a topic, rows for which no rule applies and blank ones are skipped:
     * the file keeps them.
     */
    public static EventDecoder ofFile(EventLimits limits, Pseudonymizer pseudonymizer, Mapping mapping) {
        return new EventDecoder(
                (value, offset) -> mappedRow(mapping, value, offset), limits, pseudonymizer, EventSpan.ALWAYS);
    }

    /**
     * The same for a source that counts one span of event time. Valid events outside are skipped as
     * {@link EventSpan#OUTSIDE}; outcomes by the time of the event they are about, or else their own before the delay, so
     * that all of a row falls to the same source.
     */
    public EventDecoder within(EventSpan counted) {
        return new EventDecoder(values, limits, pseudonymizer, counted);
    }

    /**
     * One record for each event and outcome of the value, a dead letter in the place of each that cannot enter; one for
     * a value that is a dead letter as a whole or a row that is skipped. At least one, numbered from 0.
     *
     * @param topic topic or name of the file
     * @param partition partition, or -1 for a file
     * @param offset offset, or number of the row's first line
     * @param key record key, may be null
     * @param value record value, null for a tombstone
     */
    public List<IngestedRecord> decode(
            String topic, int partition, long offset, long brokerTimeMillis, byte[] key, byte[] value) {
        List<IngestedRecord> records = new ArrayList<>(1);
        Supplier<IngestedRecord> next = () -> {
            IngestedRecord record = new IngestedRecord(
                    topic, partition, offset, brokerTimeMillis, null, null, null, null, records.size());
            records.add(record);
            return record;
        };
        try {
            MappedRow row = row(value, offset);
            if (row.skippedBy() != null) {
                next.get().setSkippedBy(row.skippedBy());
            }
            for (BehaviorEvent event : row.events()) {
                IngestedRecord record = next.get();
                admit(record, key, value, () -> {
                    validator.check(event, brokerTimeMillis);
                    if (span.covers(event.getEventTime())) {
                        event.setUserId(pseudonymizer.pseudonym(event.getUserId()));
                        record.setEvent(event);
                    } else {
                        record.setSkippedBy(EventSpan.OUTSIDE);
                    }
                });
            }
            for (int i = 0; i < row.outcomes().size(); i++) {
                LabeledOutcome outcome = row.outcomes().get(i);
                long origin = row.origins().get(i);
                IngestedRecord record = next.get();
                admit(record, key, value, () -> {
                    validator.check(outcome, brokerTimeMillis);
                    if (span.covers(origin)) {
                        record.setOutcome(outcome);
                    } else {
                        record.setSkippedBy(EventSpan.OUTSIDE);
                    }
                });
            }
        } catch (RejectedRecordException e) {
            IngestedRecord whole = next.get();
            whole.setDeadLetter(e.deadLetter(whole, key, value, limits));
        }
        return records;
    }

    /** Lets an event or outcome in, or makes a dead letter of it. What nobody foresaw would be thrown again after a restart. */
    private void admit(IngestedRecord record, byte[] key, byte[] value, Admission admission) {
        try {
            admission.run();
        } catch (RejectedRecordException e) {
            record.setDeadLetter(e.deadLetter(record, key, value, limits));
        } catch (RuntimeException e) {
            record.setDeadLetter(RejectedRecordException.unforeseen(e).deadLetter(record, key, value, limits));
        }
    }

    private MappedRow row(byte[] value, long offset) throws RejectedRecordException {
        if (value == null || value.length == 0) {
            throw new RejectedRecordException("empty-value", "the record has no value");
        }
        if (value.length > limits.maxRecordBytes()) {
            throw new RejectedRecordException("record-too-large", "the value has " + value.length + " bytes, allowed are "
                    + limits.maxRecordBytes() + "; this dead letter holds as many of its first ones");
        }
        return values.read(value, offset);
    }

    private static BehaviorEvent avroEvent(SingleObject<BehaviorEvent> encoding, byte[] value)
            throws RejectedRecordException {
        try {
            return encoding.decode(value);
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

    private static MappedRow mappedRow(Mapping mapping, byte[] value, long offset) throws RejectedRecordException {
        try {
            return mapping.mapLine(value, offset);
        } catch (RuntimeException e) {
            // Whatever a row holds that nobody foresaw, the same row would make it throw after a restart.
            throw new RejectedRecordException("broken-value", "the mapping cannot read the row");
        }
    }

    /** Only a skip rule leaves a row out: one that no rule foresaw is kept, since the topic will not keep it. */
    private static MappedRow topicRow(Mapping mapping, byte[] value, long offset) throws RejectedRecordException {
        MappedRow row = mappedRow(mapping, value, offset);
        if (MappedRow.NO_RULE.equals(row.skippedBy())) {
            throw new RejectedRecordException(MappedRow.NO_RULE, "no event, outcome or skip rule applies to the row");
        }
        if (MappedRow.BLANK_LINE.equals(row.skippedBy())) {
            throw new RejectedRecordException("empty-value", "the value is blank");
        }
        return row;
    }
}
