package io.liveprofile.job;

import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.config.ConfigException;
import io.liveprofile.feature.KeyedEvent;
import io.liveprofile.feature.KeyedNumbers;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.AnnouncedReleases;
import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.job.types.EncodedRecordTypeInfo;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.job.types.KeyedNumbersTypeInfo;
import io.liveprofile.job.types.ScoredUpdateTypeInfo;
import io.liveprofile.job.types.UserUpdateTypeInfo;
import io.liveprofile.sink.ProfileSinks;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The graph of the profile job, from decoded records to sinks. The only definition there is: the job on a cluster, the
 * local run, every test and every benchmark call it with their own source and sinks.
 */
public final class ProfilePipeline {
    /**
     * Announcements of releases.
     *
     * @param stream all of them, each once and again behind a failure
     * @param untilNow those that were made before a task began
     */
    public record Announcements(DataStream<ModelRelease> stream, AnnouncedReleases untilNow) {}

    /** Of nothing: what follows it is there for what its uid has in a savepoint. */
    private static final OutputTag<IngestedRecord> NOTHING = new OutputTag<>("nothing", IngestedRecordTypeInfo.INSTANCE);

    private ProfilePipeline() {}

    /**
     * Adds the graph to the environment of {@code records}; executes nothing.
     *
     * @param records decoded records with watermarks, user ids already pseudonyms, the records of one user in order
     */
    public static void define(DataStream<IngestedRecord> records, ProfileSinks sinks, ProfileJobConfig config) {
        define(records, Optional.empty(), Optional.empty(), sinks, config);
    }

    /**
     * The same with the outcomes that aggregates count, as events of their type or dead letters, and with announcements of
     * releases.
     */
    public static void define(
            DataStream<IngestedRecord> records,
            Optional<DataStream<IngestedRecord>> outcomes,
            Optional<Announcements> releases,
            ProfileSinks sinks,
            ProfileJobConfig config) {
        SingleOutputStreamOperator<IngestedRecord> events = records.process(new RecordSplitFunction())
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid(Uids.SPLIT_RECORDS)
                .name("split records");

        SingleOutputStreamOperator<UserUpdate> updates = update(withOutcomes(events, outcomes, sinks), config);

        Announcements announcements = releases.orElseGet(() -> new Announcements(none(records), AnnouncedReleases.NONE));
        SingleOutputStreamOperator<ScoredUpdate> scored = attachKeys(updates, config)
                .connect(announcements.stream().broadcast())
                .transform("score", ScoredUpdateTypeInfo.INSTANCE,
                        new ScoreOperator(config.releaseLoader(), announcements.untilNow(), config.batching(),
                                config.scoreAlerts(), config.explainedShare(), config.stabilityWindow()))
                .uid(Uids.SCORE_UPDATES);

        SingleOutputStreamOperator<EncodedRecord> profiles = scored
                .transform("assemble profiles", EncodedRecordTypeInfo.INSTANCE, new PublishOperator(config))
                .uid(Uids.PUBLISH_PROFILES);

        write(profiles, sinks.profiles(), Uids.WRITE_PROFILES, "user-profiles");
        write(profiles.getSideOutput(PublishOperator.SCORED_FEATURES), sinks.scoredFeatures(),
                Uids.WRITE_SCORED_FEATURES, "scored-features");
        write(updates.getSideOutput(UserUpdateOperator.ALERTS).union(scored.getSideOutput(ScoreOperator.ALERTS)),
                sinks.alerts(), Uids.WRITE_ALERTS, "risk-alerts");
        write(updates.getSideOutput(UserUpdateOperator.LATE), sinks.lateEvents(), Uids.WRITE_LATE_EVENTS, "late-events");
        write(updates.getSideOutput(UserUpdateOperator.QUARANTINE), sinks.quarantine(),
                Uids.WRITE_QUARANTINE, "quarantine");
        write(scored.getSideOutput(ScoreOperator.EVALUATIONS), sinks.evaluations(), Uids.WRITE_REFUSALS, "model-evaluations");
        write(events.getSideOutput(RecordSplitFunction.OUTCOMES), sinks.outcomes(), Uids.WRITE_OUTCOMES, "labeled-outcomes");
        write(events.getSideOutput(RecordSplitFunction.DEAD_LETTERS), sinks.deadLetters(),
                Uids.WRITE_DEAD_LETTERS, "dead-letters");
    }

