package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveprofile.model.ModelStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A made-up shop whose bargains are bought within a minute; from two thirds of the time on it is full-priced wares. */
class EvaluateCommandTest {
    private static final int ROWS = 6_000;
    private static final long START = 1_700_000_000_000L;
    private static final String NO_ROWS = "time,user,action,price,session\n";

    @TempDir
    Path directory;

    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void writeConfiguration() throws Exception {
        write("mapping.yaml", """
                name: made-up
                format: csv
                header: true
                columns: [time, user, action, price, session]
                fields:
                  eventTime: { column: time, unit: ms }
                  userId: user
                  sessionId: session
                events:
                  - name: all
                    eventId: { template: "{user}-{time}-{action}" }
                    type: { column: action, map: { view: VIEW, order: ORDER } }
                    amountMinor: { column: price, decimals: 0 }
                    currency: { constant: EUR }
                """);
        write("features.yaml", """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates: { views: { op: count, events: [VIEW], windows: [1h] } }
                features:
                  - event: [amountMinor]
                  - statistics: [views]
                """);
        write("model.yaml", """
                hidden_layers: [8]
                heads: [ { name: bought } ]
                training: { dropout: 0 }
                online: { learning_rate: 0.03, batch_size: 16, replay_rows: 200, replay_steps: 6, window: 1000, held_out: 0.3, gate_every: 90, least_positives: 20 }
                """);
        write("labels.yaml", """
                labels: { bought: { positive: { events: ORDER }, horizon: 1 min, judged: VIEW } }
                slices:
                  starts: { session_start: true }
                  dear: { where: event.amountMinor > 50 }
                """);
    }

