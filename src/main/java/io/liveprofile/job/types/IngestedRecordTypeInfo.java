package io.liveprofile.job.types;

import io.liveprofile.event.IngestedRecord;

/** Type information of {@link IngestedRecord}. */
public final class IngestedRecordTypeInfo extends RecordTypeInfo<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    public static final IngestedRecordTypeInfo INSTANCE = new IngestedRecordTypeInfo();

    private IngestedRecordTypeInfo() {
        super(IngestedRecord.class, IngestedRecordSerializer.INSTANCE);
    }
}
