package io.liveprofile.replay;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Several data files as one history in order of time, each by its own mapping; of what happens at one time the file named first
 * comes first. Each file must be in order of time by itself.
 */
final class MergedReplay implements Iterator<ReplayItem>, AutoCloseable {
    private final List<FileReplay> files = new ArrayList<>();
    /** Next item of each file; null = it has none any more. */
    private final List<ReplayItem> heads = new ArrayList<>();

    /** @param mappings one a file */
    static MergedReplay open(List<Path> data, List<Mapping> mappings) {
        if (data.size() != mappings.size()) {
            throw new ConfigException(data.size() + " data files and " + mappings.size() + " mappings: must be as many");
        }
        MergedReplay merged = new MergedReplay();
        try {
            for (int i = 0; i < data.size(); i++) {
                FileReplay file = FileReplay.open(data.get(i), mappings.get(i));
                merged.files.add(file);
                merged.heads.add(file.hasNext() ? file.next() : null);
            }
            return merged;
        } catch (RuntimeException e) {
            merged.close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        return earliest() >= 0;
    }

    @Override
    public ReplayItem next() {
        int earliest = earliest();
        if (earliest < 0) {
            throw new NoSuchElementException();
        }
        FileReplay file = files.get(earliest);
        return heads.set(earliest, file.hasNext() ? file.next() : null);
    }

    /** Rows read so far of all files, without headers. */
    long rows() {
        return files.stream().mapToLong(FileReplay::rows).sum();
    }

    /** Rows that gave at least one event or outcome. */
    long mapped() {
        return files.stream().mapToLong(FileReplay::mapped).sum();
    }

    /** Rows skipped so far, by the rule's name. */
    SortedMap<String, Long> skipped() {
        return sum(FileReplay::skipped);
    }

    /** Rows that could not be mapped so far, by reason. */
    SortedMap<String, Long> unmappable() {
        return sum(FileReplay::unmappable);
    }

    private SortedMap<String, Long> sum(Function<FileReplay, Map<String, Long>> counts) {
        SortedMap<String, Long> sum = new TreeMap<>();
        files.forEach(file -> counts.apply(file).forEach((name, count) -> sum.merge(name, count, Long::sum)));
        return sum;
    }

    @Override
    public void close() {
        files.forEach(FileReplay::close);
    }

    private int earliest() {
        int earliest = -1;
        for (int i = 0; i < heads.size(); i++) {
            if (heads.get(i) != null && (earliest < 0 || time(heads.get(i)) < time(heads.get(earliest)))) {
                earliest = i;
            }
        }
        return earliest;
    }

    private static long time(ReplayItem item) {
        if (item instanceof ReplayItem.ReplayEvent event) {
            return event.event().getEventTime();
        }
        return item instanceof ReplayItem.ReplayOutcome outcome ? outcome.outcome().getOutcomeTime() : Long.MIN_VALUE;
    }
}
