package io.liveprofile.job.backfill;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The live state as its own serializer writes it, lanes as {@link LaneCoding} does; the version is that of the former. */
record BackfillStateSerializer<S>(SimpleVersionedSerializer<S> live)
        implements SimpleVersionedSerializer<BackfillState<S>> {

    @Override
    public int getVersion() {
        return live.getVersion();
    }

    @Override
    public byte[] serialize(BackfillState<S> state) throws IOException {
        return state.isLive() ? live.serialize(state.live()) : LaneCoding.write(state.waiting());
    }

    @Override
    public BackfillState<S> deserialize(int version, byte[] bytes) throws IOException {
        return LaneCoding.areLanes(bytes)
                ? new BackfillState<>(LaneCoding.read(bytes), null)
                : new BackfillState<>(null, live.deserialize(version, bytes));
    }
}
