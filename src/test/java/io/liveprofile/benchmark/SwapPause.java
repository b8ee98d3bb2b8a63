package io.liveprofile.benchmark;

import io.liveprofile.event.ModelRelease;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.job.types.ScoredUpdateSerializer;
import io.liveprofile.model.Manifest;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;

/**
 * How long rows are under way through the score operator, from the moment at which each is due to the one at which it comes out
 * scored, while nothing changes and while one release after the other is loaded and taken over.
 *
 * <p>The operator alone, fed by one thread as a task feeds it: no network before it, whose buffers would hide a pause of
 * milliseconds. Rows are due at a steady rate whatever becomes of those before them, so that a pause counts for all that would
 * have come in it. The processor time of the longest call beside it tells how much of that was the operator's and how much was
 * waiting for a processor.
 */
final class SwapPause implements AutoCloseable {
    /** Rows under way at most: the largest batch that there may be, and the row that fills it. */
    private static final int RING = 1 << 17;
    private static final long MILLI = 1_000_000;
    /** Calls that take less are not asked for their processor time. */
    private static final long LONG_CALL = MILLI / 4;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final TwoInputStreamOperatorTestHarness<UserUpdate, ModelRelease, ScoredUpdate> harness;
    private final UserUpdate[] updates;
    private final Latencies latencies = new Latencies();
    /** When each row was due, ns, by its number. */
    private final long[] due = new long[RING];
    private long in;
    private long out;
    private long millis;
    private long busiest;
    private String releaseId = "";

    /**
     * @param operator with a release to begin with
     * @param updates in turn
     */
    SwapPause(ScoreOperator operator, List<UserUpdate> updates) throws Exception {
        this.updates = updates.toArray(UserUpdate[]::new);
        this.harness = new TwoInputStreamOperatorTestHarness<>(operator);
        harness.setup(ScoredUpdateSerializer.INSTANCE);
        harness.open();
        harness.processBothWatermarks(new Watermark(0)); // every release is active then, and goes when two newer ones are there
        harness.getOutput().clear();
    }

    /** Rows a second when each comes as soon as the one before it is done. */
    double mostASecond(long leastNanos) throws Exception {
        long begin = System.nanoTime();
        long first = in;
        for (long now = begin; now - begin < leastNanos; now = System.nanoTime()) {
            send(now);
            tick(now);
            takeOut();
        }
        drain();
        return (in - first) * 1e9 / (System.nanoTime() - begin);
    }

    /** The times of the rows of so long a time; valid until the next call. */
    Latencies unchanged(double rowsASecond, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        return run(rowsASecond, () -> System.nanoTime() >= end);
    }

    /**
     * The times of the rows while releases change, each announced as soon as the one before it scores; valid until the next
     * call.
     *
     * @param releases the next one each time
     */
    Latencies changing(double rowsASecond, int swaps, Supplier<Manifest> releases) throws Exception {
        int[] left = {swaps};
        String[] awaited = {announce(releases.get())};
        return run(rowsASecond, () -> {
            if (releaseId.equals(awaited[0]) && --left[0] > 0) {
                awaited[0] = announce(releases.get());
            }
            return left[0] == 0;
        });
    }

    /** Processor time of the longest call of the operator in the last run; 0 where none took a quarter of a millisecond. */
    long busiestNanos() {
        return busiest;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private Latencies run(double rowsASecond, BooleanSupplier isDone) throws Exception {
        latencies.clear();
        busiest = 0;
        double nanosARow = 1e9 / rowsASecond;
        long begin = System.nanoTime();
        long first = in;
        while (!isDone.getAsBoolean()) {
            long now = System.nanoTime();
            long next = begin + (long) ((in - first) * nanosARow);
            if (next <= now) {
                send(next);
            }
            tick(now);
            takeOut();
        }
        drain();
        return latencies;
    }

    private void send(long dueNanos) throws Exception {
        due[(int) (in % RING)] = dueNanos;
        UserUpdate update = updates[(int) (in % updates.length)];
        in++;
        long begin = System.nanoTime();
        long busyBefore = THREADS.getCurrentThreadCpuTime();
        harness.processElement1(new StreamRecord<>(update, update.eventTime()));
        if (System.nanoTime() - begin > LONG_CALL) {
            busiest = Math.max(busiest, THREADS.getCurrentThreadCpuTime() - busyBefore);
        }
    }

    /** The clock of the operator's timers. */
    private void tick(long nanos) throws Exception {
        if (nanos / MILLI != millis) {
            millis = nanos / MILLI;
            requireNoneRefused();
            harness.setProcessingTime(millis);
        }
    }

    private void takeOut() {
        if (harness.getOutput().isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (Object each = harness.getOutput().poll(); each != null; each = harness.getOutput().poll()) {
            ScoredUpdate scored = (ScoredUpdate) ((StreamRecord<?>) each).getValue();
            if (!scored.isScored()) {
                throw new IllegalStateException("A row came out unscored");
            }
            releaseId = scored.releaseId();
            latencies.add(now - due[(int) (out % RING)]);
            out++;
        }
    }

    private void requireNoneRefused() {
        var refused = harness.getSideOutput(ScoreOperator.EVALUATIONS);
        if (refused != null && !refused.isEmpty()) {
            throw new IllegalStateException("A release was refused: " + refused.peek().getValue().getReasons());
        }
    }

    private void drain() throws Exception {
        harness.prepareSnapshotPreBarrier(1);
        takeOut();
        if (in != out) {
            throw new IllegalStateException(in + " rows in, " + out + " out");
        }
    }

    private String announce(Manifest release) {
        try {
            harness.processElement2(new StreamRecord<>(new ModelRelease(release.id(), release.parent(), release.schemaHash(),
                    release.sha256(), release.activationEventTime(), release.createdAt(), false, Map.of())));
            return release.id();
        } catch (Exception e) {
            throw new IllegalStateException("The announcement of " + release.id() + " failed", e);
        }
    }
}
