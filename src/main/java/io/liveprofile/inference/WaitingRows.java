package io.liveprofile.inference;

import io.liveprofile.feature.UserUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Updates that wait to be scored together, in order, with the timestamps of their records. Bounded. */
final class WaitingRows {
    private final int most;
    private final List<UserUpdate> updates;
    /** Of the records; anything where one has none. */
    private final long[] timestamps;
    private final boolean[] hasTimestamp;
    private final StreamRecord<ScoredUpdate> reuse = new StreamRecord<>(null);

    /** @param most that wait */
    WaitingRows(int most) {
        this.most = most;
        this.updates = new ArrayList<>(most);
        this.timestamps = new long[most];
        this.hasTimestamp = new boolean[most];
    }

    boolean isEmpty() {
        return updates.isEmpty();
    }

    boolean isFull() {
        return updates.size() >= most;
    }

    int size() {
        return updates.size();
    }

    UserUpdate get(int row) {
        return updates.get(row);
    }

    /** The record itself is not kept. */
    void add(StreamRecord<UserUpdate> record) {
        int row = updates.size();
        hasTimestamp[row] = record.hasTimestamp();
        timestamps[row] = record.hasTimestamp() ? record.getTimestamp() : 0;
        updates.add(record.getValue());
    }

    /**
     * Hands over what became of each row, in order, each with the timestamp of its record; then none waits.
     *
     * @param receiver must not keep the record, which is used again
     */
    void release(ScoredUpdate[] scored, Consumer<StreamRecord<ScoredUpdate>> receiver) {
        for (int row = 0; row < scored.length; row++) {
            reuse.replace(scored[row]);
            if (hasTimestamp[row]) {
                reuse.setTimestamp(timestamps[row]);
            } else {
                reuse.eraseTimestamp();
            }
            receiver.accept(reuse);
        }
        updates.clear();
    }
}
