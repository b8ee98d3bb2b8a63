package io.liveprofile.job.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.junit.jupiter.api.Test;

class BackfillEnumeratorTest {
    private static final HistoryLane A = new HistoryLane("a", List.of("a/1", "a/2"));
    private static final HistoryLane B = new HistoryLane("b", List.of("b/1"));
    private static final HistoryLane C = new HistoryLane("c", List.of("c/1"));

    private final TestingLive live = new TestingLive();
    private final TestingEnumeratorContext context = new TestingEnumeratorContext(2);

    @Test
    void lanesGoToWhoAsksAndTheLiveStreamBeginsBehindTheCheckpointThatHoldsThemAll() throws Exception {
        var enumerator = during(A, B, C);
        register(enumerator, 0, 1);
        enumerator.handleSplitRequest(1, null);
        enumerator.handleSplitRequest(0, null);
        checkpoint(enumerator, 1);
        enumerator.handleSplitRequest(0, null);
        enumerator.handleSplitRequest(0, null);
        assertThat(context.assigned).containsExactly("1 lane a", "0 lane b", "0 lane c");
        checkpoint(enumerator, 2);
        assertThat(live.calls).as("reader 1 has not come back").isEmpty();

        enumerator.snapshotState(3);
        enumerator.handleSplitRequest(1, null);
        enumerator.notifyCheckpointComplete(3);
        assertThat(live.calls).as("began before reader 1 was done").isEmpty();
        assertThat(enumerator.snapshotState(4)).isEqualTo(new BackfillState<>(List.of(), null));
        enumerator.notifyCheckpointComplete(4);
        assertThat(live.calls).containsExactly("create new", "start", "reader 0", "reader 1");

        assertThat(enumerator.snapshotState(5)).isEqualTo(new BackfillState<>(null, "new at 5"));
        enumerator.notifyCheckpointComplete(5);
        enumerator.close();
        assertThat(live.calls).endsWith("complete 5", "close");
    }

    @Test
    void aCheckpointThatFailedIsMadeUpForByALaterOne() throws Exception {
        var enumerator = during();
        register(enumerator, 0, 1);
        enumerator.handleSplitRequest(0, null);
        enumerator.handleSplitRequest(1, null);
        enumerator.snapshotState(1);
        enumerator.notifyCheckpointAborted(1);
        enumerator.snapshotState(2);
        assertThat(live.calls).isEmpty();
        enumerator.notifyCheckpointComplete(2);
        assertThat(live.calls).startsWith("create new");
    }

    /** It has gone back to the checkpoint before, and so have its rows. */
    @Test
    void aReaderThatComesBackHasToAskAgain() throws Exception {
        var enumerator = during();
        register(enumerator, 0, 1);
        enumerator.handleSplitRequest(0, null);
        enumerator.handleSplitRequest(1, null);
        enumerator.snapshotState(1);
        enumerator.addSplitsBack(List.of(), 0);
        register(enumerator, 0);
        enumerator.notifyCheckpointComplete(1);
        checkpoint(enumerator, 2);
        assertThat(live.calls).isEmpty();
        enumerator.handleSplitRequest(0, null);
        checkpoint(enumerator, 3);
        assertThat(live.calls).startsWith("create new");
    }

    @Test
    void aLaneThatComesBackIsGivenAgainBeforeTheOthers() throws Exception {
        var enumerator = during(A, B);
        register(enumerator, 0, 1);
        enumerator.handleSplitRequest(0, null);
        enumerator.addSplitsBack(List.of(BackfillSplit.of(A)), 0);
        register(enumerator, 0);
        assertThat(enumerator.snapshotState(1).waiting()).containsExactly(A, B);
        enumerator.handleSplitRequest(1, null);
        enumerator.handleSplitRequest(0, null);
        assertThat(context.assigned).containsExactly("0 lane a", "1 lane a", "0 lane b");
    }

    /** As it does when a task fails just behind the switch: it is restored without splits, and asks. */
    @Test
    void behindTheSwitchAReaderThatAsksGetsWhatIsLive() throws Exception {
        var enumerator = during();
        register(enumerator, 0, 1);
        enumerator.handleSplitRequest(0, null);
        enumerator.handleSplitRequest(1, null);
        checkpoint(enumerator, 1);
        live.context.assignSplits(new SplitsAssignment<>(Map.of(1, List.of(new TestingLive.Split("p0")))));
        assertThat(context.assigned).containsExactly("1 live p0");
        live.calls.clear();

        enumerator.addSplitsBack(List.of(BackfillSplit.ofLive(new TestingLive.Split("p0"))), 1);
        register(enumerator, 1);
        enumerator.handleSplitRequest(1, null);
        assertThat(live.calls).containsExactly("back [p0] of 1", "reader 1");
    }

    @Test
    void startsWhereItsStateStood() throws Exception {
        BackfillEnumerator<TestingLive.Split, String> history =
                new BackfillEnumerator<>(context, live, new BackfillState<>(List.of(B), null));
        history.start();
        register(history, 0);
        history.handleSplitRequest(0, null);
        assertThat(context.assigned).containsExactly("0 lane b");
        assertThat(live.calls).isEmpty();

        new BackfillEnumerator<>(context, live, new BackfillState<>(null, "old")).start();
        assertThat(live.calls).containsExactly("create old", "start");
    }

    private BackfillEnumerator<TestingLive.Split, String> during(HistoryLane... lanes) throws Exception {
        BackfillEnumerator<TestingLive.Split, String> enumerator =
                new BackfillEnumerator<>(context, live, new BackfillState<>(List.of(lanes), null));
        enumerator.start();
        return enumerator;
    }

    private void register(BackfillEnumerator<?, ?> enumerator, int... subtasks) {
        for (int subtask : subtasks) {
            context.register(subtask);
            enumerator.addReader(subtask);
        }
    }

    private static void checkpoint(BackfillEnumerator<?, ?> enumerator, long id) throws Exception {
        enumerator.snapshotState(id);
        enumerator.notifyCheckpointComplete(id);
    }
}
