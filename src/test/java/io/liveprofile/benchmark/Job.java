package io.liveprofile.benchmark;

import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job to measure.
 *
 * @param name of what is measured; the popularity is added where there are several
 * @param users that it has
 * @param eventsBefore events to process before any time counts, so that each user is there and windows slide
 * @param popularities one after the other, each measured, on the same state
 * @param isProfiled whether a profile says where its time goes
 * @param graph adds the job to an environment
 */
record Job(
        String name,
        int users,
        long eventsBefore,
        List<Popularity> popularities,
        boolean isProfiled,
        Consumer<StreamExecutionEnvironment> graph) {

    private static final List<Popularity> ALL = List.of(Popularity.values());

    /** Measured with each popularity once all users have the events that the workload gives them. */
    static Job of(String name, Workload workload, Consumer<StreamExecutionEnvironment> graph) {
        return new Job(name, workload.users(), workload.fillEvents(), ALL, false, graph);
    }

    Job only(Popularity popularity) {
        return new Job(name, users, eventsBefore, List.of(popularity), isProfiled, graph);
    }

    /** The measurement that this job gives with the popularity. */
    String name(Popularity popularity) {
        return popularities.size() == 1 ? name : name + popularity.suffix();
    }

    Job profiled() {
        return new Job(name, users, eventsBefore, popularities, true, graph);
    }

    Job after(long eventsBefore) {
        return new Job(name, users, eventsBefore, popularities, isProfiled, graph);
    }
}
