package io.liveprofile.job;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Passes everything on to another sink, and fails its task once. At-least-once only. One at a time in a JVM. */
public final class TestingFailingSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;
    private static final int SOME = 20;

    /** When a task fails. */
    public enum Point {
        /** On a record, before the first checkpoint. */
        BEFORE_ANY_CHECKPOINT,
        /** On a record, after a checkpoint that holds some records is complete. */
        AFTER_A_CHECKPOINT,
        /** While a checkpoint is taken. */
        IN_A_CHECKPOINT
    }

    private static final AtomicInteger FAILURES = new AtomicInteger();

    private final Sink<T> sink;
    private final Point point;

    public TestingFailingSink(Sink<T> sink, Point point) {
        this.sink = sink;
        this.point = point;
        FAILURES.set(0);
    }

    /** How often a task has failed. */
    public static int failures() {
        return FAILURES.get();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        return new Writer<>(sink.createWriter(context), point);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final SinkWriter<T> writer;
        private final Point point;
        private int written;
        private int checkpoints;

        Writer(SinkWriter<T> writer, Point point) {
            this.writer = writer;
            this.point = point;
        }

        @Override
        public void write(T record, Context context) throws IOException, InterruptedException {
            written++;
            writer.write(record, context);
            // A checkpoint begins only after the one before it is complete.
            if (point == Point.BEFORE_ANY_CHECKPOINT && written == SOME
                    || point == Point.AFTER_A_CHECKPOINT && checkpoints > 1) {
                fail();
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            writer.flush(endOfInput);
            if (written < SOME) {
                return;
            }
            checkpoints++;
            if (point == Point.IN_A_CHECKPOINT) {
                fail();
            }
        }

        @Override
        public void close() throws Exception {
            writer.close();
        }

        private static void fail() {
            if (FAILURES.compareAndSet(0, 1)) {
                throw new IllegalStateException("failed as planned");
            }
        }
    }
}
