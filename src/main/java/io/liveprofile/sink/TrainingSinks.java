package io.liveprofile.sink;

import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.TrainingExample;
import org.apache.flink.api.connector.sink2.Sink;

/** Where the training job's streams end. */
public record TrainingSinks(Sink<TrainingExample> examples, Sink<ModelEvaluation> evaluations, Sink<ModelRelease> releases) {}
