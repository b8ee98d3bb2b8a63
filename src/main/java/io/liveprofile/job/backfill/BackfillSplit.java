package io.liveprofile.job.backfill;

import org.apache.flink.api.connector.source.SourceSplit;

/** A lane of the history or a split of the live stream: exactly one of the two is set. */
record BackfillSplit<L extends SourceSplit>(HistoryLane lane, L live) implements SourceSplit {
    static <L extends SourceSplit> BackfillSplit<L> of(HistoryLane lane) {
        return new BackfillSplit<>(lane, null);
    }

    static <L extends SourceSplit> BackfillSplit<L> ofLive(L split) {
        return new BackfillSplit<>(null, split);
    }

    boolean isLive() {
        return live != null;
    }

    @Override
    public String splitId() {
        return isLive() ? live.splitId() : lane.splitId();
    }
}
