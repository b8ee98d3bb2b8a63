package io.liveprofile.local;

import io.liveprofile.config.ConfigException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The parts of the product. */
final class BuiltInParts implements Parts {
    @Override
    public LiveJob job(RunPlan plan) {
        throw new ConfigException("the profile job is not plugged in");
    }

    @Override
    public Traffic traffic(RunPlan plan) {
        throw new ConfigException("the traffic is not plugged in");
    }

    @Override
    public UnaryOperator<String> pseudonyms(Path configuration) {
        return UnaryOperator.identity();
    }
}
