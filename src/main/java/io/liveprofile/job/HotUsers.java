package io.liveprofile.job;

import io.liveprofile.profile.UserState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The users touched last, kept ready in memory before the state backend; the one untouched longest gives way to a new one
 * and is written back if it changed. Least recently used is what Zipf-like traffic needs: few users make most events.
 *
 * <p>Belongs to one subtask's thread. Whoever owns it writes all back before a checkpoint barrier, so the state backend is
 * complete in every snapshot.
 */
final class HotUsers {

    /** A user in memory. */
    static final class Hot {
        final UserState state;
        private boolean isChanged;

        private Hot(UserState state) {
            this.state = state;
        }

        void markChanged() {
            isChanged = true;
        }
    }

    private final LinkedHashMap<String, Hot> users = new LinkedHashMap<>(1024, 0.75f, true);
    private final int capacity;
    private final BiConsumer<String, UserState> writeBack;

    /**
     * @param capacity most users kept, at least 1
     * @param writeBack writes a changed user to the state backend
     */
    HotUsers(int capacity, BiConsumer<String, UserState> writeBack) {
        this.capacity = capacity;
        this.writeBack = writeBack;
    }

    /** The user, or null when he must be read from the state backend and {@link #put}. */
    Hot find(String userId) {
        return users.get(userId);
    }

    Hot put(String userId, UserState state) {
        while (users.size() >= capacity) {
            Iterator<Map.Entry<String, Hot>> oldest = users.entrySet().iterator();
            Map.Entry<String, Hot> evicted = oldest.next();
            oldest.remove();
            write(evicted);
        }
        Hot hot = new Hot(state);
        users.put(userId, hot);
        return hot;
    }

    /** Writes every changed user to the state backend; all stay in memory. */
    void flush() {
        for (Map.Entry<String, Hot> user : users.entrySet()) {
            write(user);
        }
    }

    int size() {
        return users.size();
    }

    private void write(Map.Entry<String, Hot> user) {
        if (user.getValue().isChanged) {
            writeBack.accept(user.getKey(), user.getValue().state);
            user.getValue().isChanged = false;
        }
    }
}
