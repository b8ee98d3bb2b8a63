package io.liveprofile.job.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFilesTest {
    private static final Mapping MAPPING = Mapping.parse("shop.yaml", """
            name: shop
            format: csv
            header: true
            columns: [t, user]
            events:
              - {userId: user, eventTime: {column: t, unit: ms}, type: VIEW}
            """);

    @TempDir
    Path directory;

    @Test
    void theFilesOfADirectoryComeInTheOrderOfTheirWholeNames() throws IOException {
        for (String name : List.of("day=2/part-0.csv", "day=1/part-10.csv", "day=1/part-2.csv", "day=1-extra.csv", "day=1/z/0",
                "_SUCCESS", ".part.crc", "day=1/_temporary/part-0.csv")) {
            write(name);
        }
        HistoryLane lane = find(directory.toString()).get(0);
        assertThat(lane.files()).extracting(lane::nameOf).containsExactly(
                "day=1-extra.csv", "day=1/part-10.csv", "day=1/part-2.csv", "day=1/z/0", "day=2/part-0.csv");
        assertThat(lane).isEqualTo(new HistoryLane("file:" + directory, lane.files(), 0, 0));
    }

    @Test
    void severalPathsAreLanesOfTheirOwn() throws IOException {
        write("a/1.csv");
        write("b.csv");
        List<HistoryLane> lanes = find(directory.resolve("b.csv") + " , " + directory.resolve("a"));
        assertThat(lanes).extracting(HistoryLane::splitId)
                .containsExactly("file:" + directory + "/b.csv", "file:" + directory + "/a");
        assertThat(lanes.get(0).nameOf(lanes.get(0).files().get(0))).isEqualTo("b.csv");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        assertRefused(directory + "/none", "there is no file or directory " + directory + "/none");
        assertRefused(directory + ",", directory + " holds no file");
        write("a/1.csv");
        assertRefused(directory + ",", "must be files or directories, comma-separated");
        assertRefused(directory + "," + directory + "/a", "file:" + directory + "/a/1.csv lies in two of the paths");
        assertRefused("nowhere://shop/history", "nowhere://shop/history cannot be read: Could not find a file system");
        Files.writeString(directory.resolve("a/2.csv"), "1,ann\n");
        assertRefused(directory.toString(),
                "a/2.csv:1: the first line must name the columns of mapping shop; missing: t, user");
        Files.write(directory.resolve("a/2.csv"), new byte[] {0x1f, (byte) 0x8b, 0, 0, 0, 0, 0, 0, 0, 0});
        assertRefused(directory.toString(), "file:" + directory + "/a/2.csv cannot be read: ");
    }

    private static List<HistoryLane> find(String paths) {
        return HistoryFiles.find(paths, MAPPING);
    }

    private static void assertRefused(String paths, String message) {
        assertThatThrownBy(() -> find(paths)).isInstanceOf(ConfigException.class).hasMessageStartingWith(message);
    }

    private void write(String name) throws IOException {
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), "t,user\n");
    }
}
