package io.liveprofile.cluster;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A release announced as the training job does it, whether it is in the store or not.
 *
 * @param message what is announced
 */
record Announcement(CaseRun run, ModelRelease message) {

    /** Of a release that is not in the store. */
    static Announcement ofNothing(CaseRun run, String release) {
        Manifest newest = newest(run);
        return new Announcement(run, new ModelRelease(release, newest.id(), newest.schemaHash(), "", System.currentTimeMillis(),
                System.currentTimeMillis(), false, Map.of()));
    }

    /** Of the newest release once more, from that event time on, ms UTC; it is in the store from now on. */
    static Announcement ofCopy(CaseRun run, long activeFrom) {
        ModelStore store = new ModelStore(run.directory().models());
        Manifest newest = newest(run);
        FeatureSchema schema = FeaturePlan.read(ConfigNode.read(Path.of("flink-conf/features.yaml"))).schema();
        Manifest copy = store.publish(
                new Manifest.Draft(newest.id(), schema, newest.heads(), newest.metrics(), System.currentTimeMillis(), activeFrom),
                directory -> store.<Void>read(newest, files -> {
                    ClusterDirectory.copy(files, directory);
                    return null;
                }));
        return new Announcement(run, new ModelRelease(copy.id(), newest.id(), copy.schemaHash(), copy.sha256(), activeFrom,
                copy.createdAt(), false, Map.of()));
    }

    String release() {
        return message.getReleaseId();
    }

    /** Returns when the broker has it. */
    Announcement send() throws Exception {
        try (Producer<String, byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, run.bootstrapServers()),
                new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.MODEL_RELEASES.topicName(), release(),
                    new SingleObject<>(ModelRelease.class).encode(message))).get();
        }
        return this;
    }

    private static Manifest newest(CaseRun run) {
        return new ModelStore(run.directory().models()).latest().orElseThrow();
    }

    /** Returns when the profile job has refused it; why. */
    String awaitRefusal() throws InterruptedException {
        List<String> reasons = new ArrayList<>();
        SingleObject<ModelEvaluation> codec = new SingleObject<>(ModelEvaluation.class);
        CaseRun.await("the release to be refused", () -> {
            try (TopicReader topics = new TopicReader(run.bootstrapServers())) {
                topics.read(Topic.MODEL_EVALUATIONS, (value, time) -> {
                    ModelEvaluation evaluation = codec.decode(value);
                    if (evaluation.getKind() == EvaluationKind.REFUSED && release().equals(evaluation.getModel())) {
                        reasons.addAll(evaluation.getReasons());
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return !reasons.isEmpty();
        });
        return reasons.get(0);
    }
}
