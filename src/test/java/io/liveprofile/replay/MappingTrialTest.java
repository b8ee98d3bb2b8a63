package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MappingTrialTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path mapping;
    private Path data;

    @BeforeEach
    void writeMapping() throws IOException {
        mapping = Files.writeString(folder.resolve("m.yaml"), """
                name: shop
                format: csv
                header: false
                columns: [t, user, fraud]
                skip:
                  - {name: robots, when: row.user == 'robot'}
                events:
                  - name: view
                    eventId: {template: "e{t}"}
                    userId: user
                    eventTime: {column: t, unit: ms}
                    type: VIEW
                outcomes:
                  - {label: fraud, when: row.fraud == '1', about: view}
                """);
        data = folder.resolve("f.csv");
    }

    @Test
    void saysWhatBecameOfEachRow() throws IOException {
        Files.writeString(data, "1,a,0\n2,robot,0\nx,b,0\n3,c,1\n4\ny,d,0\n");
        assertThat(run("--show", "1")).isEqualTo(1);
        assertThat(out.toString().lines().skip(1)).containsExactly(
                "rows        6",
                "events      2 (VIEW 2)",
                "outcomes    1 (fraud 1)",
                "skipped     1 (robots 1)",
                "unmappable  3 (bad-time 2, wrong-column-count 1)",
                "  bad-time, first at line 3: eventTime (column t) is not written as the mapping says",
                "  wrong-column-count, first at line 5: 3 columns expected, 1 found");
        assertThat(out.toString()).startsWith("{\"eventId\": \"e1\", \"userId\": \"a\", \"eventTime\": 1, \"type\": \"VIEW\"");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void succeedsWhenEveryRowIsMappedOrSkipped() throws IOException {
        Files.writeString(data, "1,a,0\n2,robot,0\n");
        assertThat(run()).isZero();
        assertThat(out.toString()).contains("outcomes    0\n").contains("unmappable  0\n");
    }

    @Test
    void saysInOneLineWhatCannotBeRead() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo(data + ": no such data file");
    }

    private int run(String... more) {
        String[] args = new String[4 + more.length];
        System.arraycopy(new String[] {"--mapping", mapping.toString(), "--data", data.toString()}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return new CommandLine(new MappingTrial())
                .setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    }
}
