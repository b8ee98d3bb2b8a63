package io.liveprofile.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/**
 * The states of keys touched lately, such as users, kept ready in memory before the state backend; those untouched longest
 * give way to new ones and are written back if they changed. Recency is what Zipf-like traffic needs: few keys make most
 * events. Which one gives way is found by second chance (CLOCK: Corbato, "A Paging Experiment with the Multics System",
 * 1968): a hand goes round and takes the first key that was not touched since it last came by, so that a touch is one flag
 * and not a list to relink.
 *
 * <p>Bounded by memory: a state's size is measured when it is read or new, at its 1st, 2nd, 4th, 8th ... touch after that, each
 * time it is written back and when it is passed over, so a state is not much larger than it counts as.
 *
 * <p>Belongs to one subtask's thread. Whoever owns it writes all back before a checkpoint barrier, so the state backend is
 * complete in every snapshot.
 */
final class HotKeys<S> {

    /** A key's state in memory. */
    static final class Hot<S> {
        final S state;
        private final String key;
        private long bytes;
        /** Where it stands in the ring. */
        private int place;
        private boolean isTouched = true;
        private int touches;
        private boolean isChanged;

        private Hot(String key, S state) {
            this.key = key;
            this.state = state;
        }

        void markChanged() {
            isChanged = true;
        }
    }

    private final Map<String, Hot<S>> keys = new HashMap<>();
    private final List<Hot<S>> ring = new ArrayList<>();
    private final long maxBytes;
    private final ToIntFunction<S> memoryBytes;
    private final BiConsumer<String, S> writeBack;
    private int hand;
    private long bytes;

    /**
     * @param maxBytes memory the states may take; one is kept whatever it takes
     * @param memoryBytes what a state takes, roughly
     * @param writeBack writes a changed state to the state backend
     */
    HotKeys(long maxBytes, ToIntFunction<S> memoryBytes, BiConsumer<String, S> writeBack) {
        this.maxBytes = maxBytes;
        this.memoryBytes = memoryBytes;
        this.writeBack = writeBack;
    }

    /** The key's state, or null when it must be read from the state backend and {@link #put}. */
    Hot<S> find(String key) {
        Hot<S> hot = keys.get(key);
        if (hot != null) {
            hot.isTouched = true;
            hot.touches++;
            if ((hot.touches & hot.touches - 1) == 0) {
                measure(hot);
            }
        }
        return hot;
    }

    /** The key's state if it is in memory, else null; does not count as a touch. */
    S peek(String key) {
        Hot<S> hot = keys.get(key);
        return hot == null ? null : hot.state;
    }

    Hot<S> put(String key, S state) {
        Hot<S> added = new Hot<>(key, state);
        measure(added);
        while (bytes > maxBytes && !ring.isEmpty()) {
            evictOne();
        }
        keys.put(key, added);
        added.place = ring.size();
        ring.add(added);
        return added;
    }

    /** Forgets the key, without writing its state. */
    void remove(String key) {
        Hot<S> hot = keys.remove(key);
        if (hot != null) {
            takeOut(hot);
        }
    }

    /** Writes every changed state to the state backend; all stay in memory. */
    void flush() {
        ring.forEach(this::write);
    }

    int size() {
        return ring.size();
    }

    private void evictOne() {
        while (true) {
            hand = hand < ring.size() ? hand : 0;
            Hot<S> hot = ring.get(hand);
            if (!hot.isTouched) {
                write(hot);
                keys.remove(hot.key);
                takeOut(hot);
                return;
            }
            hot.isTouched = false;
            measure(hot);
            hand++;
        }
    }

    /** The last of the ring takes its place. */
    private void takeOut(Hot<S> hot) {
        bytes -= hot.bytes;
        Hot<S> last = ring.remove(ring.size() - 1);
        if (last != hot) {
            ring.set(hot.place, last);
            last.place = hot.place;
        }
    }

    private void write(Hot<S> hot) {
        if (hot.isChanged) {
            writeBack.accept(hot.key, hot.state);
            hot.isChanged = false;
            measure(hot);
        }
    }

    private void measure(Hot<S> hot) {
        bytes -= hot.bytes;
        hot.bytes = memoryBytes.applyAsInt(hot.state);
        bytes += hot.bytes;
    }
}
