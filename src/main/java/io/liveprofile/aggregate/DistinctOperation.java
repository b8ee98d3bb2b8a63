package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;

/**
 * Number of distinct values of a field, from Apache DataSketches' HLL sketch. Rounded to a whole number; exact up to
 * 2^(lgK - 3) values (128 at the default lgK 10), beyond that with a relative standard error of 1.04 / sqrt(2^lgK)
 * (3.3 %). A tile takes 8 + 4 bytes a value while exact, 2^lgK + 40 bytes beyond.
 */
final class DistinctOperation extends Operation<DistinctOperation.Distinct> {
    static final int DEFAULT_LG_K = 10;

    static final class Distinct {
        private HllSketch sketch;
        /** The value added last: one session or device comes many times in a row. Not part of the state. */
        private String last;

        private Distinct(HllSketch sketch) {
            this.sketch = sketch;
        }
    }

    private final Function<BehaviorEvent, String> field;
    private final int lgK;

    DistinctOperation(Function<BehaviorEvent, String> field, int lgK) {
        this.field = field;
        this.lgK = lgK;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return field.apply(event) != null;
    }

    @Override
    public Distinct create() {
        return new Distinct(new HllSketch(lgK, TgtHllType.HLL_8));
    }

    @Override
    public boolean add(Distinct partial, BehaviorEvent event) {
        String value = field.apply(event);
        if (value.equals(partial.last)) {
            return false;
        }
        partial.sketch.update(value);
        partial.last = value;
        return true;
    }

    @Override
    public void merge(Distinct into, Distinct later) {
        into.sketch = mergeAll(List.of(into, later)).sketch;
    }

    @Override
    public Distinct mergeAll(List<Distinct> partials) {
        Union union = new Union(lgK);
        for (Distinct partial : partials) {
            union.update(partial.sketch);
        }
        return new Distinct(union.getResult(TgtHllType.HLL_8));
    }

    @Override
    public double number(Distinct partial, long nowMillis) {
        // The composite estimate depends on what was seen alone, not on the order or on how tiles were merged.
        return Math.rint(partial.sketch.getCompositeEstimate());
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    public void write(Distinct partial, Encoder out) throws IOException {
        out.writeBytes(partial.sketch.toCompactByteArray());
    }

    @Override
    public Distinct read(Decoder in) throws IOException {
        ByteBuffer bytes = in.readBytes(null);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new Distinct(HllSketch.heapify(Memory.wrap(copy)));
    }
}
