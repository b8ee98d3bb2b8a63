package io.liveprofile.training;

import io.liveprofile.event.ByteArrayEncoder;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * The vectors of one user that wait for their labels, and what will decide them. Bounded: {@link LabelJoin} says how many
 * vectors and facts wait.
 */
public final class UserLabels {
    /** Format 1: heads, when each took a vector last, waiting vectors, facts, timer, what was seen. */
    private static final int OLD_FORMAT = 1;
    /** Format 2: and when the newest of it was, and until when facts were lost. */
    private static final int FORMAT_WITH_LOSSES = 2;
    /** Format 3: and until when facts were applied. */
    private static final int FORMAT = 3;

    /** Identities of facts that are remembered: a report that comes again after so many others counts as new. */
    private static final int MAX_SEEN = 32;

    public static final long NEVER = Long.MIN_VALUE;

    private static final int OBJECT_BYTES = 240;
    private static final int FACT_BYTES = 120;
    private static final int WAITING_BYTES = 400;

    /** What is known of one head of a waiting vector. */
    enum Status {
        /** Not asked, or decided. */
        NONE,
        /** Nothing yet. */
        OPEN,
        /** It was told to be negative and may still turn. */
        EARLY
    }

    /** A vector and the status of each head. */
    static final class Waiting {
        final Prediction prediction;
        final Status[] heads;

        Waiting(Prediction prediction, Status[] heads) {
            this.prediction = prediction;
            this.heads = heads;
        }

        boolean isDecided() {
            return Arrays.stream(heads).allMatch(Status.NONE::equals);
        }
    }

    /** In order of {@code asOf}. */
    final List<Waiting> waiting = new ArrayList<>();
    /** Those that the watermark has not passed, in order of time. */
    final List<LabelFact> facts = new ArrayList<>();
    /** Identities of the newest facts, in the order in which they were applied. */
    private final List<Long> seen = new ArrayList<>();
    /** Time of the newest of these facts. */
    private long seenAt = NEVER;
    /** By head: {@code asOf} of the newest vector taken. */
    final long[] takenAt;
    /** Time of the newest fact that there was no room for. */
    long lostUntil = NEVER;
    /** Time of the newest fact that was applied and is gone, or up to which time alone has decided a vector, if later. */
    long appliedUntil = NEVER;

    private final LabelPlan plan;
    private long timerAt = NEVER;

    public UserLabels(LabelPlan plan) {
        this.plan = plan;
        this.takenAt = new long[plan.labels().size()];
        Arrays.fill(takenAt, NEVER);
    }

    /** Whether nothing waits, so that the user may be forgotten but for when he was asked last. */
    public boolean isIdle() {
        return waiting.isEmpty() && facts.isEmpty();
    }

    /** Event time of the timer that somebody set for this user, or {@link #NEVER}. */
    public long timerAt() {
        return timerAt;
    }

    public void setTimerAt(long millis) {
        timerAt = millis;
    }

    /** Bytes of memory it takes, roughly. */
    public int memoryBytes() {
        int bytes = OBJECT_BYTES + seen.size() * Long.BYTES * 3 + facts.size() * FACT_BYTES;
        for (Waiting each : waiting) {
            bytes += WAITING_BYTES + each.prediction.vector().length * Float.BYTES;
        }
        return bytes;
    }

    /** Event time of the newest fact whose identity is remembered, or {@link #NEVER}. */
    long seenAt() {
        return seenAt;
    }

    /** Whether the fact was applied before; remembers it. */
    boolean hasSeen(LabelFact fact) {
        long identity = fact.identity();
        if (identity == LabelFact.NO_IDENTITY) {
            return false;
        }
        seenAt = Math.max(seenAt, fact.time());
        if (seen.contains(identity)) {
            return true;
        }
        if (seen.size() == MAX_SEEN) {
            seen.remove(0);
        }
        seen.add(identity);
        return false;
    }

    public byte[] toBytes() {
        try {
            ByteArrayEncoder out = new ByteArrayEncoder();
            out.writeInt(FORMAT);
            out.writeInt(takenAt.length);
            for (int head = 0; head < takenAt.length; head++) {
                out.writeString(plan.labels().get(head).head());
                out.writeLong(takenAt[head]);
            }
            out.writeInt(waiting.size());
            for (Waiting each : waiting) {
                write(each, out);
            }
            out.writeInt(facts.size());
            for (LabelFact fact : facts) {
                out.writeLong(fact.time());
                out.writeBoolean(fact.eventId() != null);
                out.writeString(fact.eventId() == null ? "" : fact.eventId());
                out.writeBoolean(fact.isAboutThatEvent());
                out.writeInt(fact.positives());
                out.writeInt(fact.negatives());
                out.writeLong(fact.identity());
            }
            out.writeLong(timerAt);
            out.writeInt(seen.size());
            for (long identity : seen) {
                out.writeLong(identity);
            }
            out.writeLong(seenAt);
            out.writeLong(lostUntil);
            out.writeLong(appliedUntil);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Writing to memory failed", e);
        }
    }

