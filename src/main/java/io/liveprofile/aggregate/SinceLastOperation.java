package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Seconds from the newest event to now, at least 0. Exact. At most 10 bytes a tile. */
final class SinceLastOperation extends Operation<long[]> {
    @Override
    public long[] create() {
        return new long[] {Long.MIN_VALUE};
    }

    @Override
    public boolean add(long[] partial, BehaviorEvent event) {
        partial[0] = Math.max(partial[0], event.getEventTime());
        return true;
    }

    @Override
    public void merge(long[] into, long[] later) {
        into[0] = Math.max(into[0], later[0]);
    }

    @Override
    public double number(long[] partial, long nowMillis) {
        return Math.max(0, nowMillis - partial[0]) / 1000.0;
    }

    @Override
    public boolean changesWithTime() {
        return true;
    }

    @Override
    public void write(long[] partial, Encoder out) throws IOException {
        out.writeLong(partial[0]);
    }

    @Override
    public long[] read(Decoder in) throws IOException {
        return new long[] {in.readLong()};
    }
}
