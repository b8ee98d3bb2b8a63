package io.liveprofile.job.types;

import io.liveprofile.event.EncodedRecord;

/** Type information of {@link EncodedRecord}. */
public final class EncodedRecordTypeInfo extends RecordTypeInfo<EncodedRecord> {
    private static final long serialVersionUID = 1L;

    public static final EncodedRecordTypeInfo INSTANCE = new EncodedRecordTypeInfo();

    private EncodedRecordTypeInfo() {
        super(EncodedRecord.class, EncodedRecordSerializer.INSTANCE);
    }
}
