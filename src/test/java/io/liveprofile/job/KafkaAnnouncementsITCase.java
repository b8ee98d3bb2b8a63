package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.EmbeddedBroker;
import io.liveprofile.local.Topics;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaAnnouncementsITCase {
    @TempDir
    Path directory;

    @Test
    void readsWhatWasAnnouncedInOrderAndNothingElse() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            KafkaAnnouncements announcements = new KafkaAnnouncements(broker.bootstrapServers());
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(announcements::untilNow)
                    .withMessageContaining("there is no topic model-releases");
            try (Topics topics = new Topics(broker.bootstrapServers())) {
                topics.create(1);
            }
            assertThat(announcements.untilNow()).isEmpty();
            SingleObject<ModelRelease> codec = new SingleObject<>(ModelRelease.class);
            ModelRelease first = release("r000002");
            ModelRelease second = release("r000003");
            send(broker, codec.encode(first), "no announcement".getBytes(StandardCharsets.UTF_8), codec.encode(second));
            assertThat(announcements.untilNow()).containsExactly(first, second);
        }
    }

    private static ModelRelease release(String id) {
        return new ModelRelease(id, "r000001", "hash", "sha", 1L, 2L, false, Map.of());
    }

    private static void send(EmbeddedBroker broker, byte[]... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(Topic.MODEL_RELEASES.topicName(), value)).get();
            }
        }
    }
}
