package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    private static final long BROKER_TIME = 1_000_000;

    private static final String CSV = """
            name: shop
            format: csv
            header: false
            columns: [t, user, did]
            match: all
            skip:
              - {name: robots, when: row.user == 'robot'}
            fields: {userId: user, eventTime: {column: t, unit: ms}, eventId: {template: "{did}{t}"}}
            events:
              - {name: look, when: "row.did in ['look', 'both']", type: VIEW}
              - {name: buy, when: "row.did in ['buy', 'both']", type: ORDER, eventId: {template: "buy{t}"}}
            outcomes:
              - {label: fraud, when: row.did == 'buy', about: buy}
            """;

    private static final String JSON = """
            name: shop
            format: json
            columns: {t: at, user: who.id}
            events:
              - {name: look, userId: user, eventTime: {column: t, unit: ms}, eventId: {template: "look{t}"}, type: VIEW}
            """;

    /** Compiled once each. */
    private static final Map<String, Mapping> MAPPINGS = new HashMap<>();

    private static Function<Mapping, EventDecoder> decoders;

    @BeforeAll
    static void setUp(@TempDir Path directory) {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        Pseudonymizer pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
        EventLimits limits = new EventLimits(Instant.EPOCH, Duration.ofDays(1), Duration.ofDays(1), 100, 64, 10, 1 << 17);
        decoders = mapping -> EventDecoder.ofFile(limits, pseudonymizer, mapping);
    }

    @Test
    void aRowIsAtLeastOneRecordWithItsPlace() throws IOException {
        String content = "5,a,look\n6,b,both\n7,robot,look\n8,c,buy\n9,d,sleep\n\nx,e,look\n10,f\n11,\"g\nh\",look";
        assertThat(read(CSV, bytes(content))).containsExactly(
                "1 look5", "2 both6", "2+1 buy6", "3 skipped robots", "4 buy8", "4+1 outcome fraud", "5 skipped no-rule",
                "6 skipped blank-line", "7 bad-time x,e,look\n", "8 wrong-column-count 10,f\n", "9 look11");
        try (HistoryFile file = open(CSV, bytes(content))) {
            IngestedRecord record = file.next().get(0);
            assertThat(record.getTopic()).isEqualTo("day.csv");
            assertThat(record.getPartition()).isEqualTo(-1);
            assertThat(record.getBrokerTime()).isEqualTo(BROKER_TIME);
            assertThat(HistoryFile.isOrigin(record)).isTrue();
            record.setPartition(0);
            assertThat(HistoryFile.isOrigin(record)).isFalse();
        }
    }

    @Test
    void jsonLinesAndCompressedFilesAreReadAlike() throws IOException {
        String content = "{\"at\": 5, \"who\": {\"id\": \"a\"}}\nno json\n{\"at\": 6, \"who\": {\"id\": \"b\"}}\n";
        List<String> expected = List.of("1 look5", "2 bad-json no json\n", "3 look6");
        assertThat(read(JSON, bytes(content))).isEqualTo(expected);
        assertThat(read(JSON, gzip(content))).isEqualTo(expected);
    }

    @Test
    void theHeaderSaysWhereTheColumnsAre() throws IOException {
        String yaml = CSV.replace("header: false", "header: true");
        String content = "\uFEFFdid,more,user,t\r\nlook,x,a,7\nbuy,x,b,8\n";
        assertThat(read(yaml, bytes(content))).containsExactly("2 look7", "3 buy8", "3+1 outcome fraud");
        assertGoesOnFromEveryPlace(yaml, bytes(content));
        assertThatThrownBy(() -> open(yaml, bytes("5,a,look\n"))).isInstanceOf(ConfigException.class)
                .hasMessage("day.csv:1: the first line must name the columns of mapping shop; missing: t, user, did");
        assertThatThrownBy(() -> open(yaml, bytes(""))).isInstanceOf(ConfigException.class)
                .hasMessage("day.csv: is empty; the first line must name the columns of mapping shop");
    }

    @Test
    void aStrayQuoteCostsOneLine() throws IOException {
        String lines = "1,a,look\n".repeat(20_000);
        byte[] content = bytes("5,\"a,look\n" + lines);
        List<String> records = read(CSV, content);
        assertThat(records).hasSize(20_001).startsWith("1 bad-csv 5,\"a,look\n", "2 look1").endsWith("20001 look1");
        // Not UTF-8 within the reach of the quote, and one that makes the row too large.
        byte[] latin = ("5,\"a,look\n6,\u00e9,look\n7,b,look\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(CSV, latin)).hasSize(3).startsWith("1 not-utf8 5,\"a,look\n").endsWith("3 look7");
        byte[] large = bytes("5,\"" + "a".repeat(1 << 17) + ",look\n6,b,look\n");
        assertThat(read(CSV, large)).hasSize(2).endsWith("2 look6");
    }

    @Test
    void inOrderOfTimeWhereTheMappingSaysSo() throws IOException {
        String yaml = CSV + "order: time\n";
        byte[] content = bytes("50,a,look\nx,b,look\n5,c,both\n49,robot,look\n5,d,look\n");
        assertThat(read(yaml, content)).containsExactly(
                "2 bad-time x,b,look\n", "4 skipped robots", "3 both5", "3+1 buy5", "5 look5", "1 look50");
        assertGoesOnFromEveryPlace(yaml, content);
    }

    @Test
    void goesOnWhereItStoodWhateverTheFileHolds() throws IOException {
        String[] parts = {"5,a,look\n", "6,b,both\r\n", "\"7\",\"c\nc\",buy\n", "8,\"d,look\n", "\n", "no row\n", "\"", "9,e,look", ",",
            "10,\"f\"\"\n\n\",look\n", "\u00e9\n"};
        Random random = new Random(11);
        for (int i = 0; i < 150; i++) {
            StringBuilder content = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                content.append(parts[random.nextInt(parts.length)]);
            }
            byte[] bytes = bytes(content.toString());
            assertGoesOnFromEveryPlace(CSV, i % 2 == 0 ? bytes : gzip(bytes));
        }
    }

    @Test
    void saysWhereACompressedFileBreaksOff() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            rows.append(i).append(",user").append(i * 31L % 977).append(",look\n");
        }
        byte[] whole = gzip(rows.toString());
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        assertThatThrownBy(() -> read(CSV, cut)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("day.csv: breaks off after line ");
        try (HistoryFile file = open(CSV, cut)) {
            assertThatThrownBy(() -> file.skipTo(50_000)).isInstanceOf(IOException.class)
                    .hasMessageStartingWith("day.csv: breaks off after line ");
        }
        assertThat(read(CSV, whole)).hasSize(50_000);
    }

    /** Of a store that never tells what is available, too. */
    @Test
    void allPartsOfACompressedFileAreRead() throws IOException {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.write(gzip("5,a,look\n"));
        int first = parts.size();
        parts.write(gzip("6,b,look\n7,c,look\n"));
        InputStream silent = new FilterInputStream(new ByteArrayInputStream(parts.toByteArray())) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, first));
            }

            @Override
            public int available() {
                return 0;
            }
        };
        List<String> records = new ArrayList<>();
        try (HistoryFile file = HistoryFile.open("day.csv", silent, Mapping.parse("m.yaml", CSV), decoders, BROKER_TIME)) {
            for (List<IngestedRecord> row = file.next(); row != null; row = file.next()) {
                row.forEach(record -> records.add(describe(record)));
            }
        }
        assertThat(records).containsExactly("1 look5", "2 look6", "3 look7");
    }

    @Test
    void aFileThatCannotBeOpenedIsClosed(@TempDir Path directory) throws IOException {
        Path broken = Files.write(directory.resolve("broken.gz"), new byte[] {0x1f, (byte) 0x8b, 0, 0, 0, 0, 0, 0, 0, 0});
        boolean[] closed = {false};
        InputStream stored = new FilterInputStream(Files.newInputStream(broken)) {
            @Override
            public void close() throws IOException {
                closed[0] = true;
                super.close();
            }
        };
        assertThatThrownBy(() -> HistoryFile.open("f", stored, Mapping.parse("m.yaml", CSV), decoders, 0))
                .isInstanceOf(IOException.class);
        assertThat(closed[0]).isTrue();
    }

    private static void assertGoesOnFromEveryPlace(String yaml, byte[] stored) throws IOException {
        List<String> all = read(yaml, stored);
        List<String> before = new ArrayList<>();
        try (HistoryFile file = open(yaml, stored)) {
            do {
                List<String> together = new ArrayList<>(before);
                try (HistoryFile again = open(yaml, stored)) {
                    again.skipTo(file.position());
                    together.addAll(rest(again));
                }
                assertThat(together).as("from %s of %s", file.position(), new String(stored, StandardCharsets.UTF_8))
                        .isEqualTo(all);
            } while (addNext(file, before));
        }
    }

    private static boolean addNext(HistoryFile file, List<String> records) throws IOException {
        List<IngestedRecord> row = file.next();
        if (row != null) {
            row.forEach(record -> records.add(describe(record)));
        }
        return row != null;
    }

    private static List<String> read(String yaml, byte[] stored) throws IOException {
        try (HistoryFile file = open(yaml, stored)) {
            return rest(file);
        }
    }

    private static List<String> rest(HistoryFile file) throws IOException {
        List<String> records = new ArrayList<>();
        while (addNext(file, records)) {
            // reads on
        }
        return records;
    }

    private static HistoryFile open(String yaml, byte[] stored) throws IOException {
        Mapping mapping = MAPPINGS.computeIfAbsent(yaml, text -> Mapping.parse("m.yaml", text));
        return HistoryFile.open("day.csv", new ByteArrayInputStream(stored), mapping, decoders, BROKER_TIME);
    }

    /** Line, part and what it became. */
    private static String describe(IngestedRecord record) {
        String place = record.getOffset() + (record.getPart() == 0 ? " " : "+" + record.getPart() + " ");
        if (record.getEvent() != null) {
            return place + record.getEvent().getEventId();
        }
        if (record.getDeadLetter() != null) {
            return place + record.getDeadLetter().getReason() + " "
                    + StandardCharsets.UTF_8.decode(record.getDeadLetter().getValue().duplicate());
        }
        return place + (record.getOutcome() != null
                ? "outcome " + record.getOutcome().getLabel() : "skipped " + record.getSkippedBy());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        return gzip(bytes(text));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
