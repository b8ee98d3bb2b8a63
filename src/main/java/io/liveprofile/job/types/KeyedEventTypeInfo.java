package io.liveprofile.job.types;

import io.liveprofile.feature.KeyedEvent;

/** Type information of {@link KeyedEvent}. */
public final class KeyedEventTypeInfo extends RecordTypeInfo<KeyedEvent> {
    private static final long serialVersionUID = 1L;

    public static final KeyedEventTypeInfo INSTANCE = new KeyedEventTypeInfo();

    private KeyedEventTypeInfo() {
        super(KeyedEvent.class, KeyedEventSerializer.INSTANCE);
    }
}
