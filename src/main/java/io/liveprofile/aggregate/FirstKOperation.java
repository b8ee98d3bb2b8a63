package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The first k values of a field in a window, oldest first; of two events at one time the one that came first is the older.
 * Repeats stay. Exact but for texts longer than 256 characters, which are cut.
 */
final class FirstKOperation extends PartialOperation<FirstKOperation.Oldest> {
    private static final int OBJECT_BYTES = 80;

    /** Times in ascending order, and the value of each. */
    static final class Oldest {
        private long[] times = new long[0];
        private TextList values = TextList.EMPTY;
    }

    private final Function<BehaviorEvent, String> field;
    private final int k;

    FirstKOperation(Function<BehaviorEvent, String> field, int k) {
        this.field = field;
        this.k = k;
    }

    @Override
    public Kind kind() {
        return Kind.LIST;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return field.apply(event) != null;
    }

    @Override
    Oldest create() {
        return new Oldest();
    }

    @Override
    void add(Oldest oldest, BehaviorEvent event) {
        int position = oldest.times.length;
        while (position > 0 && oldest.times[position - 1] > event.getEventTime()) {
            position--;
        }
        if (position < k) {
            insert(oldest, position, event.getEventTime(), TextList.encodeShortened(field.apply(event)));
        }
    }

    @Override
    void merge(Oldest oldest, Oldest later) {
        for (int i = 0; i < later.times.length && oldest.times.length < k; i++) {
            byte[] value = Arrays.copyOfRange(
                    later.values.encoded(), later.values.offset(i), later.values.offset(i + 1));
            insert(oldest, oldest.times.length, later.times[i], value);
        }
    }

    @Override
    TextList list(Oldest oldest) {
        return oldest.values;
    }

    @Override
    void write(Oldest oldest, Encoder out) throws IOException {
        oldest.values.write(out);
        long previous = 0;
        for (long time : oldest.times) {
            out.writeLong(time - previous);
            previous = time;
        }
    }

    @Override
    Oldest read(int format, Decoder in) throws IOException {
        Oldest oldest = new Oldest();
        oldest.values = TextList.read(in);
        oldest.times = new long[oldest.values.size()];
        long previous = 0;
        for (int i = 0; i < oldest.times.length; i++) {
            previous += in.readLong();
            oldest.times[i] = previous;
        }
        return oldest;
    }

    @Override
    int maxBytes() {
        return k * (10 + TextList.MAX_TEXT_BYTES) + 10;
    }

    @Override
    int memoryBytes(Oldest oldest) {
        return OBJECT_BYTES + oldest.times.length * Long.BYTES + oldest.values.encoded().length;
    }

    private void insert(Oldest oldest, int position, long time, byte[] value) {
        int kept = oldest.times.length;
        long[] times = Arrays.copyOf(oldest.times, Math.min(kept + 1, k));
        System.arraycopy(oldest.times, position, times, position + 1, times.length - position - 1);
        times[position] = time;
        oldest.times = times;
        oldest.values = oldest.values.with(position, value, k);
    }
}
