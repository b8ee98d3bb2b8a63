package io.liveprofile.job;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.inference.AnnouncedReleases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The records of model-releases. One that cannot be read counts where the stream of them is read. */
final class KafkaAnnouncements implements AnnouncedReleases {
    private static final long serialVersionUID = 1L;

    private final String bootstrapServers;

    KafkaAnnouncements(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public List<ModelRelease> untilNow() {
        SingleObject<ModelRelease> codec = new SingleObject<>(ModelRelease.class);
        List<ModelRelease> announced = new ArrayList<>();
        try {
            new TopicScan(bootstrapServers).all(Topic.MODEL_RELEASES.topicName(), message -> {
                try {
                    announced.add(codec.decode(message.value()));
                } catch (IOException | RuntimeException e) {
                    // Broken.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(Topic.MODEL_RELEASES.topicName() + " cannot be read: " + e.getMessage(), e);
        }
        return announced;
    }
}
