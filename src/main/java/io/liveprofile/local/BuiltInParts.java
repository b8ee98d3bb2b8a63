package io.liveprofile.local;

import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.BackfillConfig;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.job.TrainingJob;
import io.liveprofile.job.TrainingJobConfig;
import io.liveprofile.replay.FileReplay;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/** The parts of the product. */
public final class BuiltInParts implements Parts {
    /** At this pace of event time shoppers behave most like people; a higher RATE makes their clock run faster. */
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;

    private static final int YEARS_BACK = 2;
    /** At night there are more crawlers than shoppers. */
    private static final int OPENING_HOUR = 9;

    @Override
    public LiveJob job(RunPlan plan) {
        Configuration options = plan.settings().read();
        if (plan.settings().assigns(Options.KAFKA_SERVERS.key())) {
            System.err.println("warning: " + Options.KAFKA_SERVERS.key() + " has no effect here: the run has a broker of its own");
        }
        BackfillConfig backfill = ProfileJobConfig.of(options).backfill();
        if (backfill != null && !plan.keep()) {
            backfill.lanes();
        }
        boolean learns = !options.get(Options.MODEL_STORE).isBlank();
        if (learns) {
            TrainingJobConfig.of(options);
        }
        Path keyFile = Path.of(options.get(Options.KEY_FILE));
        PseudonymKey.require(keyFile, plan.keep() && Files.exists(RunDirectory.addresses(plan.directory())), "leave KEEP=1 away");
        Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(keyFile));
        return (env, bootstrapServers) -> {
            options.set(Options.KAFKA_SERVERS, bootstrapServers);
            // Without state the counts begin at 0, so do the offsets, whatever a killed run has committed.
            ProfileJob.define(env, options, OffsetsInitializer.earliest());
            if (learns) {
                TrainingJob.define(env, options, OffsetsInitializer.earliest());
            }
        };
    }

    @Override
    public Traffic traffic(RunPlan plan) {
        if (plan.isReplay()) {
            Mapping mapping = Mapping.read(plan.mapping());
            return new ReplayTraffic(plan.data(), mapping.name(), FileReplay.open(plan.data(), mapping));
        }
        Instant now = Instant.now();
        SimulationConfig config = SimulationConfig.defaults()
                .withSeed(plan.seed())
                .withUsers(plan.users())
                .withEventsPerSecond(EVENTS_PER_USER_SECOND * plan.users())
                .withStartMillis(startBefore(now));
        return new SimulatedTraffic(config, NoiseMix.defaults(), now.toEpochMilli());
    }

    @Override
    public UnaryOperator<String> pseudonyms(JobSettings settings) {
        Path keyFile = Path.of(settings.read().get(Options.KEY_FILE));
        return Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(keyFile))::pseudonym;
    }

    /** A Monday morning far enough back that event time, which runs faster than the clock, has years before it is now. */
    private static long startBefore(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC)
                .minusYears(YEARS_BACK)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .atTime(OPENING_HOUR, 0)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }
}
