package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads the lanes it is given, one after the other, and asks for another whenever it has none; reads the live stream once it
 * is given a split of it. A row's records are sent on together, so a checkpoint lies between two rows.
 *
 * @param <L> splits of the live source
 */
final class BackfillReader<L extends SourceSplit> implements SourceReader<IngestedRecord, BackfillSplit<L>> {
    private static final CompletableFuture<Void> AVAILABLE = CompletableFuture.completedFuture(null);

    private final SourceReaderContext context;
    private final HistoryDecoding.Opener opener;
    private final SourceReader<IngestedRecord, L> live;
    private final Deque<LaneReader> lanes = new ArrayDeque<>();

    private boolean isLive;
    private SourceOutput<IngestedRecord> output;
    /** Done when a split has come; what a reader without any waits for. */
    private CompletableFuture<Void> arrival = new CompletableFuture<>();

    BackfillReader(
            SourceReaderContext context, HistoryDecoding.Opener opener, SourceReader<IngestedRecord, L> live) {
        this.context = context;
        this.opener = opener;
        this.live = live;
    }

    @Override
    public void start() {
        live.start();
        if (lanes.isEmpty() && !isLive) {
            context.sendSplitRequest();
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<IngestedRecord> out) throws Exception {
        LaneReader lane = lanes.peek();
        if (lane == null) {
            return isLive ? live.pollNext(out) : InputStatus.NOTHING_AVAILABLE;
        }
        if (output == null) {
            output = out.createOutputForSplit(lane.lane().splitId());
        }
        List<IngestedRecord> records = lane.next();
        if (records != null) {
            for (IngestedRecord record : records) {
                output.collect(record, record.getBrokerTime());
            }
            return InputStatus.MORE_AVAILABLE;
        }
        out.releaseOutputForSplit(lane.lane().splitId());
        output = null;
        lanes.remove();
        if (lanes.isEmpty() && !isLive) {
            context.sendSplitRequest();
            return InputStatus.NOTHING_AVAILABLE;
        }
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<BackfillSplit<L>> snapshotState(long checkpointId) {
        List<BackfillSplit<L>> splits = new ArrayList<>();
        for (LaneReader lane : lanes) {
            splits.add(BackfillSplit.of(lane.lane()));
        }
        for (L split : live.snapshotState(checkpointId)) {
            splits.add(BackfillSplit.ofLive(split));
        }
        return splits;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        if (!lanes.isEmpty()) {
            return AVAILABLE;
        }
        return isLive ? live.isAvailable() : arrival;
    }

    @Override
    public void addSplits(List<BackfillSplit<L>> splits) {
        List<L> ofLive = new ArrayList<>();
        for (BackfillSplit<L> split : splits) {
            if (split.isLive()) {
                ofLive.add(split.live());
            } else {
                lanes.add(new LaneReader(split.lane(), opener));
            }
        }
        if (!ofLive.isEmpty()) {
            isLive = true;
            live.addSplits(ofLive);
        }
        CompletableFuture<Void> arrived = arrival;
        arrival = new CompletableFuture<>();
        arrived.complete(null);
    }

    /** Comes from a live source that is bounded. */
    @Override
    public void notifyNoMoreSplits() {
        isLive = true;
        live.notifyNoMoreSplits();
        arrival.complete(null);
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        live.handleSourceEvents(event);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
        live.pauseOrResumeSplits(toPause, toResume);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        live.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        live.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws Exception {
        for (LaneReader lane : lanes) {
            lane.close();
        }
        live.close();
    }
}
