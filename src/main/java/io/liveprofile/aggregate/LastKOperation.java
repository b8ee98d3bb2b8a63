package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The last k values of a field, newest first; of two events at one time the one that came later is the newer. Repeats
 * stay. Exact but for texts longer than 256 characters, which are cut. At most k values and times.
 */
final class LastKOperation extends HistoryOperation<LastKOperation.Newest> {
    private static final int MAX_LENGTH = 256;
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

    LastKOperation(Function<BehaviorEvent, String> field, int k) {
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
    Newest create() {
        return new Newest(new long[k], TextList.EMPTY);
    }

    @Override
    void add(Newest newest, BehaviorEvent event, long since) {
        int kept = newest.values.size();
        int position = 0;
        while (position < kept && newest.times[position] > event.getEventTime()) {
            position++;
        }
        if (position < k) {
            System.arraycopy(newest.times, position, newest.times, position + 1, Math.min(kept, k - 1) - position);
            newest.times[position] = event.getEventTime();
            newest.values = newest.values.with(position, TextList.encode(shortened(field.apply(event))), k);
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
    Newest read(Decoder in) throws IOException {
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
    int memoryBytes(Newest newest) {
        return OBJECT_BYTES + newest.times.length * Long.BYTES + newest.values.encoded().length;
    }

    private static String shortened(String value) {
        return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH);
    }
}
