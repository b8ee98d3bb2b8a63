package io.liveprofile.local;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.ProfileJobConfig;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;

/** The parts of the product. */
final class BuiltInParts implements Parts {
    private static final String OPTIONS_FILE = "liveprofile.yaml";

    @Override
    public LiveJob job(RunPlan plan) {
        Configuration options = options(plan.configuration());
        ProfileJobConfig.of(options);
        Path keyFile = Path.of(options.get(Options.KEY_FILE));
        if (Pseudonymizer.createKeyset(keyFile)) {
            System.err.println("warning: there was no pseudonym key; made one in " + keyFile
                    + ", good for this machine only: production brings its own (privacy.key-file)");
        }
        Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(keyFile));
        return (env, bootstrapServers) -> {
            options.set(Options.KAFKA_SERVERS, bootstrapServers);
            ProfileJob.define(env, options);
        };
    }

    @Override
    public Traffic traffic(RunPlan plan) {
        return plan.isReplay()
                ? new ReplayTraffic(plan.data(), Mapping.read(plan.mapping()))
                : new SimulatedTraffic(plan.users(), plan.seed(), plan.rate(), System.currentTimeMillis());
    }

    @Override
    public UnaryOperator<String> pseudonyms(Path configuration) {
        Path keyFile = Path.of(options(configuration).get(Options.KEY_FILE));
        return Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(keyFile))::pseudonym;
    }

    private static Configuration options(Path directory) {
        return OptionsFile.read(ConfigNode.read(directory.resolve(OPTIONS_FILE)));
    }
}
