package io.liveprofile.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time of this process by what its threads are for, from Linux's accounts (proc(5), {@code /proc/pid/stat}):
 * those of the collector, the compilers and RocksDB too, which no flight recorder samples. Empty on other systems.
 */
final class ThreadTimes {

    /** What threads are for, in the order of their columns. */
    enum Group {
        SOURCE("source", "Source: "),
        OPERATORS("operators", "dedupe, filter", "floor", "sliding windows"),
        GC("GC", "GC Thread", "G1 ", "VM Thread"),
        JIT("JIT", "C1 Compiler", "C2 Compiler", "Sweeper"),
        ROCKSDB("RocksDB", "rocksdb:"),
        /** Checkpoints, the flight recorder, the rest of Flink, and threads that have ended since. */
        OTHER("other");

        private final String title;
        private final String[] prefixes;

        Group(String title, String... prefixes) {
            this.title = title;
            this.prefixes = prefixes;
        }

        String title() {
            return title;
        }

        private static Group of(String thread) {
            for (Group group : values()) {
                for (String prefix : group.prefixes) {
                    if (thread.startsWith(prefix)) {
                        return group;
                    }
                }
            }
            return OTHER;
        }
    }

    private record Used(Group group, long ticks) {}

    private static final Path PROCESS = Path.of("/proc/self");
    /** USER_HZ, the unit of the accounts, is 100 wherever this is read. */
    private static final double TICKS_A_SECOND = 100;
    /** Fields counted from the one after the name. */
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final long ticks;
    private final Map<Path, Used> threads;

    private ThreadTimes(long ticks, Map<Path, Used> threads) {
        this.ticks = ticks;
        this.threads = threads;
    }

    static ThreadTimes now() {
        return read(PROCESS);
    }

    /** @param process a directory laid out as {@code /proc/self}; may be missing */
    static ThreadTimes read(Path process) {
        Map<Path, Used> threads = new HashMap<>();
        if (!Files.exists(process)) {
            return new ThreadTimes(0, threads);
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : directories) {
                String stat = stat(thread);
                if (!stat.isEmpty()) {
                    threads.put(thread, new Used(Group.of(name(stat)), ticks(stat)));
                }
            }
            return new ThreadTimes(ticks(stat(process)), threads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds of user and system time since {@code start}, every group in order; nothing where there are no accounts. */
    Map<Group, Double> secondsSince(ThreadTimes start) {
        Map<Group, Double> seconds = new EnumMap<>(Group.class);
        if (threads.isEmpty()) {
            return seconds;
        }
        Map<Group, Long> used = new EnumMap<>(Group.class);
        long other = ticks - start.ticks;
        for (Map.Entry<Path, Used> thread : threads.entrySet()) {
            Used before = start.threads.get(thread.getKey());
            long since = thread.getValue().ticks() - (before == null ? 0 : before.ticks());
            if (thread.getValue().group() != Group.OTHER) {
                used.merge(thread.getValue().group(), since, Long::sum);
                other -= since;
            }
        }
        used.put(Group.OTHER, other);
        for (Group group : Group.values()) {
            seconds.put(group, used.getOrDefault(group, 0L) / TICKS_A_SECOND);
        }
        return seconds;
    }

    /** Empty for a thread that has ended since it was listed. */
    private static String stat(Path directory) throws IOException {
        try {
            return Files.readString(directory.resolve("stat"));
        } catch (IOException e) {
            if (Files.exists(directory.resolve("stat"))) {
                throw e;
            }
            return "";
        }
    }

    /** First 15 characters of the thread's name, which may itself hold parentheses. */
    private static String name(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    private static long ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    }
}
