package io.liveprofile.job.backfill;

import io.liveprofile.event.IngestedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A live stream that notes what it is asked; each split gives records as long as there are some in {@link #records}. */
final class TestingLive implements Source<IngestedRecord, TestingLive.Split, String> {
    private static final long serialVersionUID = 1L;

    /** What was asked of enumerator and reader, in order. */
    final transient List<String> calls = new ArrayList<>();
    final transient List<IngestedRecord> records = new ArrayList<>();
    transient CompletableFuture<Void> available = new CompletableFuture<>();
    transient SplitEnumeratorContext<Split> context;

    record Split(String splitId) implements SourceSplit {}

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<Split, String> createEnumerator(SplitEnumeratorContext<Split> enumeratorContext) {
        return restoreEnumerator(enumeratorContext, "new");
    }

    @Override
    public SplitEnumerator<Split, String> restoreEnumerator(SplitEnumeratorContext<Split> enumeratorContext, String state) {
        calls.add("create " + state);
        context = enumeratorContext;
        return new SplitEnumerator<>() {
            @Override
            public void start() {
                calls.add("start");
            }

            @Override
            public void handleSplitRequest(int subtask, String host) {
                calls.add("request " + subtask);
            }

            @Override
            public void addSplitsBack(List<Split> splits, int subtask) {
                calls.add("back " + splits.stream().map(Split::splitId).toList() + " of " + subtask);
            }

            @Override
            public void addReader(int subtask) {
                calls.add("reader " + subtask);
            }

            @Override
            public String snapshotState(long checkpointId) {
                return state + " at " + checkpointId;
            }

            @Override
            public void notifyCheckpointComplete(long checkpointId) {
                calls.add("complete " + checkpointId);
            }

            @Override
            public void close() {
                calls.add("close");
            }
        };
    }

    @Override
    public SourceReader<IngestedRecord, Split> createReader(SourceReaderContext readerContext) {
        List<Split> splits = new ArrayList<>();
        return new SourceReader<>() {
            @Override
            public void start() {
                calls.add("start");
            }

            @Override
            public InputStatus pollNext(ReaderOutput<IngestedRecord> output) {
                if (records.isEmpty()) {
                    return InputStatus.NOTHING_AVAILABLE;
                }
                output.collect(records.remove(0));
                return InputStatus.MORE_AVAILABLE;
            }

            @Override
            public List<Split> snapshotState(long checkpointId) {
                return List.copyOf(splits);
            }

            @Override
            public CompletableFuture<Void> isAvailable() {
                return available;
            }

            @Override
            public void addSplits(List<Split> added) {
                splits.addAll(added);
            }

            @Override
            public void notifyNoMoreSplits() {
                calls.add("no more");
            }

            @Override
            public void notifyCheckpointComplete(long checkpointId) {
                calls.add("complete " + checkpointId);
            }

            @Override
            public void close() {
                calls.add("close");
            }
        };
    }

    @Override
    public SimpleVersionedSerializer<Split> getSplitSerializer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SimpleVersionedSerializer<String> getEnumeratorCheckpointSerializer() {
        throw new UnsupportedOperationException();
    }
}
