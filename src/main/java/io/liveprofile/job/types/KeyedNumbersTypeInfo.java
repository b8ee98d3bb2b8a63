package io.liveprofile.job.types;

import io.liveprofile.feature.KeyedNumbers;

/** Type information of {@link KeyedNumbers}. */
public final class KeyedNumbersTypeInfo extends RecordTypeInfo<KeyedNumbers> {
    private static final long serialVersionUID = 1L;

    public static final KeyedNumbersTypeInfo INSTANCE = new KeyedNumbersTypeInfo();

    private KeyedNumbersTypeInfo() {
        super(KeyedNumbers.class, KeyedNumbersSerializer.INSTANCE);
    }
}
