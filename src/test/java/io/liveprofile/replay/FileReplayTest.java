package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplayTest {
    private static final String YAML = """
            name: shop
            format: csv
            header: false
            columns: [t, user, fraud]
            skip:
              - {name: robots, when: row.user == 'robot'}
            events:
              - {name: pay, userId: user, eventTime: {column: t, unit: ms}, type: PAYMENT, eventId: {template: "e{t}"}}
            outcomes:
              - {label: fraud, when: row.fraud == '1', about: pay, delay: 10 ms}
              - {label: seen, when: row.fraud == '2', about: pay}
            """;

    @TempDir
    private Path folder;

    @Test
    void givesOutcomesWhenTheirTimeHasCome() throws IOException {
        // the outcome of 1 is known at 11: after the events of 5 and 11, before that of 12; that of 12 at the end
        assertThat(items(YAML, "1,a,1\n5,b,0\n11,c,2\n12,d,1\n")).containsExactly(
                "event 1", "event 5", "event 11", "fraud e1", "seen e11", "event 12", "fraud e12");
    }

    @Test
    void givesOutcomesOfAFileOutOfTimeOrderNoLaterThanItsLatestEvent() throws IOException {
        assertThat(items(YAML, "50,a,1\n5,b,1\n49,c,0\n70,d,0\n")).containsExactly(
                "event 50", "event 5", "fraud e5", "event 49", "fraud e50", "event 70");
    }

    @Test
    void sortsByTimeWhereTheMappingSaysSo() throws IOException {
        String yaml = YAML + "order: time\n";
        assertThat(items(yaml, "50,a,1\nx,b,0\n5,c,1\n49,d,0\n5,e,0\n")).containsExactly(
                "2 bad-time x,b,0\n", "event 5", "event 5", "fraud e5", "event 49", "event 50", "fraud e50");
    }

    @Test
    void readsPlainAndGzipAlike() throws IOException {
        String content = "\uFEFF1,a,0\r\n2,robot,0\r\n\r\n\n3,b\r\n4,\"c\nd\",0\r\n5,e,0";
        List<String> expected = List.of("event 1", "5 wrong-column-count 3,b\r\n", "event 4", "event 5");
        Path plain = write("plain.csv", content.getBytes(StandardCharsets.UTF_8));
        Path gzip = write("zipped", gzip(content));
        assertThat(items(plain, Mapping.parse("m.yaml", YAML))).isEqualTo(expected);
        assertThat(items(gzip, Mapping.parse("m.yaml", YAML))).isEqualTo(expected);
    }

    @Test
    void countsEveryRowOnce() throws IOException {
        Path file = write("f.csv", "1,a,0\n2,robot,0\n\n3,b\nx,c,0\n4,robot,0\n".getBytes(StandardCharsets.UTF_8));
        try (FileReplay replay = FileReplay.open(file, Mapping.parse("m.yaml", YAML))) {
            replay.forEachRemaining(item -> { });
            assertThat(replay.rows()).isEqualTo(6);
            assertThat(replay.mapped()).isEqualTo(1);
            assertThat(replay.skipped()).isEqualTo(Map.of("robots", 2L, "blank-line", 1L));
            assertThat(replay.unmappable()).isEqualTo(Map.of("wrong-column-count", 1L, "bad-time", 1L));
            assertThat(replay.progress()).isEqualTo(1);
            assertThat(replay.hasNext()).isFalse();
            assertThatThrownBy(replay::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void losesOnlyTheLineOfAStrayQuote() throws IOException {
        assertThat(items(YAML, "1,\"a,0\n2,b,0\n3,\"c\",0\n4,d,0\n")).containsExactly(
                "1 bad-csv 1,\"a,0\n", "event 2", "event 3", "event 4");
        assertThat(items(YAML, "1,\"a,0\n2,b,0\n")).containsExactly("1 bad-csv 1,\"a,0\n", "event 2");
    }

    @Test
    void keepsARowOfSeveralLinesWholeWhenItsShapeIsRight() throws IOException {
        assertThat(items(YAML, "x,\"a\nb\",0\n2,b,0\n")).containsExactly("1 bad-time x,\"a\nb\",0\n", "event 2");
    }

    @Test
    void readsColumnsInTheOrderOfTheHeader() throws IOException {
        String yaml = YAML.replace("header: false", "header: true");
        assertThat(items(yaml, "\uFEFFfraud,more,user,t\r\n1,x,a,7")).containsExactly("event 7", "fraud e7");
        assertThat(items(yaml, "t,user,fraud\n")).isEmpty();
    }

    @Test
    void refusesFilesThatAreMissingOrHaveNoHeader() throws IOException {
        Mapping mapping = Mapping.parse("m.yaml", YAML.replace("header: false", "header: true"));
        Path missing = folder.resolve("missing.csv");
        assertThatThrownBy(() -> FileReplay.open(missing, mapping))
                .isInstanceOf(ConfigException.class).hasMessage(missing + ": no such data file");
        Path headless = write("headless.csv", "1,a,0\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> FileReplay.open(headless, mapping)).isInstanceOf(ConfigException.class).hasMessage(
                headless + ":1: the first line must name the columns of mapping shop; missing: t, user, fraud");
        Path empty = write("empty.csv", new byte[0]);
        assertThatThrownBy(() -> FileReplay.open(empty, mapping)).isInstanceOf(ConfigException.class)
                .hasMessage(empty + ": is empty; the first line must name the columns of mapping shop");
        Path broken = write("broken.gz", new byte[] {0x1f, (byte) 0x8b, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> FileReplay.open(broken, mapping)).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(broken + ": cannot be read: ");
    }

    @Test
    void saysWhereACompressedFileBreaksOff() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            rows.append(i).append(",user").append(i * 31L % 977).append(",0\n");
        }
        byte[] whole = gzip(rows.toString());
        Path cut = write("cut.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        try (FileReplay replay = FileReplay.open(cut, Mapping.parse("m.yaml", YAML))) {
            assertThatThrownBy(() -> replay.forEachRemaining(item -> { }))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith(cut + ": breaks off after line ");
            assertThat(replay.rows()).isPositive();
        }
    }

    @Test
    void tellsProgressByBytesOfTheFile() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            rows.append(i).append(",user").append(i * 31L % 977).append(",0\n");
        }
        Path file = write("long.csv", rows.toString().getBytes(StandardCharsets.UTF_8));
        try (FileReplay replay = FileReplay.open(file, Mapping.parse("m.yaml", YAML))) {
            double before = replay.progress();
            for (int i = 0; i < 100_000; i++) {
                replay.next();
            }
            assertThat(before).isBetween(0.0, 0.1);
            assertThat(replay.progress()).isBetween(0.4, 0.6);
        }
    }

    private List<String> items(String yaml, String content) throws IOException {
        return items(write("f.csv", content.getBytes(StandardCharsets.UTF_8)), Mapping.parse("m.yaml", yaml));
    }

    private static List<String> items(Path file, Mapping mapping) {
        List<String> items = new ArrayList<>();
        try (FileReplay replay = FileReplay.open(file, mapping)) {
            replay.forEachRemaining(item -> items.add(describe(item)));
        }
        return items;
    }

    private static String describe(ReplayItem item) {
        if (item instanceof ReplayItem.ReplayEvent e) {
            return "event " + e.event().getEventTime();
        }
        if (item instanceof ReplayItem.ReplayOutcome o) {
            return o.outcome().getLabel() + " " + o.outcome().getEventId();
        }
        ReplayItem.Unmappable u = (ReplayItem.Unmappable) item;
        return u.line() + " " + u.reason() + " " + new String(u.raw(), StandardCharsets.UTF_8);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
