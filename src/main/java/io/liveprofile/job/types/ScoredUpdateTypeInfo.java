package io.liveprofile.job.types;

import io.liveprofile.inference.ScoredUpdate;

/** Type information of {@link ScoredUpdate}. */
public final class ScoredUpdateTypeInfo extends RecordTypeInfo<ScoredUpdate> {
    private static final long serialVersionUID = 1L;

    public static final ScoredUpdateTypeInfo INSTANCE = new ScoredUpdateTypeInfo();

    private ScoredUpdateTypeInfo() {
        super(ScoredUpdate.class, ScoredUpdateSerializer.INSTANCE);
    }
}
