package io.liveprofile.simulation;

/** One element of the simulated stream: a behaviour, or what later proved true of one. */
public sealed interface Simulated permits SimulatedEvent, SimulatedOutcome {

    /** Event time of a behaviour, time of becoming known of an outcome; ms UTC. */
    long time();
}
