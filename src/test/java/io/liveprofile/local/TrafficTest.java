package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficTest {
    private static final Path REES46 = Path.of("flink-conf/mappings/rees46.yaml");
    private static final String HEADER =
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n";

    @TempDir
    private Path directory;

    @Test
    void aFilesRowsBecomeEventsAndDeadLettersWithTheirBytes() throws Exception {
        String good = "2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,s1\n";
        String bad = "yesterday,view,1,1,,b,1.00,1,s1\n";
        Path data = Files.writeString(directory.resolve("shop.csv"), HEADER + good + bad + good);
        try (Traffic traffic = new BuiltInParts().traffic(plan(data, REES46))) {
            List<Message> messages = all(traffic);
            assertThat(messages).extracting(Message::topic).containsExactly(
                    Topic.BEHAVIOR_EVENTS, Topic.DEAD_LETTERS, Topic.BEHAVIOR_EVENTS);
            assertThat(messages.get(0).key()).isEqualTo("541312140");
            DeadLetter letter = new SingleObject<>(DeadLetter.class).decode(messages.get(1).value());
            assertThat(letter.getTopic()).isEqualTo("shop.csv");
            assertThat(letter.getOffset()).as("line").isEqualTo(3);
            assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString()).isEqualTo(bad);
            assertThat(messages.get(1).key()).isEqualTo("shop.csv--1-3");
            assertThat(traffic.rows()).isEqualTo(new Traffic.FileRows(3, 2, 0, 1));
            assertThat(traffic.progress()).isEqualTo(1);
        }
    }

    @Test
    void aMissingFileOrColumnIsNamedBeforeAnythingStarts() throws Exception {
        assertThatThrownBy(() -> plan(directory.resolve("none.csv"), REES46))
                .isInstanceOf(ConfigException.class)
                .hasMessage("DATA: there is no file " + directory.resolve("none.csv"));
        Path data = Files.writeString(directory.resolve("shop.csv"), "event_time,event_type\n");
        assertThatThrownBy(() -> new BuiltInParts().traffic(plan(data, REES46)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("shop.csv");
    }

    @Test
    void theSimulationIsTheSameAgainAndEndsBeforeItsEnd() throws Exception {
        SimulationConfig config = SimulationConfig.defaults().withUsers(300).withEventsPerSecond(0.06);
        long end = config.startMillis() + Duration.ofDays(10).toMillis();
        List<Message> first = all(new SimulatedTraffic(config, NoiseMix.defaults(), end));
        List<Message> again = all(new SimulatedTraffic(config, NoiseMix.defaults(), end));
        assertThat(said(first)).hasSameSizeAs(again).isEqualTo(said(again));
        assertThat(first.stream().allMatch(message -> message.eventTime() < end)).isTrue();
        assertThat(first.stream().map(Message::topic).distinct())
                .containsExactlyInAnyOrder(Topic.BEHAVIOR_EVENTS, Topic.LABELED_OUTCOMES);
        SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
        Message event = first.stream().filter(m -> m.topic() == Topic.BEHAVIOR_EVENTS).findFirst().orElseThrow();
        assertThat(codec.decode(event.value()).getUserId()).isEqualTo(event.key());
    }

    private static List<String> said(List<Message> messages) {
        return messages.stream()
                .map(message -> message.topic() + " " + message.key() + " " + Arrays.hashCode(message.value()))
                .toList();
    }

    private static List<Message> all(Traffic traffic) throws Exception {
        List<Message> messages = new ArrayList<>();
        Message message;
        while ((message = traffic.next()) != null) {
            messages.add(message);
        }
        return messages;
    }

    private RunPlan plan(Path data, Path mapping) {
        double max = Double.POSITIVE_INFINITY;
        return new RunPlan(directory, new JobSettings(directory, List.of()), 0, 0, 1, 1, false, max, null, data, mapping, max, 1, 1, 1);
    }
}
