package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Number of events. Partial: the count. Exact. At most 9 bytes a tile. */
final class CountOperation extends Operation<long[]> {
    @Override
    public long[] create() {
        return new long[1];
    }

    @Override
    public boolean add(long[] partial, BehaviorEvent event) {
        partial[0]++;
        return true;
    }

    @Override
    public void merge(long[] into, long[] later) {
        into[0] += later[0];
    }

    @Override
    public double number(long[] partial, long nowMillis) {
        return partial[0];
    }

    @Override
    public double whenEmpty() {
        return 0;
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
