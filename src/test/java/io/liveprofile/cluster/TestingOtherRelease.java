package io.liveprofile.cluster;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A release of features that no job has; its model cannot be loaded. */
final class TestingOtherRelease {
    private static final FeatureSchema SCHEMA = new FeatureSchema(List.of(new Feature("orders_of_before", Transform.IDENTITY)));

    private TestingOtherRelease() {}

    static void writeTo(Path store) {
        new ModelStore(store).publish(new Manifest.Draft(null, SCHEMA, List.of("fraud"), Map.of(), 0, 0), directory -> {
            try {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("saved_model.pb"), "a graph");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
