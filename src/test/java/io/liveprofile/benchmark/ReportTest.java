package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveprofile.benchmark.GrowthPicture.Line;
import io.liveprofile.benchmark.GrowthPicture.Panel;
import io.liveprofile.benchmark.ThreadTimes.Group;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final double CLOSE = 1e-9;

    @TempDir
    Path directory;

    private final Results results = new Results();
    private final Report report = new Report("try", results);

    @BeforeEach
    void setUp() {
        Map<String, Double> stages = new LinkedHashMap<>();
        stages.put("aggregate", 0.75);
        stages.put("dedupe", 0.25);
        // Two rounds: 0.4 and 0.6 of the floor. Of the engine's second, 30 µs of source and operators an event.
        results.addAll(List.of(measurement("floor", 1_000, Map.of()), measurement("engine", 400, Map.of())));
        results.addAll(List.of(
                measurement("floor", 500, Map.of()), measurement("engine", 300, stages)));
        report.add("Events a second", List.of(
                results.rate("floor"),
                results.rate("engine", "floor").toReach(Target.atLeast(0.6), "engine"),
                results.cost("engine", "floor").toReach(Target.atMost(2.5), "engine")));
        report.detail("engine");
        report.note("a note");
    }

    @Test
    void eachFigureHasItsNameUnitAndBaseline() throws Exception {
        JsonNode figures = written().get("figures");
        assertThat(figures).hasSize(3);
        assertThat(figures.get(0).get("name").asText()).isEqualTo("floor");
        assertThat(figures.get(0).get("unit").asText()).isEqualTo("events/s");
        assertThat(figures.get(0).get("value").asDouble()).isEqualTo(750);
        assertThat(figures.get(0).get("baseline").isNull()).isTrue();
        JsonNode engine = figures.get(1);
        assertThat(engine.get("value").asDouble()).isEqualTo(350);
        assertThat(engine.get("baseline").asText()).isEqualTo("floor");
        assertThat(engine.get("baselineValue").asDouble()).isEqualTo(750);
        assertThat(engine.get("ratio").asDouble()).isCloseTo(0.5, within(CLOSE));
        assertThat(engine.get("ratios")).hasSize(2);
    }

    @Test
    void aMissedFigureSaysByHowMuchAndWhy() throws Exception {
        JsonNode missed = written().get("figures").get(1);
        assertThat(missed.get("target").asText()).isEqualTo("at least 0.6");
        assertThat(missed.get("met").asBoolean()).isFalse();
        assertThat(missed.get("missedBy").asDouble()).isCloseTo(0.1, within(CLOSE));
        assertThat(missed.get("shareOfSamples").get("aggregate").asDouble()).isEqualTo(0.75);
        JsonNode met = written().get("figures").get(2);
        assertThat(met.get("ratio").asDouble()).isCloseTo((2.5 + 5.0 / 3) / 2, within(CLOSE));
        assertThat(met.get("met").asBoolean()).isTrue();
        assertThat(met.get("missedBy").asDouble()).isZero();
        assertThat(met.has("shareOfSamples")).isFalse();
        assertThat(printed())
                .contains("missed  engine to floor: 0.50, to reach: at least 0.6")
                .contains("by 0.10. Where its time goes: aggregate 75 %, dedupe 25 %")
                .contains("met     engine to floor: 2.08, to reach: at most 2.5");
    }

    @Test
    void theStagesShareWhatTheirThreadsTook() throws Exception {
        JsonNode engine = written().get("measurements").get(1);
        assertThat(engine.get("name").asText()).isEqualTo("engine");
        assertThat(engine.get("eventsPerSecond").asDouble()).isEqualTo(300);
        assertThat(engine.get("stateBytesPerUser").asDouble()).isEqualTo(70);
        assertThat(engine.get("cpuMicrosPerEvent").asDouble()).isCloseTo(40, within(CLOSE));
        assertThat(engine.get("cpuMicrosPerEventByThreads").get("GC").asDouble()).isCloseTo(10, within(CLOSE));
        assertThat(engine.get("cpuMicrosPerEventByStage").get("aggregate").asDouble()).isCloseTo(22.5, within(CLOSE));
    }

    @Test
    void everythingIsPrinted() {
        assertThat(printed())
                .contains("== Events a second")
                .containsPattern("engine +350\\.00  events/s +0\\.50  0\\.40 to 0\\.60 +floor")
                .containsPattern("aggregate +22\\.50 +75\\.0 %")
                .contains("note: a note");
    }

    @Test
    void thePictureIsDrawnWhereThereIsOne() throws Exception {
        report.write(directory);
        assertThat(directory.resolve("growth.svg")).doesNotExist();
        report.add(new Panel("Cost", "users", "µs", List.of(new Line("engine", new double[] {1, 2}, new double[] {3, 4}, false))));
        report.write(directory);
        assertThat(directory.resolve("growth.svg")).isNotEmptyFile();
    }

    private JsonNode written() throws Exception {
        report.write(directory);
        return new ObjectMapper().readTree(directory.resolve("report.json").toFile());
    }

    private String printed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Of 10 users in 2 seconds, 40 µs an event: 10 in the source, 20 in the operators, 10 in the collector. */
    private static Measurement measurement(String name, int rate, Map<String, Double> stages) {
        int events = rate * 2;
        return new Measurement(name, 10, events, 2,
                Map.of(Group.SOURCE, events * 10e-6, Group.OPERATORS, events * 20e-6, Group.GC, events * 10e-6), 700, stages);
    }
}