    @Test
    void comparesWhatLearnsWithWhatDoesNotOnTheSameExamples() throws Exception {
        writeData();
        assertThat(evaluate()).as(errors.toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(directory.resolve("out/report.json").toFile());
        JsonNode late = comparison(report, "all", "late");
        assertThat(late.get("models")).extracting(model -> model.get("model").asText())
                .containsExactly("online", "released", "frozen", "logistic", "prior");
        double online = late.get("models").get(0).get("roc_auc").asDouble();
        double frozen = late.get("models").get(2).get("roc_auc").asDouble();
        double prior = late.get("models").get(4).get("roc_auc").asDouble();
        assertThat(online).isGreaterThan(0.9);
        assertThat(frozen).as("knows the wares that were bought before").isLessThan(online - 0.2);
        assertThat(prior).isLessThan(0.7);

        JsonNode whole = comparison(report, "all", "whole");
        assertThat(whole.get("rows").asInt()).as("those whose minute is over").isEqualTo(ROWS - 7);
        assertThat(comparison(report, "starts", "whole").get("rows").asInt()).as("one view in four begins a session")
                .isCloseTo(whole.get("rows").asInt() / 4, within(2));
        assertThat(comparison(report, "dear", "whole").get("rows").asInt()).isLessThan(whole.get("rows").asInt());
        assertThat(report.get("releases")).hasSameSizeAs(new ModelStore(directory.resolve("out/evaluated-models")).releaseIds());
        assertThat(report.get("releases")).isNotEmpty();
        assertThat(Files.readAllLines(directory.resolve("out/rows.csv"))).hasSize(1 + ROWS)
                .first().asString().isEqualTo("time,user,bought,bought.online,bought.released,bought.frozen,bought.logistic,bought.prior");
        assertThat(report.get("account").get("events").get("profiled").asInt())
                .isEqualTo(report.get("account").get("rows").get("mapped").asInt())
                .isEqualTo(report.get("account").get("vectors").get("total").asInt()).isGreaterThan(ROWS);
        assertThat(report.get("account").get("vectors").get("judged").asInt()).isEqualTo(ROWS);
        assertThat(directory.resolve("out/bought.svg")).content().contains("bought: ROC");
    }

    /** The same vectors, labels and share of positives, whatever is learned of them. */
    @Test
    void whatIsNotLearnedIsJudgedAllTheSame() throws Exception {
        writeData();
        JsonNode all = lateWith("");
        JsonNode sampled = lateWith(", keep_negatives: 0.1");

        assertThat(sampled.get("rows")).isEqualTo(all.get("rows"));
        assertThat(sampled.get("positives")).isEqualTo(all.get("positives"));
        for (String figure : new String[] {"roc_auc", "pr_auc", "log_loss", "calibration_error"}) {
            assertThat(sampled.get("models").get(4).get(figure)).as("prior's " + figure)
                    .isEqualTo(all.get("models").get(4).get(figure));
        }
    }

    private JsonNode lateWith(String option) throws Exception {
        write("labels.yaml", "labels: { bought: { positive: { events: ORDER }, horizon: 1 min, judged: VIEW%s } }"
                .formatted(option));
        assertThat(evaluate()).as(errors.toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(directory.resolve("out/report.json").toFile());
        assertThat(report.get("releases").get(0).get("id").asText()).as("whatever was evaluated before").isEqualTo("r000001");
        return comparison(report, "all", "late");
    }

    /** The shipped ones are of heads that this model does not have. */
    @Test
    void otherLabelsThanTheShippedOnesAreGivenByTheirFile() throws Exception {
        writeData();
        Files.move(directory.resolve("labels.yaml"), directory.resolve("mine.yaml"));
        assertThat(evaluate("--labels", directory.resolve("mine.yaml").toString())).as(errors.toString()).isZero();
    }

    @Test
    void aFileWithoutEventsIsOneClearError() throws Exception {
        write("data.csv", NO_ROWS);
        assertThat(evaluate()).isEqualTo(2);
        assertThat(errors.toString()).contains("data.csv: gives no events");
    }

    @Test
    void aHorizonThatIsNowhereOverIsOneClearError() throws Exception {
        write("labels.yaml", "labels: { bought: { positive: { events: ORDER }, horizon: 30 d, judged: VIEW } }");
        write("data.csv", NO_ROWS + "%d,u1,view,1,s1%n%d,u1,view,1,s1%n".formatted(START, START + 86_400_000));
        assertThat(evaluate()).isEqualTo(2);
        assertThat(errors.toString()).isEqualTo("error: data.csv: bought cannot be judged: no vector that is asked for it has its"
                + " horizon of 30 d over, as the data goes from 2023-11-14T22:13:20Z to 2023-11-15T22:13:20Z%n".formatted());
    }

    @Test
    void aFileInThePlaceOfTheReportIsOneClearError() throws Exception {
        write("data.csv", NO_ROWS);
        write("out", "");
        assertThat(evaluate()).isEqualTo(2);
        assertThat(errors.toString()).isEqualTo(
                "error: --out = '" + directory.resolve("out") + "': is no directory and cannot be made one%n".formatted());
    }

    /** 50 users in turn, four views a session, two sessions at a time; in the last third it is dear wares that are bought. */
    private void writeData() throws Exception {
        Random random = new Random(2);
        StringBuilder data = new StringBuilder(NO_ROWS);
        for (int i = 0; i < ROWS; i++) {
            long time = START + i * 10_000L;
            int user = i % 50;
            int price = random.nextInt(100);
            int session = i / 400 * 2 + i / 50 % 2;
            boolean isBought = i < ROWS * 2 / 3 ? price < 30 : price > 70;
            data.append("%d,u%d,view,%d,s%d-%d%n".formatted(time, user, price, user, session));
            if (isBought) {
                data.append("%d,u%d,order,%d,s%d-%d%n".formatted(time + 1_000, user, price, user, session));
            }
        }
        write("data.csv", data.toString());
    }

    private int evaluate(String... more) {
        CommandLine line = Liveprofile.commandLine(new BuiltInParts());
        line.setErr(new PrintWriter(errors, true));
        List<String> words = new ArrayList<>(List.of("evaluate", "--data", directory.resolve("data.csv").toString(),
                "--mapping", directory.resolve("mapping.yaml").toString(), "--with", directory.toString(),
                "--out", directory.resolve("out").toString(), "--samples", "20", "--rows"));
        words.addAll(List.of(more));
        return line.execute(words.toArray(String[]::new));
    }

    private static JsonNode comparison(JsonNode report, String slice, String period) {
        for (JsonNode each : report.get("comparisons")) {
            if (each.get("slice").asText().equals(slice) && each.get("period").asText().equals(period)) {
                return each;
            }
        }
        throw new AssertionError("no comparison " + slice + ", " + period);
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }
}
