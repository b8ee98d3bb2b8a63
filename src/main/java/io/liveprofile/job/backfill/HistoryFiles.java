package io.liveprofile.job.backfill;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.replay.HistoryFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** History files where Flink's file systems find them: on disk, or wherever its plugins reach. */
public final class HistoryFiles {
    private HistoryFiles() {}

    /**
     * A lane for each of the comma-separated paths: a file, or a directory with all below it. Files come in the order of
     * their whole names, character by character; names that begin with a dot or an underscore are passed over.
     *
     * @throws ConfigException when a path is missing or holds no file, a file lies in two paths, or one lacks a column
     */
    public static List<HistoryLane> find(String paths, Mapping mapping) {
        List<HistoryLane> lanes = new ArrayList<>();
        Set<String> found = new HashSet<>();
        for (String path : paths.split(",", -1)) {
            HistoryLane lane = lane(path.trim());
            for (String file : lane.files()) {
                require(found.add(file), file + " lies in two of the paths");
                requireReadable(lane, file, mapping);
            }
            lanes.add(lane);
        }
        return lanes;
    }

    static InputStream open(String file) throws IOException {
        Path path = new Path(file);
        return path.getFileSystem().open(path);
    }

    private static HistoryLane lane(String path) {
        require(!path.isEmpty(), "must be files or directories, comma-separated");
        try {
            FileSystem files = new Path(path).getFileSystem();
            Path root = new Path(path).makeQualified(files);
            require(files.exists(root), "there is no file or directory " + path);
            Set<String> found = new TreeSet<>();
            if (files.getFileStatus(root).isDir()) {
                collect(files, root, found);
            } else {
                found.add(root.toString());
            }
            require(!found.isEmpty(), path + " holds no file");
            return new HistoryLane(root.toString(), List.copyOf(found));
        } catch (IOException e) {
            throw new ConfigException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void collect(FileSystem files, Path directory, Set<String> found) throws IOException {
        for (FileStatus status : files.listStatus(directory)) {
            Path path = status.getPath();
            if (path.getName().startsWith(".") || path.getName().startsWith("_")) {
                continue;
            }
            if (status.isDir()) {
                collect(files, path, found);
            } else {
                found.add(path.makeQualified(files).toString());
            }
        }
    }

    private static void requireReadable(HistoryLane lane, String file, Mapping mapping) {
        try {
            HistoryFile.open(lane.nameOf(file), open(file), mapping, each -> null, 0).close();
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new ConfigException(what);
        }
    }
}
