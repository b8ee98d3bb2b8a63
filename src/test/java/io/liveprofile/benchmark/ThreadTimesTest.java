package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.benchmark.ThreadTimes.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadTimesTest {
    @TempDir
    Path process;

    @Test
    void threadsCountForWhatTheyAreForAndTheRestIsOther() throws IOException {
        write(process, "java", 300, 200);
        thread(1, "Source: simulat", 100, 20);
        thread(2, "dedupe, filter ", 90, 60);
        thread(3, "C1 CompilerThre", 10, 0);
        thread(9, "pekko) S 9 (x", 10, 5);
        ThreadTimes start = ThreadTimes.read(process);

        write(process, "java", 500, 425); // 4.25 s later
        thread(1, "Source: simulat", 150, 70);
        thread(2, "dedupe, filter ", 140, 61);
        Files.delete(process.resolve("task/3/stat")); // has ended: 0.25 s of it are in no thread's account any more
        thread(4, "C2 CompilerThre", 50, 0);
        thread(5, "GC Thread#0", 40, 0);
        thread(6, "GC Thread#1", 0, 40);
        thread(7, "rocksdb:low) (1", 5, 60);
        thread(9, "pekko) S 9 (x", 30, 5);

        assertThat(ThreadTimes.read(process).secondsSince(start)).containsExactly(
                Map.entry(Group.SOURCE, 1.0),
                Map.entry(Group.OPERATORS, 0.51),
                Map.entry(Group.GC, 0.8),
                Map.entry(Group.JIT, 0.5),
                Map.entry(Group.ROCKSDB, 0.65),
                Map.entry(Group.OTHER, 0.79));
    }

    @Test
    void aSystemWithoutTheAccountsHasNoTimes() {
        ThreadTimes none = ThreadTimes.read(process.resolve("missing"));
        assertThat(none.secondsSince(none)).isEmpty();
    }

    private void thread(int id, String name, int userTicks, int systemTicks) throws IOException {
        write(Files.createDirectories(process.resolve("task/" + id)), name, userTicks, systemTicks);
    }

    private static void write(Path directory, String name, int userTicks, int systemTicks) throws IOException {
        Files.writeString(directory.resolve("stat"),
                "42 (" + name + ") S 1 42 42 0 -1 4194304 9 8 7 6 " + userTicks + " " + systemTicks + " 3 2 20 0 9 0 77\n");
    }
}
