package io.liveprofile.job.backfill;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Files that one reader reads one after the other, so that their events keep their order on the way to a user's state, and
 * how far that has come.
 *
 * @param path file or directory that the files were found in, absolute, with scheme
 * @param files absolute, in the order of reading
 * @param file index of the file that is read next; the number of files when all were read
 * @param position in that file, as {@link io.liveprofile.replay.HistoryFile#position}; 0 = its beginning
 */
public record HistoryLane(String path, List<String> files, int file, long position)
        implements SourceSplit, Serializable {

    public HistoryLane {
        files = List.copyOf(files);
    }

    /** Not yet begun. */
    HistoryLane(String path, List<String> files) {
        this(path, files, 0, 0);
    }

    @Override
    public String splitId() {
        return path;
    }

    HistoryLane at(int nextFile, long nextPosition) {
        return new HistoryLane(path, files, nextFile, nextPosition);
    }

    /** The name that records of one of the files carry: its place under the path. */
    String nameOf(String file) {
        return file.startsWith(path + "/") ? file.substring(path.length() + 1) : file.substring(file.lastIndexOf('/') + 1);
    }
}
