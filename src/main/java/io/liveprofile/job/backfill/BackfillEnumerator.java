package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each reader that asks a lane of the history, and starts the live stream's enumerator once a checkpoint is complete
 * that began after every reader had asked in vain. A reader asks when it has sent on all it had, so that checkpoint's
 * barriers follow the last row of every lane.
 *
 * @param <L> splits of the live source
 * @param <S> state of its enumerator
 */
final class BackfillEnumerator<L extends SourceSplit, S> implements SplitEnumerator<BackfillSplit<L>, BackfillState<S>> {
    private static final Logger LOG = LoggerFactory.getLogger(BackfillEnumerator.class);
    private static final long NONE = Long.MAX_VALUE;

    private final SplitEnumeratorContext<BackfillSplit<L>> context;
    private final Source<IngestedRecord, L, S> source;
    private final Deque<HistoryLane> waiting = new ArrayDeque<>();
    /** Subtasks of the readers that have asked in vain since they registered. */
    private final Set<Integer> idle = new HashSet<>();
    /** The first checkpoint that holds all of the history once it is complete. */
    private long lastOfHistory = NONE;
    /** Null during the history. */
    private SplitEnumerator<L, S> live;

    BackfillEnumerator(
            SplitEnumeratorContext<BackfillSplit<L>> context, Source<IngestedRecord, L, S> source, BackfillState<S> state)
            throws Exception {
        this.context = context;
        this.source = source;
        if (state.isLive()) {
            LOG.info("The state is that of the live stream: no history is read");
            live = source.restoreEnumerator(new LiveContext<>(context), state.live());
        } else {
            waiting.addAll(state.waiting());
        }
    }

    @Override
    public void start() {
        if (live != null) {
            live.start();
        }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        HistoryLane lane = waiting.poll();
        if (lane != null) {
            LOG.info("Reader {} reads {} files of {}", subtask, lane.files().size() - lane.file(), lane.path());
            context.assignSplit(BackfillSplit.of(lane), subtask);
        } else if (live == null) {
            idle.add(subtask);
        }
    }

    @Override
    public void addSplitsBack(List<BackfillSplit<L>> splits, int subtask) {
        List<L> ofLive = new ArrayList<>();
        for (BackfillSplit<L> split : splits) {
            if (split.isLive()) {
                ofLive.add(split.live());
            } else {
                waiting.addFirst(split.lane());
            }
        }
        if (live != null) {
            live.addSplitsBack(ofLive, subtask);
        }
    }

    /** A reader is new, or has come back with what it had at the last checkpoint. */
    @Override
    public void addReader(int subtask) {
        idle.remove(subtask);
        lastOfHistory = NONE;
        if (live != null) {
            live.addReader(subtask);
        }
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (live != null) {
            live.handleSourceEvent(subtask, event);
        }
    }

    @Override
    public BackfillState<S> snapshotState(long checkpointId) throws Exception {
        if (live != null) {
            return new BackfillState<>(null, live.snapshotState(checkpointId));
        }
        if (lastOfHistory == NONE && waiting.isEmpty() && idle.size() == context.currentParallelism()) {
            lastOfHistory = checkpointId;
        }
        return new BackfillState<>(List.copyOf(waiting), null);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        if (live != null) {
            live.notifyCheckpointComplete(checkpointId);
        } else if (checkpointId >= lastOfHistory) {
            startLive();
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        if (live != null) {
            live.notifyCheckpointAborted(checkpointId);
        }
    }

    @Override
    public void close() throws IOException {
        if (live != null) {
            live.close();
        }
    }

    private void startLive() throws Exception {
        LOG.info("The history is read and in checkpoint {} or before; the live stream begins", lastOfHistory);
        live = source.createEnumerator(new LiveContext<>(context));
        live.start();
        context.registeredReaders().keySet().forEach(live::addReader);
    }
}
