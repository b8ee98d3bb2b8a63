package io.liveprofile.training;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What the models say of one vector, each by head.
 *
 * @param logits of the challenger, before calibration
 * @param challenger probabilities
 * @param champion probabilities; without a champion the share of positives so far
 * @param predecessor probabilities; null = there is none
 */
record Said(float[] logits, float[] challenger, float[] champion, float[] predecessor) {
    void write(DataOutput out) throws IOException {
        Weights.write(logits, out);
        Weights.write(challenger, out);
        Weights.write(champion, out);
        out.writeBoolean(predecessor != null);
        if (predecessor != null) {
            Weights.write(predecessor, out);
        }
    }

    static Said read(DataInput in) throws IOException {
        return new Said(Weights.read(in), Weights.read(in), Weights.read(in), in.readBoolean() ? Weights.read(in) : null);
    }
}
