package io.liveprofile.inference;

/**
 * What a model says about a batch of vectors.
 *
 * @param probabilities [rows][heads], 0 to 1, in head order
 * @param embeddings [rows][units of the last hidden layer]
 */
public record Scores(float[][] probabilities, float[][] embeddings) {
    public int rows() {
        return probabilities.length;
    }
}
