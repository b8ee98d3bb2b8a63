package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The most frequent values of a field with their counts, most frequent first. Every value with more than
 * {@code n / (capacity + 1)} of n events is among the counters, {@code capacity} being eight times {@code size}, and a count
 * is too low by at most that; exact while a window holds at most {@code capacity} values. Misra, Gries, "Finding Repeated
 * Elements", 1982; merge and its bound: Agarwal, Cormode, Huang, Phillips, Wei, Yi, "Mergeable Summaries", PODS 2012,
 * sec. 2. It draws no random numbers and knows no hash order, so a replay gives the same counts.
 *
 * <p>Partial: a count by value, as {@link Groups} of one cell a row; that of the rest tells by how much all were lowered.
 */
final class HeavyHittersOperation extends PartialOperation<Groups> {
    private static final int KEPT = 8;

    private final Function<BehaviorEvent, String> field;
    private final int size;
    private final int capacity;

    HeavyHittersOperation(Function<BehaviorEvent, String> field, int size) {
        this.field = field;
        this.size = size;
        this.capacity = size * KEPT;
    }

    @Override
    public Kind kind() {
        return Kind.BREAKDOWN;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        String value = field.apply(event);
        return value != null && !value.isEmpty();
    }

    @Override
    public String keyOf(BehaviorEvent event) {
        return accepts(event) ? TextList.shortened(field.apply(event)) : null;
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    Groups create() {
        return new Groups(1);
    }

    @Override
    void add(Groups counts, BehaviorEvent event) {
        add(counts, keyOf(event), 1);
        lower(counts);
    }

    @Override
    void merge(Groups counts, Groups later) {
        for (int i = 0; i < later.size; i++) {
            add(counts, later.keys[i], later.events(i));
        }
        counts.rest[0] += later.rest[0];
        lower(counts);
    }

    @Override
    NumbersByKey breakdown(Groups counts, long nowMillis) {
        List<Integer> order = counts.heaviestFirst().limit(size).boxed().toList();
        return NumbersByKey.of(
                order.stream().map(i -> counts.keys[i]).toList(),
                order.stream().mapToDouble(counts::events).toArray());
    }

    @Override
    void write(Groups counts, Encoder out) throws IOException {
        out.writeInt(counts.size);
        for (int i = 0; i < counts.size; i++) {
            out.writeString(counts.keys[i]);
            out.writeLong(counts.events(i));
        }
        out.writeLong(counts.rest[0]);
    }

    @Override
    Groups read(int format, Decoder in) throws IOException {
        Groups counts = create();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            counts.insert(i, in.readString());
            counts.cells[i] = in.readLong();
        }
        counts.rest[0] = in.readLong();
        return counts;
    }

    @Override
    int maxBytes() {
        return (capacity + 1) * (TextList.MAX_TEXT_BYTES + 10);
    }

    @Override
    int memoryBytes(Groups counts) {
        return counts.memoryBytes();
    }

    private static void add(Groups counts, String key, long count) {
        int row = counts.find(key);
        if (row < 0) {
            row = -1 - row;
            counts.insert(row, key);
        }
        counts.cells[row] += count;
    }

    /** Takes the count of the first value beyond the capacity from all, so that it and all lighter ones go. */
    private void lower(Groups counts) {
        if (counts.size <= capacity) {
            return;
        }
        long[] sorted = Arrays.copyOf(counts.cells, counts.size);
        Arrays.sort(sorted);
        long less = sorted[counts.size - 1 - capacity];
        counts.rest[0] += less;
        for (int i = counts.size - 1; i >= 0; i--) {
            counts.cells[i] -= less;
            if (counts.cells[i] <= 0) {
                counts.remove(i);
            }
        }
    }
}
