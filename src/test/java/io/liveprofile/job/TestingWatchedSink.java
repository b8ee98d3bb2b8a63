package io.liveprofile.job;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Shows each record, and to which subtask it came, to whoever watches in this JVM. */
final class TestingWatchedSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    private final Watcher<T> watcher;

    /** Called by several threads; travels to them in serialised form. */
    interface Watcher<T> extends Serializable {
        void see(int subtask, T record) throws IOException;
    }

    TestingWatchedSink(Watcher<T> watcher) {
        this.watcher = watcher;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context none) throws IOException {
                watcher.see(subtask, record);
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
