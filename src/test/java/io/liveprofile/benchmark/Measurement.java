package io.liveprofile.benchmark;

import io.liveprofile.benchmark.ThreadTimes.Group;
import java.util.Map;

/**
 * What one job did in the time measured.
 *
 * @param users that the job had seen when the time began
 * @param events processed
 * @param cpu seconds of processor time by what the threads are for; empty where there are no accounts
 * @param stateBytes of a whole checkpoint
 * @param stages share of samples by stage, largest first; empty where no profile was taken
 */
record Measurement(
        String name,
        long users,
        long events,
        double seconds,
        Map<Group, Double> cpu,
        long stateBytes,
        Map<String, Double> stages) {

    /** Events a second. */
    double rate() {
        return events / seconds;
    }

    /** Microseconds an event; the job has the whole machine, so twice the events a second is half of it. */
    double micros() {
        return 1e6 / rate();
    }

    double stateBytesAUser() {
        return (double) stateBytes / users;
    }

    /** Microseconds of all processors an event. */
    double cpuMicros() {
        return cpu.values().stream().mapToDouble(Double::doubleValue).sum() * 1e6 / events;
    }

    double cpuMicros(Group group) {
        return cpu.getOrDefault(group, 0.0) * 1e6 / events;
    }

    /** Microseconds an event in a stage: its share of what the threads that the profile sees took. */
    double cpuMicros(String stage) {
        return stages.getOrDefault(stage, 0.0) * (cpuMicros(Group.SOURCE) + cpuMicros(Group.OPERATORS));
    }
}
