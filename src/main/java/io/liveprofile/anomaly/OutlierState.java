package io.liveprofile.anomaly;

import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** What the outlier filter remembers of one user: at most 32 amounts, 32 counts and the running count. */
public final class OutlierState {
    final RobustLimit.History amounts = new RobustLimit.History(OutlierConfig.HISTORY);
    final RobustLimit.History counts = new RobustLimit.History(OutlierConfig.HISTORY);
    long intervalStart = Long.MIN_VALUE;
    int intervalCount;
    /** The interval before that one in which an event came last. */
    long earlierStart = Long.MIN_VALUE;
    int earlierCount;

    public void write(Encoder out) throws IOException {
        out.writeLong(intervalStart);
        out.writeInt(intervalCount);
        out.writeLong(earlierStart);
        out.writeInt(earlierCount);
        write(amounts, out);
        write(counts, out);
    }

    public static OutlierState read(Decoder in) throws IOException {
        OutlierState state = new OutlierState();
        state.intervalStart = in.readLong();
        state.intervalCount = in.readInt();
        state.earlierStart = in.readLong();
        state.earlierCount = in.readInt();
        read(state.amounts, in);
        read(state.counts, in);
        return state;
    }

    private static void write(RobustLimit.History history, Encoder out) throws IOException {
        float[] values = history.values();
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static void read(RobustLimit.History history, Decoder in) throws IOException {
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            history.add(in.readFloat());
        }
    }
}
