package io.liveprofile.job;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;

/**
 * Resident memory of this process outside the Java heap, whose own pages would hide what is sought: those of the mappings
 * that the collector names as its heap are left out. Linux only.
 */
final class TestingNativeMemory {
    /** As in {@code [0x0000000740000000, 0x0000000800000000)}, with the end of what is in use between them. */
    private static final Pattern HEAP = Pattern.compile("\\[0x([0-9a-f]+), (?:0x[0-9a-f]+, )?0x([0-9a-f]+)\\)");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

    private TestingNativeMemory() {}

    private record Range(long from, long to) {
        boolean overlaps(Range other) {
            return from < other.to && other.from < to;
        }

        static Range of(Matcher matcher) {
            return new Range(Long.parseUnsignedLong(matcher.group(1), 16), Long.parseUnsignedLong(matcher.group(2), 16));
        }
    }

    static long bytes() throws Exception {
        List<Range> heap = heap();
        long resident = 0;
        boolean isHeap = false;
        for (String line : smaps()) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher rss = RESIDENT.matcher(line);
            if (mapping.matches()) {
                Range range = Range.of(mapping);
                isHeap = heap.stream().anyMatch(range::overlaps);
            } else if (rss.matches() && !isHeap) {
                resident += Long.parseLong(rss.group(1)) << 10;
            }
        }
        return resident;
    }

    private static List<String> smaps() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/smaps"));
    }

    private static List<Range> heap() throws Exception {
        String told = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcHeapInfo", null, null);
        List<Range> ranges = new ArrayList<>();
        for (Matcher matcher = HEAP.matcher(told); matcher.find(); ) {
            ranges.add(Range.of(matcher));
        }
        if (ranges.isEmpty()) {
            throw new IllegalStateException("The collector does not tell where its heap lies: " + told);
        }
        return ranges;
    }
}