    /**
     * The engine alone, the part of the graph that holds the users: what each event makes of its user.
     *
     * @param events records that are events, those of one user in order
     */
    public static SingleOutputStreamOperator<UserUpdate> update(DataStream<IngestedRecord> events, ProfileJobConfig config) {
        return events.keyBy(record -> record.getEvent().getUserId(), Types.STRING)
                .transform("dedupe, filter outliers, aggregate, extract features",
                        UserUpdateTypeInfo.INSTANCE, new UserUpdateOperator(config))
                .uid(Uids.UPDATE_USERS);
    }

    /**
     * The events and, behind them in time, what proved true of them. Without outcomes the same operators are there, in the task
     * of the events, and take nothing: a savepoint of a job with outcomes can be restored by one without, and the other way
     * round, and its dead letters that were not committed yet are.
     */
    private static DataStream<IngestedRecord> withOutcomes(
            SingleOutputStreamOperator<IngestedRecord> events,
            Optional<DataStream<IngestedRecord>> outcomes,
            ProfileSinks sinks) {
        SingleOutputStreamOperator<IngestedRecord> known = outcomes.orElseGet(() -> noOutcomes(events))
                .process(new OutcomeSplitFunction())
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid(Uids.SPLIT_OUTCOMES)
                .name("split outcomes");
        write(known.getSideOutput(RecordSplitFunction.DEAD_LETTERS), sinks.outcomeDeadLetters(),
                Uids.WRITE_OUTCOME_DEAD_LETTERS, "dead-letters of outcomes");
        return outcomes.isEmpty() ? events : events.union(known);
    }

    private static DataStream<IngestedRecord> noOutcomes(SingleOutputStreamOperator<IngestedRecord> events) {
        return events.getSideOutput(NOTHING).process(new NoOutcomesFunction())
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid(Uids.READ_OUTCOMES)
                .name("no outcomes");
    }

    /** The updates with what the other keys of their events say; as they are when no aggregate has a key. */
    public static DataStream<UserUpdate> attachKeys(SingleOutputStreamOperator<UserUpdate> updates, ProfileJobConfig config) {
        if (config.featurePlan().aggregates().keyed().isEmpty()) {
            return withoutKeys(updates);
        }
        requireAlignedCheckpoints(updates.getExecutionEnvironment());
        DataStream<KeyedNumbers> answers = updates.getSideOutput(UserUpdateOperator.KEYED_EVENTS)
                .keyBy(KeyedEvent::partition, Types.STRING)
                .transform("aggregate by other keys", KeyedNumbersTypeInfo.INSTANCE, new KeyedAggregateOperator(config))
                .uid(Uids.UPDATE_KEYS);
        return DataStreamUtils.reinterpretAsKeyedStream(updates, UserUpdate::userId, Types.STRING)
                .connect(answers.keyBy(KeyedNumbers::userId, Types.STRING))
                .transform("attach other keys", UserUpdateTypeInfo.INSTANCE, new AttachKeyedNumbersOperator(config))
                .uid(Uids.ATTACH_KEYS);
    }

    /**
     * In the place of the operators that keys need, both of the task of the users, without a shuffle or state of keys: a savepoint
     * of a job with keys can be restored by one without, which forgets them, and the other way round. Costs a call an update.
     */
    private static DataStream<UserUpdate> withoutKeys(SingleOutputStreamOperator<UserUpdate> updates) {
        updates.getSideOutput(UserUpdateOperator.KEYED_EVENTS).filter(event -> false).uid(Uids.UPDATE_KEYS).name("forget other keys");
        return updates.transform("no other keys", UserUpdateTypeInfo.INSTANCE, new NoKeysOperator()).uid(Uids.ATTACH_KEYS);
    }

    /** Others let answers overtake the barrier, behind which the updates they belong to would be lost. */
    private static void requireAlignedCheckpoints(StreamExecutionEnvironment env) {
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        if (checkpoints.isUnalignedCheckpointsEnabled()) {
            throw new ConfigException("execution.checkpointing.unaligned.enabled = 'true': must be false when an aggregate"
                    + " has a key");
        }
        if (checkpoints.getCheckpointingConsistencyMode() != CheckpointingMode.EXACTLY_ONCE) {
            throw new ConfigException("execution.checkpointing.mode = 'AT_LEAST_ONCE': must be EXACTLY_ONCE when an aggregate"
                    + " has a key");
        }
    }

    /** Follows the records: a source of an empty collection fails, as it is asked for a first element. */
    private static DataStream<ModelRelease> none(DataStream<IngestedRecord> records) {
        return records.<ModelRelease>flatMap((record, out) -> {})
                .returns(new AvroTypeInfo<>(ModelRelease.class))
                .uid(Uids.READ_RELEASES)
                .name("no releases");
    }

    private static <T> void write(DataStream<T> stream, Sink<T> sink, String uid, String name) {
        stream.sinkTo(sink).uid(uid).name(name);
    }
}
