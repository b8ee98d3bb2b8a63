package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RowReaderTest {
    private static final int MOST_BYTES = 1 << 20;

    @Test
    void cutsAtLineEndsAndKeepsThem() throws IOException {
        assertThat(rows("a,b\r\nc,d\n\ne,f")).containsExactly("1:a,b\r\n", "2:c,d\n", "3:\n", "4:e,f");
        assertThat(rows("")).isEmpty();
        assertThat(rows("\n")).containsExactly("1:\n");
    }

    @Test
    void passesOverAByteOrderMark() throws IOException {
        assertThat(rows("\uFEFF\"a\nb\",c\nd\n")).containsExactly("1:\"a\nb\",c\n", "3:d\n");
        assertThat(rows("\uFEFF")).isEmpty();
        assertThat(rows("a")).containsExactly("1:a");
    }

    @Test
    void joinsLinesInsideQuotes() throws IOException {
        assertThat(rows("a,\"b\nc\",d\n\"e\"\"\n\"\"\",f\ng\n"))
                .containsExactly("1:a,\"b\nc\",d\n", "3:\"e\"\"\n\"\"\",f\n", "5:g\n");
    }

    @Test
    void takesQuotesInsideAFieldAsText() throws IOException {
        assertThat(rows("5\" pipe,x\n6\" pipe,y\n")).containsExactly("1:5\" pipe,x\n", "2:6\" pipe,y\n");
    }

    @Test
    void givesQuotesNoMeaningWhereThereAreNone() throws IOException {
        RowReader reader = new RowReader(stream("\"a\nb\"\n"), ',', '\0', MOST_BYTES);
        assertThat(new String(reader.next(), StandardCharsets.UTF_8)).isEqualTo("\"a\n");
    }

    @Test
    void goesOnBehindTheFirstLineOfARowThatIsBroken() throws IOException {
        RowReader reader = reader("\"a,1\nb,2\n\"c\",3\nd,4\n");
        assertThat(text(reader.next())).isEqualTo("\"a,1\nb,2\n\"c\",3\n");
        assertThat(text(reader.keepFirstLine())).isEqualTo("\"a,1\n");
        assertThat(text(reader.next())).isEqualTo("b,2\n");
        assertThat(reader.firstLine()).isEqualTo(2);
        assertThat(text(reader.keepFirstLine())).isEqualTo("b,2\n");
        assertThat(text(reader.next())).isEqualTo("\"c\",3\n");
        assertThat(text(reader.next())).isEqualTo("d,4\n");
        assertThat(reader.firstLine()).isEqualTo(4);
        assertThat(reader.next()).isNull();
    }

    @Test
    void endsARowWhoseQuoteNeverCloses() throws IOException {
        String lines = "x,1\n".repeat(100_000);
        RowReader reader = reader("\"a,1\n" + lines);
        assertThat(reader.next().length).isBetween(RowReader.MOST_QUOTED_BYTES, 2 * RowReader.MOST_QUOTED_BYTES + 16);
        reader.keepFirstLine();
        for (int i = 0; i < 100_000; i++) {
            assertThat(text(reader.next())).isEqualTo("x,1\n");
            assertThat(reader.firstLine()).isEqualTo(i + 2);
        }
        assertThat(reader.next()).isNull();
    }

    @Test
    void cutsLinesAboveTheLimit() throws IOException {
        RowReader reader = reader("x".repeat(3 * MOST_BYTES) + "\ny\n");
        assertThat(reader.next().length).isBetween(MOST_BYTES + 1, MOST_BYTES + (1 << 17));
        assertThat(text(reader.next())).isEqualTo("y\n");
        assertThat(reader.firstLine()).isEqualTo(2);
    }

    @Property
    void losesNoByte(@ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 40) String letters,
            @ForAll int seed) throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(seed);
        for (char letter : letters.toCharArray()) {
            text.append("\",\n\r".charAt(random.nextInt(4))).append(letter);
        }
        RowReader reader = reader(text.toString());
        StringBuilder read = new StringBuilder();
        for (byte[] row = reader.next(); row != null; row = reader.next()) {
            read.append(text(random.nextBoolean() ? reader.keepFirstLine() : row));
        }
        assertThat(read).hasToString(text.toString());
    }

    private static List<String> rows(String content) throws IOException {
        RowReader reader = reader(content);
        List<String> rows = new ArrayList<>();
        for (byte[] row = reader.next(); row != null; row = reader.next()) {
            rows.add(reader.firstLine() + ":" + text(row));
        }
        return rows;
    }

    private static RowReader reader(String content) {
        return new RowReader(stream(content), ',', '"', MOST_BYTES);
    }

    private static ByteArrayInputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] row) {
        return new String(row, StandardCharsets.UTF_8);
    }
}
