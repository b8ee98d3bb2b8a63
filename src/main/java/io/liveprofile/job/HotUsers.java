package io.liveprofile.job;

import io.liveprofile.profile.UserState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The users touched lately, kept ready in memory before the state backend; those untouched longest give way to new ones
 * and are written back if they changed. Recency is what Zipf-like traffic needs: few users make most events. Which user
 * gives way is found by second chance (CLOCK: Corbato, "A Paging Experiment with the Multics System", 1968): a hand goes
 * round and takes the first user that was not touched since it last came by, so that a touch is one flag and not a list to
 * relink.
 *
 * <p>Bounded by memory: a user's size is measured when he is read and each time he is written back, so between two
 * checkpoints users may outgrow the bound by what they grew since.
 *
 * <p>Belongs to one subtask's thread. Whoever owns it writes all back before a checkpoint barrier, so the state backend is
 * complete in every snapshot.
 */
final class HotUsers {

    /** A user in memory. */
    static final class Hot {
        final UserState state;
        private final String userId;
        private long bytes;
        private boolean isTouched = true;
        private boolean isChanged;

        private Hot(String userId, UserState state) {
            this.userId = userId;
            this.state = state;
        }

        void markChanged() {
            isChanged = true;
        }
    }

    private final Map<String, Hot> users = new HashMap<>();
    private final List<Hot> ring = new ArrayList<>();
    private final long maxBytes;
    private final BiConsumer<String, UserState> writeBack;
    private int hand;
    private long bytes;

    /**
     * @param maxBytes memory the users may take; one user is kept whatever he takes
     * @param writeBack writes a changed user to the state backend
     */
    HotUsers(long maxBytes, BiConsumer<String, UserState> writeBack) {
        this.maxBytes = maxBytes;
        this.writeBack = writeBack;
    }

    /** The user, or null when he must be read from the state backend and {@link #put}. */
    Hot find(String userId) {
        Hot user = users.get(userId);
        if (user != null) {
            user.isTouched = true;
        }
        return user;
    }

    Hot put(String userId, UserState state) {
        Hot added = new Hot(userId, state);
        measure(added);
        while (bytes > maxBytes && !ring.isEmpty()) {
            evictOne();
        }
        users.put(userId, added);
        ring.add(added);
        return added;
    }

    /** Writes every changed user to the state backend; all stay in memory. */
    void flush() {
        ring.forEach(this::write);
    }

    int size() {
        return ring.size();
    }

    private void evictOne() {
        while (true) {
            hand = hand < ring.size() ? hand : 0;
            Hot user = ring.get(hand);
            if (!user.isTouched) {
                write(user);
                bytes -= user.bytes;
                users.remove(user.userId);
                Hot last = ring.remove(ring.size() - 1);
                if (last != user) {
                    ring.set(hand, last);
                }
                return;
            }
            user.isTouched = false;
            hand++;
        }
    }

    private void write(Hot user) {
        if (user.isChanged) {
            writeBack.accept(user.userId, user.state);
            user.isChanged = false;
            measure(user);
        }
    }

    private void measure(Hot user) {
        bytes -= user.bytes;
        user.bytes = user.state.memoryBytes();
        bytes += user.bytes;
    }
}
