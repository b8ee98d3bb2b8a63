package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.replay.FileReplay;
import io.liveprofile.replay.ReplayItem;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The rows of a file: events, outcomes, and a dead letter for each row that can be neither. */
final class ReplayTraffic implements Traffic {
    private static final int NO_PARTITION = -1;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private final SingleObject<DeadLetter> deadLetters = new SingleObject<>(DeadLetter.class);
    private final String file;
    private final FileReplay replay;

    private volatile FileRows rows = new FileRows(0, 0, 0);

    ReplayTraffic(Path data, Mapping mapping) {
        this.file = data.getFileName().toString();
        this.replay = FileReplay.open(data, mapping);
    }

    @Override
    public Message next() {
        ReplayItem item = replay.hasNext() ? replay.next() : null;
        rows = new FileRows(replay.rows(), total(replay.skipped().values()), total(replay.unmappable().values()));
        if (item == null) {
            return null;
        }
        if (item instanceof ReplayItem.ReplayEvent event) {
            return message(event.event());
        }
        if (item instanceof ReplayItem.ReplayOutcome outcome) {
            return message(outcome.outcome());
        }
        return message((ReplayItem.Unmappable) item);
    }

    @Override
    public String description() {
        return "replay of " + file;
    }

    @Override
    public double progress() {
        return replay.progress();
    }

    @Override
    public FileRows rows() {
        return rows;
    }

    @Override
    public void close() {
        replay.close();
    }

    private Message message(BehaviorEvent event) {
        return new Message(Topic.BEHAVIOR_EVENTS, event.getUserId(), events.encode(event), event.getEventTime());
    }

    private Message message(LabeledOutcome outcome) {
        return new Message(
                Topic.LABELED_OUTCOMES, outcome.getUserId(), outcomes.encode(outcome), outcome.getOutcomeTime());
    }

    private Message message(ReplayItem.Unmappable row) {
        DeadLetter letter = new DeadLetter(
                file, NO_PARTITION, row.line(), row.reason(), row.detail(), null, ByteBuffer.wrap(row.raw()));
        return new Message(Topic.DEAD_LETTERS, file + "-" + row.line(), deadLetters.encode(letter), Long.MIN_VALUE);
    }

    private static long total(Iterable<Long> counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }
}
