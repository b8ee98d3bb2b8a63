package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.replay.FileReplay;
import io.liveprofile.replay.ReplayItem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/** The rows of a data file as messages; a row that cannot be mapped goes to the dead letters with its bytes. */
final class ReplayTraffic implements Traffic {
    private static final int NO_PARTITION = -1;
    /** Messages between two counts that others see while the lock is busy. */
    private static final int COUNTED_EACH = 256;

    private final String fileName;
    private final String mappingName;
    private final FileReplay replay;
    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private final SingleObject<DeadLetter> deadLetters = new SingleObject<>(DeadLetter.class);
    /** Held while the replay, which is not thread-safe, is in use. */
    private final ReentrantLock inUse = new ReentrantLock();

    private volatile FileRows rows = new FileRows(0, 0, 0, 0);
    private long taken;

    ReplayTraffic(Path file, String mappingName, FileReplay replay) {
        this.fileName = file.getFileName().toString();
        this.mappingName = mappingName;
        this.replay = replay;
    }

    @Override
    public Message next() {
        inUse.lock();
        try {
            if (++taken % COUNTED_EACH == 0) {
                rows = counted();
            }
            return replay.hasNext() ? message(replay.next()) : null;
        } finally {
            inUse.unlock();
        }
    }

    @Override
    public String description() {
        return "replay of " + fileName + " by mapping " + mappingName;
    }

    @Override
    public double progress() {
        return replay.progress();
    }

    /** Exact while no message is being taken; else as of a few messages, or a whole file to sort, ago. */
    @Override
    public FileRows rows() {
        if (inUse.tryLock()) {
            try {
                rows = counted();
            } finally {
                inUse.unlock();
            }
        }
        return rows;
    }

    @Override
    public void close() {
        replay.close();
    }

    private FileRows counted() {
        return new FileRows(
                replay.rows(),
                replay.mapped(),
                replay.skipped().values().stream().mapToLong(Long::longValue).sum(),
                replay.unmappable().values().stream().mapToLong(Long::longValue).sum());
    }

    private Message message(ReplayItem item) {
        if (item instanceof ReplayItem.ReplayEvent replayed) {
            BehaviorEvent event = replayed.event();
            return new Message(Topic.BEHAVIOR_EVENTS, event.getUserId(), events.encode(event), event.getEventTime());
        }
        if (item instanceof ReplayItem.ReplayOutcome replayed) {
            LabeledOutcome outcome = replayed.outcome();
            return new Message(
                    Topic.LABELED_OUTCOMES, outcome.getUserId(), outcomes.encode(outcome), outcome.getOutcomeTime());
        }
        ReplayItem.Unmappable row = (ReplayItem.Unmappable) item;
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(fileName)
                .setPartition(NO_PARTITION)
                .setOffset(row.line())
                .setReason(row.reason())
                .setDetail(row.detail())
                .setValue(ByteBuffer.wrap(row.raw()))
                .build();
        String key = fileName + "-" + NO_PARTITION + "-" + row.line();
        return new Message(Topic.DEAD_LETTERS, key, deadLetters.encode(letter), 0);
    }
}
