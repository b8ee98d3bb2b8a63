package io.liveprofile.training;

import io.liveprofile.model.MlpSession;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The release that serves and the one before it. Owns their sessions. A snapshot has their ids alone, as the model store has the
 * rest.
 */
final class Champions implements AutoCloseable {
    private final Supplier<MlpSession> sessions;
    private final Function<String, Optional<MlpSession>> stored;
    private Release champion;
    private Release predecessor;

    private record Release(String id, MlpSession session) {}

    /**
     * @param sessions makes sessions of the model's graph
     * @param stored loads a release by its id; empty = it is not there any more; throws when it cannot be read now
     */
    Champions(Supplier<MlpSession> sessions, Function<String, Optional<MlpSession>> stored) {
        this.sessions = sessions;
        this.stored = stored;
    }

    /** Session of the release that serves; null = there is none. Closed two releases later. */
    MlpSession champion() {
        return champion == null ? null : champion.session;
    }

    String championId() {
        return champion == null ? null : champion.id;
    }

    /** Null = there is none. */
    MlpSession predecessor() {
        return predecessor == null ? null : predecessor.session;
    }

    String predecessorId() {
        return predecessor == null ? null : predecessor.id;
    }

    /** A session with these weights, to be promoted. */
    MlpSession with(Map<String, float[]> weights) {
        MlpSession session = sessions.get();
        session.writeAll(weights);
        return session;
    }

    /** It serves from now on; what served is its predecessor. */
    void promote(String id, MlpSession session) {
        if (predecessor != null) {
            predecessor.session.close();
        }
        predecessor = champion;
        champion = new Release(id, session);
    }

    /** The predecessor serves again, under a new id. */
    void rollBack(String id) {
        Release back = new Release(id, predecessor.session);
        predecessor = champion;
        champion = back;
    }

    void write(DataOutput out) throws IOException {
        write(champion, out);
        write(predecessor, out);
    }

    /**
     * Where the store has the champion no more, or where there was none, the one of before the reading stays.
     *
     * @param hasWeights whether each id is followed by weights, as in the trainer's format 2
     * @return whether the champion, or that there is none, is as it was written
     */
    boolean read(DataInput in, boolean hasWeights) throws IOException {
        Optional<String> championId = readId(in, hasWeights);
        Optional<String> predecessorId = readId(in, hasWeights);
        Optional<Release> stored = championId.flatMap(this::load);
        if (stored.isPresent()) {
            if (champion != null) {
                champion.session.close();
            }
            champion = stored.get();
        }
        if (predecessor != null) {
            predecessor.session.close();
            predecessor = null;
        }
        predecessor = predecessorId.flatMap(this::load).orElse(null);
        return stored.isPresent() || championId.isEmpty() && champion == null;
    }

    @Override
    public void close() {
        if (champion != null) {
            champion.session.close();
        }
        if (predecessor != null) {
            predecessor.session.close();
        }
    }

    private static void write(Release release, DataOutput out) throws IOException {
        out.writeBoolean(release != null);
        if (release != null) {
            out.writeUTF(release.id);
        }
    }

    private static Optional<String> readId(DataInput in, boolean hasWeights) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        String id = in.readUTF();
        if (hasWeights) {
            Weights.readAll(in);
        }
        return Optional.of(id);
    }

    private Optional<Release> load(String id) {
        return stored.apply(id).map(session -> new Release(id, session));
    }
}
