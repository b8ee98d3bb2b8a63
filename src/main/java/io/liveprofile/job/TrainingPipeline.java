package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.sink.TrainingSinks;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The graph of the training job: scored vectors, events and outcomes of a user meet in the label join, whose examples a single
 * trainer judges and learns from. The only definition there is.
 */
public final class TrainingPipeline {
    private TrainingPipeline() {}

    /**
     * Adds the graph to the environment of its inputs; executes nothing.
     *
     * @param scored scored vectors with watermarks
     * @param events events with watermarks, user ids already pseudonyms; dead letters among them are left out, as the profile
     *     job keeps them
     * @param outcomes outcomes as events of their type
     */
    public static void define(
            DataStream<ScoredFeatures> scored,
            DataStream<IngestedRecord> events,
            DataStream<IngestedRecord> outcomes,
            TrainingSinks sinks,
            TrainingJobConfig config) {
        SingleOutputStreamOperator<TrainingExample> examples = scored.keyBy(ScoredFeatures::getUserId, Types.STRING)
                .connect(concerned(events, Uids.EVENTS_OF_USERS)
                        .union(concerned(outcomes, Uids.OUTCOMES_OF_USERS))
                        .keyBy(record -> record.getEvent().getUserId(), Types.STRING))
                .transform("join labels", new AvroTypeInfo<>(TrainingExample.class), new LabelJoinOperator(config))
                .uid(Uids.JOIN_LABELS);

        SingleOutputStreamOperator<ModelEvaluation> evaluations = examples.global()
                .transform("judge, learn, release", new AvroTypeInfo<>(ModelEvaluation.class), new TrainOperator(config))
                .uid(Uids.TRAIN)
                .setParallelism(1)
                .setMaxParallelism(1)
                .disableChaining(); // else at parallelism 1 the sinks would be of its task, and never be more

        write(examples, sinks.examples(), Uids.WRITE_EXAMPLES, "training-examples");
        write(evaluations, sinks.evaluations(), Uids.WRITE_EVALUATIONS, "model-evaluations");
        write(evaluations.getSideOutput(TrainOperator.RELEASES), sinks.releases(), Uids.WRITE_RELEASES, "model-releases");
    }

    private static DataStream<IngestedRecord> concerned(DataStream<IngestedRecord> records, String uid) {
        return records.filter(new FactFilter()).uid(uid).name("events");
    }

    private static <T> void write(DataStream<T> stream, Sink<T> sink, String uid, String name) {
        stream.sinkTo(sink).uid(uid).name(name);
    }
}
