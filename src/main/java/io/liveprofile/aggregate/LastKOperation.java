package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * The last k values of a field, newest first; of two events at one time the one that came later is the newer. Repeats
 * stay. Exact but for texts longer than 256 characters, which are cut. At most k values and times a tile.
 */
final class LastKOperation extends Operation<List<LastKOperation.Stamped>> {

    private static final int MAX_LENGTH = 256;

    record Stamped(long time, String value) {}

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
    public List<Stamped> create() {
        return new ArrayList<>(4);
    }

    @Override
    public boolean add(List<Stamped> partial, BehaviorEvent event) {
        insert(partial, new Stamped(event.getEventTime(), shortened(field.apply(event))));
        return true;
    }

    @Override
    public void merge(List<Stamped> into, List<Stamped> later) {
        for (int i = later.size() - 1; i >= 0; i--) {
            insert(into, later.get(i));
        }
    }

    @Override
    public TextList list(List<Stamped> partial) {
        List<String> values = new ArrayList<>(partial.size());
        for (Stamped stamped : partial) {
            values.add(stamped.value());
        }
        return TextList.of(values);
    }

    @Override
    public void write(List<Stamped> partial, Encoder out) throws IOException {
        out.writeInt(partial.size());
        for (Stamped stamped : partial) {
            out.writeLong(stamped.time());
            out.writeString(stamped.value());
        }
    }

    @Override
    public List<Stamped> read(Decoder in) throws IOException {
        int size = in.readInt();
        List<Stamped> partial = new ArrayList<>(size + 1);
        for (int i = 0; i < size; i++) {
            partial.add(new Stamped(in.readLong(), in.readString()));
        }
        return partial;
    }

    private static String shortened(String value) {
        return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH);
    }

    private void insert(List<Stamped> newestFirst, Stamped added) {
        int position = 0;
        while (position < newestFirst.size() && newestFirst.get(position).time() > added.time()) {
            position++;
        }
        if (position < k) {
            newestFirst.add(position, added);
            if (newestFirst.size() > k) {
                newestFirst.remove(k);
            }
        }
    }
}
