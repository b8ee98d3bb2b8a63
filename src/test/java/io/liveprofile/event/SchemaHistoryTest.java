package io.liveprofile.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {
    private static final Path HISTORY = Path.of("schemas/history");

    static List<String> changedRecords() throws IOException {
        try (Stream<Path> files = Files.list(HISTORY)) {
            return files.map(file -> file.getFileName().toString().split("\\.")[0]).distinct().sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("changedRecords")
    void whatWasWrittenWithAnyEarlierSchemaIsRead(String name) throws Exception {
        Class<?> type = Class.forName("io.liveprofile.event." + name);
        Schema now = SpecificData.get().getSchema(type);
        List<Schema> earlier = SchemaHistory.of(type);
        try (Stream<Path> files = Files.list(HISTORY)) {
            assertThat(earlier).as("numbered from 1 without a gap").hasSameSizeAs(
                    files.filter(file -> file.getFileName().toString().startsWith(name + ".")).toList());
        }
        assertThat(earlier).doesNotContain(now).allSatisfy(schema ->
                assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, schema).getType())
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE));
    }

    /** Nobody has to ask for the earlier schemas, so no reader can forget them. */
    @Test
    void aProfileFromBeforeThereWereExplanationsHasNone() throws IOException {
        Schema schema = SchemaHistory.of(UserProfile.class).get(0);
        GenericRecord written = new GenericRecordBuilder(schema)
                .set("userId", "ada").set("version", 7L).set("firstSeenAt", 1L).set("updatedAt", 2L).set("ingestedAt", 3L)
                .set("lastEventId", "e1").set("events", 4L).set("statistics", Map.of("views_1h", 3.0))
                .build();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(written, message);
        UserProfile profile = new SingleObject<>(UserProfile.class).decode(message.toByteArray());
        assertThat(profile.getVersion()).isEqualTo(7);
        assertThat(profile.getStatistics()).isEqualTo(Map.of("views_1h", 3.0));
        assertThat(profile.getExplanations()).isEmpty();
    }
}
