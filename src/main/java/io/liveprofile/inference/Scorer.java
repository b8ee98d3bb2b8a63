package io.liveprofile.inference;

import io.liveprofile.model.FeatureDistribution;
import java.util.List;
import java.util.Optional;

/** One release, ready to score. Not thread-safe; holds native memory until closed. */
public interface Scorer extends AutoCloseable {

    /**
     * Scores each row by itself: the result does not depend on what else is in the batch.
     *
     * @param vectors [rows][features] in the order of the feature schema, NaN = missing; may be empty
     * @return as many rows, in the same order
     * @throws IllegalArgumentException when a vector has another length than the model's
     */
    Scores score(float[][] vectors);

    /** Why; as {@link #score}, at least one row. */
    Explanation explain(float[][] vectors);

    /** Release that scores. */
    String releaseId();

    /** Event time from which it scores, ms UTC. */
    long activeFrom();

    /** Names of the probabilities, in their order. */
    List<String> heads();

    /** How the vectors were distributed that the release was trained on; nothing = it does not say. */
    Optional<FeatureDistribution> trainedOn();

    @Override
    void close();
}
