package io.liveprofile.job.backfill;

import java.util.List;

/**
 * Where the enumerator stands: during the history the lanes that no reader has begun, afterwards the state of the live
 * stream's enumerator and no lanes (null).
 */
record BackfillState<S>(List<HistoryLane> waiting, S live) {
    boolean isLive() {
        return waiting == null;
    }
}
