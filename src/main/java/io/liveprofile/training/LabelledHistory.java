package io.liveprofile.training;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.profile.HistoryProfiler;
import io.liveprofile.profile.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * Both jobs' stages from an event to a labelled example in one thread, over a history in order of time: the {@link
 * HistoryProfiler}, and behind it the {@link LabelJoin} whose watermark is one millisecond behind the newest event or outcome.
 */
public final class LabelledHistory {
    private final HistoryProfiler profiler;
    private final LabelJoin join;
    private final String schemaHash;
    private final Map<String, Waiting> users = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparing(Due::user));
    private final Receiver receiver;
    private long watermark = Long.MIN_VALUE;

    /** Takes each example, in order of the time at which it became known. */
    public interface Receiver {
        void accept(String user, LabeledExample example);
    }

    private record Due(long time, String user) {}

    private record Known(long time, String user, LabeledExample example) {}

    private static final class Waiting {
        private final UserLabels labels;
        /** Time of the user's earliest place in the queue. */
        private long queuedAt = Long.MAX_VALUE;

        private Waiting(UserLabels labels) {
            this.labels = labels;
        }
    }

    public LabelledHistory(HistoryProfiler profiler, LabelJoin join, String schemaHash, Receiver receiver) {
        this.profiler = profiler;
        this.join = join;
        this.schemaHash = schemaHash;
        this.receiver = receiver;
    }

    /** Takes an event; tells what became of it. */
    public Verdict take(BehaviorEvent event) {
        advance(event.getEventTime() - 1);
        Verdict verdict = profiler.take(event);
        Waiting user = user(event.getUserId());
        join.add(user.labels, event);
        queue(event.getUserId(), user);
        return verdict;
    }

    public void take(LabeledOutcome outcome) {
        advance(outcome.getOutcomeTime() - 1);
        profiler.take(outcome);
        Waiting user = user(outcome.getUserId());
        join.add(user.labels, outcome);
        queue(outcome.getUserId(), user);
    }

    /** Lets the vector of an update wait for its labels, if a head asks for it. */
    public LabelJoin.Taken judge(UserUpdate update, EventType type) {
        float[] scores = join.plan().unknown();
        Waiting user = user(update.userId());
        LabelJoin.Taken taken = join.add(user.labels,
                new Prediction(update.predictionId(), update.eventId(), type, update.updatedAt(), schemaHash,
                        update.vector(), scores, null),
                watermark);
        queue(update.userId(), user);
        return taken;
    }

    /** Time goes by without an event; examples that became known are handed on. */
    public void advance(long to) {
        if (to <= watermark) {
            return;
        }
        watermark = to;
        List<Known> known = new ArrayList<>();
        while (!due.isEmpty() && due.peek().time() <= to) {
            String userId = due.remove().user();
            Waiting user = users.get(userId);
            user.queuedAt = Long.MAX_VALUE;
            for (LabeledExample example : join.advance(user.labels, to)) {
                known.add(new Known(example.labels().get(0).knownAt(), userId, example));
            }
            queue(userId, user);
        }
        known.sort(Comparator.comparingLong(Known::time).thenComparing(each -> each.example.prediction().id()));
        known.forEach(each -> receiver.accept(each.user, each.example));
    }

    /** Event time that has gone by, ms UTC: whatever was to be known by then is. */
    public long reached() {
        return watermark;
    }

    private Waiting user(String userId) {
        return users.computeIfAbsent(userId, id -> new Waiting(new UserLabels(join.plan())));
    }

    private void queue(String userId, Waiting user) {
        OptionalLong next = join.nextDue(user.labels);
        if (next.isPresent() && next.getAsLong() < user.queuedAt) {
            user.queuedAt = next.getAsLong();
            due.add(new Due(user.queuedAt, userId));
        }
    }
}
