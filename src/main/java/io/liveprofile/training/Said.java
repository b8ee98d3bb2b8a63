package io.liveprofile.training;

/**
 * What the models say of one vector, each by head.
 *
 * @param logits of the challenger, before calibration
 * @param challenger probabilities
 * @param champion probabilities; without a champion the share of positives so far
 * @param predecessor probabilities; null = there is none
 */
record Said(float[] logits, float[] challenger, float[] champion, float[] predecessor) {}
