package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobGraph;

/** Under which ids the operators of a job as submitted keep their state. */
final class TestingUids {
    private TestingUids() {}

    /** @param uids in order of the alphabet */
    static void assertSame(JobGraph graph, List<String> uids) {
        assertThat(ofTasks(graph).stream().flatMap(List::stream).sorted().toList())
                .as("uids: jobs that run keep their state under these; without one of them it is lost, or cannot be restored. Never"
                        + " rename one; add a new operator's to the list")
                .isEqualTo(uids);
    }

    /** Of the operators of each task. */
    static List<List<String>> ofTasks(JobGraph graph) {
        return StreamSupport.stream(graph.getVertices().spliterator(), false)
                .map(task -> task.getOperatorIDs().stream().map(OperatorIDPair::getUserDefinedOperatorUid).toList())
                .toList();
    }
}
