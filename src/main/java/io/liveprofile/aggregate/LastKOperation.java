package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The last k values of a field, newest first; of two events at one time the one that came later is the newer. Repeats stay,
 * or of each value only the newest does. Exact but for texts longer than 256 characters, which are cut. At most k values
 * and times.
 */
final class LastKOperation extends HistoryOperation<LastKOperation.Newest> {
    private static final int OBJECT_BYTES = 80;

    /** Times in descending order, and the value of each. */
    static final class Newest {
        private long[] times;
        private TextList values;

        private Newest(long[] times, TextList values) {
            this.times = times;
            this.values = values;
        }

        /** How many events lie at {@code since} or later. */
        private int from(long since) {
            int count = values.size();
            while (count > 0 && times[count - 1] < since) {
                count--;
            }
            return count;
        }
    }

    private final Function<BehaviorEvent, String> field;
    private final int k;
    private final boolean isDistinct;

    private LastKOperation(Function<BehaviorEvent, String> field, int k, boolean isDistinct) {
        this.field = field;
        this.k = k;
        this.isDistinct = isDistinct;
    }

    static LastKOperation all(Function<BehaviorEvent, String> field, int k) {
        return new LastKOperation(field, k, false);
    }

    static LastKOperation distinct(Function<BehaviorEvent, String> field, int k) {
        return new LastKOperation(field, k, true);
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
    Newest create() {
        return new Newest(new long[k], TextList.EMPTY);
    }

    @Override
    void add(Newest newest, BehaviorEvent event, long since) {
        long time = event.getEventTime();
        byte[] value = TextList.encodeShortened(field.apply(event));
        int known = isDistinct ? newest.values.indexOf(value) : -1;
        if (known >= 0) {
            if (newest.times[known] > time) {
                return;
            }
            remove(newest, known);
        }
        int kept = newest.values.size();
        int position = 0;
        while (position < kept && newest.times[position] > time) {
            position++;
        }
        if (position < k) {
            System.arraycopy(newest.times, position, newest.times, position + 1, Math.min(kept, k - 1) - position);
            newest.times[position] = time;
            newest.values = newest.values.with(position, value, k);
        }
    }

    @Override
    TextList list(Newest newest, long since) {
        return newest.values.first(newest.from(since));
    }

    @Override
    void write(Newest newest, long since, Encoder out) throws IOException {
        int kept = newest.from(since);
        newest.values.first(kept).write(out);
        long previous = 0;
        for (int i = 0; i < kept; i++) {
            out.writeLong(newest.times[i] - previous);
            previous = newest.times[i];
        }
    }

    @Override
    Newest read(int format, Decoder in) throws IOException {
        TextList values = TextList.read(in);
        long[] times = new long[k];
        long previous = 0;
        for (int i = 0; i < values.size(); i++) {
            previous += in.readLong();
            times[i] = previous;
        }
        return new Newest(times, values);
    }

    @Override
    int maxBytes() {
        return OBJECT_BYTES + k * (Long.BYTES + TextList.MAX_TEXT_BYTES);
    }

    @Override
    int memoryBytes(Newest newest) {
        return OBJECT_BYTES + newest.times.length * Long.BYTES + newest.values.encoded().length;
    }

    private static void remove(Newest newest, int index) {
        newest.values = newest.values.without(index);
        System.arraycopy(newest.times, index + 1, newest.times, index, newest.values.size() - index);
    }
}
