package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicCommandTest {
    @TempDir
    private Path directory;

    private final TestingConsole console = new TestingConsole();
    private final StringWriter out = console.out;
    private final StringWriter err = console.err;

    @Test
    void printsTheNewestRecordsOldestFirst() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                Topics topics = new Topics(broker.bootstrapServers())) {
            topics.create(2);
            publish(broker, 5);
        }
        assertThat(execute("model-evaluations", "--last", "2")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("\"kind\": \"GATE\"", "\"reasons\": [ \"try 3\" ]").doesNotContain("try 2");
        assertThat(out.toString().indexOf("try 3")).isLessThan(out.toString().indexOf("try 4"));

        assertThat(execute("risk-alerts")).isZero();
        assertThat(err.toString()).startsWith("Nothing is on risk-alerts yet.");
    }

    @Test
    void listsThemAndRefusesOthers() {
        assertThat(execute()).isZero();
        assertThat(out.toString()).contains("  model-evaluations", "  user-profiles");
        assertThat(execute("profile")).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: topic = 'profile': must be one of behavior-events, labeled-outcomes, ");
        assertThat(execute("user-profiles", "--last", "0")).isEqualTo(2);
        assertThat(err.toString()).startsWith("error: --last = '0': must be at least 1");
    }

    private static void publish(EmbeddedBroker broker, int tries) throws Exception {
        SingleObject<ModelEvaluation> codec = new SingleObject<>(ModelEvaluation.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < tries; i++) {
                ModelEvaluation evaluation = new ModelEvaluation("e" + i, EvaluationKind.GATE, (long) i, null, null, true,
                        List.of("try " + i), Map.of());
                producer.send(new ProducerRecord<>(Topic.MODEL_EVALUATIONS.topicName(), codec.encode(evaluation))).get();
            }
        }
    }

    private int execute(String... arguments) {
        return console.execute("topic", directory, arguments);
    }
}
