package io.liveprofile.training;

import io.liveprofile.model.MlpSession;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/** The release that serves and the one before it, with their weights. Owns their sessions. */
final class Champions implements AutoCloseable {
    private final Supplier<MlpSession> sessions;
    private Release champion;
    private Release predecessor;

    private record Release(String id, MlpSession session) {}

    /** @param sessions makes sessions of the model's graph */
    Champions(Supplier<MlpSession> sessions) {
        this.sessions = sessions;
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

    void write(DataOutput out) throws IOException {
        write(champion, out);
        write(predecessor, out);
    }

    void read(DataInput in) throws IOException {
        close();
        champion = readRelease(in);
        predecessor = readRelease(in);
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
            Weights.write(release.session.readAll(), out);
        }
    }

    private Release readRelease(DataInput in) throws IOException {
        return in.readBoolean() ? new Release(in.readUTF(), with(Weights.readAll(in))) : null;
    }
}
