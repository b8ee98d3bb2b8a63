package io.liveprofile.job.backfill;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Live splits as their own serializer writes them, lanes as {@link LaneCoding} does; the version is that of the former. */
record BackfillSplitSerializer<L extends SourceSplit>(SimpleVersionedSerializer<L> live)
        implements SimpleVersionedSerializer<BackfillSplit<L>> {

    @Override
    public int getVersion() {
        return live.getVersion();
    }

    @Override
    public byte[] serialize(BackfillSplit<L> split) throws IOException {
        return split.isLive() ? live.serialize(split.live()) : LaneCoding.write(List.of(split.lane()));
    }

    @Override
    public BackfillSplit<L> deserialize(int version, byte[] bytes) throws IOException {
        return LaneCoding.areLanes(bytes)
                ? BackfillSplit.of(LaneCoding.read(bytes).get(0))
                : BackfillSplit.ofLive(live.deserialize(version, bytes));
    }
}