    /**
     * Reads what {@link #toBytes} wrote under this plan or another: heads that it no longer has are dropped, of new ones
     * nothing waits.
     */
    public static UserLabels fromBytes(LabelPlan plan, byte[] bytes) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
            int format = in.readInt();
            if (format < OLD_FORMAT || format > FORMAT) {
                throw new IllegalStateException(
                        "Labels of a user of format " + format + "; this version reads " + OLD_FORMAT + " to " + FORMAT);
            }
            UserLabels user = new UserLabels(plan);
            int[] heads = new int[in.readInt()];
            for (int i = 0; i < heads.length; i++) {
                heads[i] = plan.headOf(in.readString());
                long takenAt = in.readLong();
                if (heads[i] >= 0) {
                    user.takenAt[heads[i]] = takenAt;
                }
            }
            int waiting = in.readInt();
            for (int i = 0; i < waiting; i++) {
                Waiting read = readWaiting(plan, heads, in);
                if (!read.isDecided()) {
                    user.waiting.add(read);
                }
            }
            int facts = in.readInt();
            for (int i = 0; i < facts; i++) {
                LabelFact fact = readFact(heads, in);
                if (fact.isOfUse()) {
                    user.facts.add(fact);
                }
            }
            user.timerAt = in.readLong();
            for (int i = in.readInt(); i > 0; i--) {
                user.seen.add(in.readLong());
            }
            if (format >= FORMAT_WITH_LOSSES) {
                user.seenAt = in.readLong();
                user.lostUntil = in.readLong();
            }
            if (format >= FORMAT) {
                user.appliedUntil = in.readLong();
            }
            return user;
        } catch (IOException e) {
            throw new IllegalStateException("Labels of a user cannot be read", e);
        }
    }

    private void write(Waiting each, ByteArrayEncoder out) throws IOException {
        Prediction prediction = each.prediction;
        out.writeString(prediction.id());
        out.writeString(prediction.eventId());
        out.writeString(prediction.type().name());
        out.writeLong(prediction.asOf());
        out.writeString(prediction.schemaHash());
        writeFloats(prediction.vector(), out);
        out.writeString(prediction.releaseId() == null ? "" : prediction.releaseId());
        for (int head = 0; head < each.heads.length; head++) {
            out.writeString(each.heads[head].name());
            out.writeFloat(prediction.scores()[head]);
        }
    }

    private static Waiting readWaiting(LabelPlan plan, int[] heads, BinaryDecoder in) throws IOException {
        String id = in.readString();
        String eventId = in.readString();
        EventType type = EventType.valueOf(in.readString());
        long asOf = in.readLong();
        String schemaHash = in.readString();
        float[] vector = new float[in.readInt()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = in.readFloat();
        }
        String releaseId = in.readString();
        float[] scores = plan.unknown();
        Status[] statuses = new Status[plan.labels().size()];
        Arrays.fill(statuses, Status.NONE);
        for (int head : heads) {
            Status status = Status.valueOf(in.readString());
            float score = in.readFloat();
            if (head >= 0) {
                statuses[head] = status;
                scores[head] = score;
            }
        }
        return new Waiting(new Prediction(id, eventId, type, asOf, schemaHash, vector, scores,
                releaseId.isEmpty() ? null : releaseId), statuses);
    }

    private static LabelFact readFact(int[] heads, BinaryDecoder in) throws IOException {
        long time = in.readLong();
        boolean hasEvent = in.readBoolean();
        String eventId = in.readString();
        boolean isAboutThatEvent = in.readBoolean();
        int positives = in.readInt();
        int negatives = in.readInt();
        return new LabelFact(time, hasEvent ? eventId : null, isAboutThatEvent, renumbered(positives, heads),
                renumbered(negatives, heads), in.readLong());
    }

    /** The bits of heads at the numbers that these have now. */
    private static int renumbered(int bits, int[] heads) {
        int now = 0;
        for (int i = 0; i < heads.length; i++) {
            now |= heads[i] >= 0 && (bits & 1 << i) != 0 ? 1 << heads[i] : 0;
        }
        return now;
    }

    private static void writeFloats(float[] values, ByteArrayEncoder out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }
}
