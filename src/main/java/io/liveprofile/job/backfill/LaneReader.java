package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.replay.HistoryFile;
import java.io.IOException;
import java.util.List;

/** Reads a lane from where it stands to its end; {@link #lane} is where to go on after a failure. */
final class LaneReader implements AutoCloseable {
    private final HistoryLane lane;
    private final HistoryDecoding.Opener opener;
    private int index;
    private long position;
    private HistoryFile open;

    LaneReader(HistoryLane lane, HistoryDecoding.Opener opener) {
        this.lane = lane;
        this.opener = opener;
        this.index = lane.file();
        this.position = lane.position();
    }

    /** The records of the next row, at least one; null after the last row of the last file. */
    List<IngestedRecord> next() throws IOException {
        while (index < lane.files().size()) {
            if (open == null) {
                String file = lane.files().get(index);
                open = opener.open(lane.nameOf(file), file);
                if (position > 0) {
                    open.skipTo(position);
                }
            }
            List<IngestedRecord> records = open.next();
            if (records != null) {
                position = open.position();
                return records;
            }
            close();
            index++;
            position = 0;
        }
        return null;
    }

    /** The lane as far as it was read. */
    HistoryLane lane() {
        return lane.at(index, position);
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
