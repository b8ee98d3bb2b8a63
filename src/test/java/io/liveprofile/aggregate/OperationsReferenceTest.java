package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OperationsReferenceTest {
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- operations: made from Operations.java -->\n";
    private static final String END = "<!-- end of operations -->";

    /** {@code -Dreadme.write=true} writes the table instead of checking it. */
    @Test
    void theReadmesTableIsTheOneOfTheOperations() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(end).as("markers in the README").isGreaterThanOrEqualTo(begin);
        String table = "| op | keys | gives | exactness; state |\n| --- | --- | --- | --- |\n"
                + String.join("\n", Operations.reference()) + "\n";
        if (Boolean.getBoolean("readme.write")) {
            Files.writeString(README, readme.substring(0, begin) + table + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end)).isEqualTo(table);
        }
    }
}
