package io.liveprofile.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.ingest.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedReplayTest {
    @TempDir
    Path directory;

    @Test
    void goesThroughAllFilesInOrderOfTimeTheFirstNamedFirst() throws IOException {
        Path visits = file("visits.csv", "1000,a\n3000,b\n3000,c\n");
        Path hits = file("hits.csv", "1000,x\n2000,y\n9000,z\n");
        assertThat(users(List.of(visits, hits))).containsExactly("a", "x", "y", "b", "c", "z");
        assertThat(users(List.of(hits, visits))).containsExactly("x", "a", "y", "b", "c", "z");
        assertThat(users(List.of(file("empty.csv", ""), hits))).containsExactly("x", "y", "z");
    }

    @Test
    void asManyMappingsAsFiles() {
        assertThatThrownBy(() -> MergedReplay.open(List.of(Path.of("a"), Path.of("b")), List.of(mapping())))
                .isInstanceOf(ConfigException.class)
                .hasMessage("2 data files and 1 mappings: must be as many");
    }

    private List<String> users(List<Path> files) {
        List<String> users = new ArrayList<>();
        try (MergedReplay replay = MergedReplay.open(files, files.stream().map(file -> mapping()).toList())) {
            replay.forEachRemaining(item -> users.add(((ReplayItem.ReplayEvent) item).event().getUserId()));
        }
        return users;
    }

    private Path file(String name, String rows) throws IOException {
        return Files.writeString(directory.resolve(name), rows);
    }

    private static Mapping mapping() {
        return Mapping.parse("m.yaml", """
                name: m
                format: csv
                header: false
                columns: [time, user]
                events:
                  - userId: user
                    eventTime: { column: time, unit: ms }
                    type: VIEW
                """);
    }
}
