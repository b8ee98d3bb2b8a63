package io.liveprofile.job.types;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: a mask of what there is, topic, partition, offset, brokerTime, part, event ({@link BehaviorEventCoding}),
 * deadLetter (its own mask, topic, partition, offset, reason, detail, key, value), outcome (its own mask, value,
 * outcomeTime, outcomeId, userId, label, eventId), skippedBy.
 *
 * <p>The generated types have setters, yet a copy is the record itself: ingest fills a record before it emits it, and no
 * stage after the source changes one.
 */
public final class IngestedRecordSerializer extends RecordSerializer<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    public static final IngestedRecordSerializer INSTANCE = new IngestedRecordSerializer();

    private static final int TOPIC = 1;
    private static final int EVENT = 1 << 1;
    private static final int DEAD_LETTER = 1 << 2;
    private static final int OUTCOME = 1 << 3;
    private static final int SKIPPED_BY = 1 << 4;

    private static final int REASON = 1 << 1;
    private static final int DETAIL = 1 << 2;
    private static final int KEY = 1 << 3;
    private static final int VALUE = 1 << 4;

    private static final int OUTCOME_ID = 1;
    private static final int USER_ID = 1 << 1;
    private static final int LABEL = 1 << 2;
    private static final int EVENT_ID = 1 << 3;

    private IngestedRecordSerializer() {
        super(IngestedRecord.class, 1);
    }

    @Override
    void write(IngestedRecord record, DataOutputView out) throws IOException {
        out.writeByte((record.getTopic() == null ? 0 : TOPIC)
                | (record.getEvent() == null ? 0 : EVENT)
                | (record.getDeadLetter() == null ? 0 : DEAD_LETTER)
                | (record.getOutcome() == null ? 0 : OUTCOME)
                | (record.getSkippedBy() == null ? 0 : SKIPPED_BY));
        if (record.getTopic() != null) {
            FieldCoding.writeUtf8(record.getTopic(), out);
        }
        out.writeInt(record.getPartition());
        out.writeLong(record.getOffset());
        out.writeLong(record.getBrokerTime());
        out.writeInt(record.getPart());
        if (record.getEvent() != null) {
            BehaviorEventCoding.write(record.getEvent(), out);
        }
        if (record.getDeadLetter() != null) {
            writeDeadLetter(record.getDeadLetter(), out);
        }
        if (record.getOutcome() != null) {
            writeOutcome(record.getOutcome(), out);
        }
        if (record.getSkippedBy() != null) {
            FieldCoding.writeUtf8(record.getSkippedBy(), out);
        }
    }

    @Override
    IngestedRecord read(int version, DataInputView in) throws IOException {
        int mask = in.readByte();
        IngestedRecord record = new IngestedRecord();
        record.setTopic((mask & TOPIC) == 0 ? null : FieldCoding.readUtf8(in));
        record.setPartition(in.readInt());
        record.setOffset(in.readLong());
        record.setBrokerTime(in.readLong());
        record.setPart(in.readInt());
        record.setEvent((mask & EVENT) == 0 ? null : BehaviorEventCoding.read(in));
        record.setDeadLetter((mask & DEAD_LETTER) == 0 ? null : readDeadLetter(in));
        record.setOutcome((mask & OUTCOME) == 0 ? null : readOutcome(in));
        record.setSkippedBy((mask & SKIPPED_BY) == 0 ? null : FieldCoding.readUtf8(in));
        return record;
    }

    @Override
    public TypeSerializerSnapshot<IngestedRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    private static void writeDeadLetter(DeadLetter letter, DataOutputView out) throws IOException {
        out.writeByte((letter.getTopic() == null ? 0 : TOPIC)
                | (letter.getReason() == null ? 0 : REASON)
                | (letter.getDetail() == null ? 0 : DETAIL)
                | (letter.getKey() == null ? 0 : KEY)
                | (letter.getValue() == null ? 0 : VALUE));
        if (letter.getTopic() != null) {
            FieldCoding.writeUtf8(letter.getTopic(), out);
        }
        out.writeInt(letter.getPartition());
        out.writeLong(letter.getOffset());
        if (letter.getReason() != null) {
            FieldCoding.writeUtf8(letter.getReason(), out);
        }
        if (letter.getDetail() != null) {
            FieldCoding.writeUtf8(letter.getDetail(), out);
        }
        if (letter.getKey() != null) {
            FieldCoding.writeBuffer(letter.getKey(), out);
        }
        if (letter.getValue() != null) {
            FieldCoding.writeBuffer(letter.getValue(), out);
        }
    }

    private static DeadLetter readDeadLetter(DataInputView in) throws IOException {
        int mask = in.readByte();
        DeadLetter letter = new DeadLetter();
        letter.setTopic((mask & TOPIC) == 0 ? null : FieldCoding.readUtf8(in));
        letter.setPartition(in.readInt());
        letter.setOffset(in.readLong());
        letter.setReason((mask & REASON) == 0 ? null : FieldCoding.readUtf8(in));
        letter.setDetail((mask & DETAIL) == 0 ? null : FieldCoding.readUtf8(in));
        letter.setKey((mask & KEY) == 0 ? null : FieldCoding.readBuffer(in));
        letter.setValue((mask & VALUE) == 0 ? null : FieldCoding.readBuffer(in));
        return letter;
    }

    private static void writeOutcome(LabeledOutcome outcome, DataOutputView out) throws IOException {
        out.writeByte((outcome.getOutcomeId() == null ? 0 : OUTCOME_ID)
                | (outcome.getUserId() == null ? 0 : USER_ID)
                | (outcome.getLabel() == null ? 0 : LABEL)
                | (outcome.getEventId() == null ? 0 : EVENT_ID));
        out.writeDouble(outcome.getValue());
        out.writeLong(outcome.getOutcomeTime());
        for (String text : new String[] {
            outcome.getOutcomeId(), outcome.getUserId(), outcome.getLabel(), outcome.getEventId()
        }) {
            if (text != null) {
                FieldCoding.writeUtf8(text, out);
            }
        }
    }

    private static LabeledOutcome readOutcome(DataInputView in) throws IOException {
        int mask = in.readByte();
        LabeledOutcome outcome = new LabeledOutcome();
        outcome.setValue(in.readDouble());
        outcome.setOutcomeTime(in.readLong());
        outcome.setOutcomeId((mask & OUTCOME_ID) == 0 ? null : FieldCoding.readUtf8(in));
        outcome.setUserId((mask & USER_ID) == 0 ? null : FieldCoding.readUtf8(in));
        outcome.setLabel((mask & LABEL) == 0 ? null : FieldCoding.readUtf8(in));
        outcome.setEventId((mask & EVENT_ID) == 0 ? null : FieldCoding.readUtf8(in));
        return outcome;
    }

    /** The format lies in each record; the snapshot only names the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<IngestedRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
