package io.liveprofile.training;

import io.liveprofile.event.EventType;

/**
 * The exact vector that was scored, waiting for what comes of it.
 *
 * @param id deterministic
 * @param eventId of the judged event
 * @param type of the judged event
 * @param asOf event time up to which the vector knows the user, ms UTC: what comes at or before it is no label
 * @param schemaHash feature schema of the vector
 * @param vector NaN = missing
 * @param scores by head, in the model's order; NaN = not scored
 * @param releaseId that scored it; null = none
 */
public record Prediction(
        String id, String eventId, EventType type, long asOf, String schemaHash, float[] vector, float[] scores,
        String releaseId) {}
